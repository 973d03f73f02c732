"""The editor of each kind of question: what is typed is what is stored, shown again, previewed and compared."""

from datetime import datetime
from html import unescape
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from question_bank.framework import current_framework
from question_bank.item_kinds import QUESTIONS
from question_bank.item_writing import add_item, problems
from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from tests.bank import Bank
from tests.drafts import CONTENTS, OPTIONS, complete_question
from tests.personas import Client, Personas

OPTION_ROWS = {f"options-{row}-english": text for row, text in enumerate(OPTIONS)}
TYPED: dict[ItemKind, dict[str, Any]] = {
    ItemKind.SINGLE_BEST_ANSWER: {**OPTION_ROWS, "key": "a"},
    ItemKind.MULTIPLE_RESPONSE: {**OPTION_ROWS, "keys": ["a", "c"], "marking": "partial_with_penalty"},
    ItemKind.TRUE_FALSE: {"key": "a"},
    ItemKind.MATCHING: {
        "premises-0-english": "Secure base",
        "premises-0-match": "a",
        "premises-1-english": "Good enough mother",
        "premises-1-match": "b",
        "options-0-english": "Bowlby",
        "options-1-english": "Winnicott",
        "options-2-english": "Freud",
        "marking": "partial",
    },
    ItemKind.SHORT_TEXT: {"accepted-0": "attachment", "accepted-1": " ", "accepted-2": "el apego"},
}
TAGS = {
    "area": "reflection", "levels": ["3", "4"], "primary_term": "curiosity", "rationale": "Because.",
    "reference": "A book.",
}  # fmt: skip
# What the page of the item shows of the key.
KEYS = {
    ItemKind.SINGLE_BEST_ANSWER: ["A · What happens before"],
    ItemKind.MULTIPLE_RESPONSE: [
        "Choose all that apply.",
        "A · What happens before",
        "C · How the baby sleeps",
        "wrong choices take away",
    ],
    ItemKind.TRUE_FALSE: ["The statement is", "True"],
    ItemKind.MATCHING: ["1 – A · Bowlby", "2 – B · Winnicott", "Part marks"],
    ItemKind.SHORT_TEXT: ["attachment / el apego"],
}


def typed(kind: ItemKind, **changes: Any) -> dict[str, Any]:
    return {"action": "save", "edit_count": 0, "stem": CONTENTS[kind]["stem"], **TYPED[kind], **TAGS, **changes}


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime, request: pytest.FixtureRequest) -> Item:
    """A complete item of the kind that the test names."""
    kind = request.node.callspec.params["kind"]
    author = personas.author().id
    return add_item(db, kind, "RF", complete_question(kind), source="written here", by=author, at=at)


def fields_of(page: TestResponse) -> dict[str, list[str]]:
    """What the editor would post as it stands."""
    form = next(form for form in html.fromstring(page.text).forms if form.get("id") == "editor")
    values = form.form_values()
    return {name: [value for other, value in values if other == name] for name, _value in values}


def latest(db: Session) -> ItemVersion:
    db.expire_all()
    return db.scalars(select(ItemVersion).order_by(ItemVersion.id.desc())).first() or pytest.fail("nothing stored")


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("kind", QUESTIONS)
def test_what_is_typed_is_stored(client: Client, personas: Personas, db: Session, kind: ItemKind) -> None:
    client.sign_in_as(personas.author())
    client.post("/bank/items/new", data={"kind": kind.value, "area": "reflection"})
    assert client.post("/bank/items/RF-0001/edit", data=typed(kind)).status_code == 302
    content = QUESTIONS[kind].model_validate(latest(db).content)
    assert content == QUESTIONS[kind].model_validate(CONTENTS[kind])
    assert problems(latest(db), current_framework(db)) == []


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_page_of_the_item_shows_question_key_and_reason(
    client: Client, personas: Personas, item: Item, kind: ItemKind
) -> None:
    client.sign_in_as(personas.author())
    page = unescape(client.get("/bank/items/RF-0001").text)
    for text in (CONTENTS[kind]["stem"], "Curiosity comes before advice.", *KEYS[kind]):
        assert text in page


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("kind", QUESTIONS)
def test_opened_and_saved_nothing_changes(
    client: Client, personas: Personas, db: Session, item: Item, kind: ItemKind
) -> None:
    client.sign_in_as(personas.author())
    page = client.get("/bank/items/RF-0001/edit")
    before = QUESTIONS[kind].model_validate(latest(db).content)
    assert client.post("/bank/items/RF-0001/edit", data=fields_of(page) | {"action": "save"}).status_code == 302
    assert QUESTIONS[kind].model_validate(latest(db).content) == before


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_conflict_shows_the_keys_of_both(
    client: Client, personas: Personas, db: Session, item: Item, kind: ItemKind
) -> None:
    client.sign_in_as(personas.author())
    nothing = {"key": "", "keys": [], "premises-0-match": "", "accepted-0": "", "accepted-2": "bonding"}
    client.post("/bank/items/RF-0001/edit", data=typed(kind))
    page = client.post("/bank/items/RF-0001/edit", data=typed(kind, **nothing))
    assert page.status_code == 409
    assert "<h2>Key</h2>" in page.text


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize(
    ("kind", "name", "rows"),
    [
        (ItemKind.MULTIPLE_RESPONSE, "options", 6),
        (ItemKind.MATCHING, "premises", 5),
        (ItemKind.SHORT_TEXT, "accepted", 4),
    ],
)
def test_one_more_row_saves_nothing(
    client: Client, personas: Personas, db: Session, item: Item, kind: ItemKind, name: str, rows: int
) -> None:
    client.sign_in_as(personas.author())
    fields = fields_of(client.get("/bank/items/RF-0001/edit"))
    page = client.post("/bank/items/RF-0001/edit", data=fields | {"action": f"add_row-{name}", "stem": "Typed"})
    assert {int(field.split("-")[1]) for field in fields_of(page) if field.startswith(f"{name}-")} == set(range(rows))
    assert fields_of(page)["stem"][0].strip() == "Typed"
    assert latest(db).content == CONTENTS[kind]


@pytest.mark.usefixtures("rules")
def test_a_matching_item_keeps_its_pairs_when_rows_were_emptied(
    client: Client, personas: Personas, db: Session
) -> None:
    client.sign_in_as(personas.author())
    client.post("/bank/items/new", data={"kind": "matching", "area": "reflection"})
    without = {
        "options-0-english": "",
        "premises-2-english": "Drive",
        "premises-2-match": "c",
        "premises-0-english": "",
    }
    client.post("/bank/items/RF-0001/edit", data=typed(ItemKind.MATCHING, **without))
    assert latest(db).content["key"] == "1:a,2:b"
    assert [premise["text"] for premise in latest(db).content["premises"]] == ["Good enough mother", "Drive"]


@pytest.mark.usefixtures("rules")
def test_a_line_keeps_its_spanish_and_says_when_it_is_out_of_date(
    client: Client, personas: Personas, db: Session
) -> None:
    client.sign_in_as(personas.author())
    client.post("/bank/items/new", data={"kind": "matching", "area": "reflection"})
    spanish = {"premises-0-spanish": "Base segura"}
    client.post("/bank/items/RF-0001/edit", data=typed(ItemKind.MATCHING, **spanish))
    fields = fields_of(client.get("/bank/items/RF-0001/edit"))
    client.post("/bank/items/RF-0001/edit", data=fields | {"action": "save", "premises-0-english": "A safe haven"})
    page = client.get("/bank/items/RF-0001").text
    assert latest(db).content["translations"]["es"]["of"]["1"] == "Secure base"
    assert "Line 1" in page
    assert "Write every line in Spanish too" in page


@pytest.mark.usefixtures("rules")
def test_versions_are_compared_by_kind(
    client: Client, personas: Personas, db: Session, bank: Bank, at: datetime
) -> None:
    kind = ItemKind.MULTIPLE_RESPONSE
    item, changed = bank.new_item("reflection", kind), {"key": "b,c", "marking": "all_or_nothing"}
    bank.version(item, CONTENTS[kind], "reflection", [3], ReviewState.RETIRED)
    bank.version(item, CONTENTS[kind] | changed, "reflection", [3], ReviewState.APPROVED, number=2)
    client.sign_in_as(personas.author())
    page = client.get("/bank/items/RF-0001/versions").text
    for text in ("<del>A", "<ins>B", "Marking", "<ins>nothing"):
        assert text in page


@pytest.mark.usefixtures("rules")
def test_a_question_keeps_its_vignette_in_both_languages(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    client.post("/bank/items/new", data={"kind": "true_false", "area": "reflection"})
    vignette = {"stimulus": "Ana visits.", "spanish_stimulus": "Ana visita.", "spanish_stem": "Es así."}
    client.post("/bank/items/RF-0001/edit", data=typed(ItemKind.TRUE_FALSE, **vignette))
    fields = fields_of(client.get("/bank/items/RF-0001/edit"))
    client.post("/bank/items/RF-0001/edit", data=fields | {"action": "save", "notes": "More"})
    assert latest(db).content["stimulus"] == "Ana visits."
    assert latest(db).content["translations"]["es"]["texts"] == {"stimulus": "Ana visita.", "stem": "Es así."}
    assert client.get("/bank/items/RF-0001").text.count("Ana visits.") == 1


@pytest.mark.usefixtures("rules")
def test_kinds_of_vignettes_are_called_what_the_reader_calls_them(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    client.post("/language", data={"locale": "es"})
    address = client.post("/bank/items/new", data={"kind": "essay", "area": "reflection"}).location
    page = client.get(address).text
    assert '<option value="supervisory">De supervisión</option>' in page
    assert "Supervisory" not in page
