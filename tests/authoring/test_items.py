"""The list of the bank, the page of an item, and its editor."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.authoring.downloads import FORMATS, PDF, PDF_WITH_KEYS
from question_bank import rule_documents
from question_bank.audit import AuditEvent
from question_bank.exam_policy import load_default
from question_bank.interchange import read
from question_bank.item_writing import ItemDraft, add_item, save_draft
from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from tests.bank import Bank
from tests.drafts import OPTIONS, STEM, complete_draft, complete_essay, typed
from tests.personas import Client, Personas
from tests.statements import statements_for

CHOICE, ESSAY = ItemKind.SINGLE_BEST_ANSWER, ItemKind.ESSAY


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime) -> Item:
    made = add_item(db, CHOICE, "RF", complete_draft(), source="written here", by=personas.author().id, at=at)
    db.commit()
    return made


def test_the_list_shows_and_filters_items(client: Client, personas: Personas, bank: Bank) -> None:
    bank.item(stem="What helps a father first?")
    bank.vignette()
    client.sign_in_as(personas.reviewer())
    assert {"TF-0001", "RFV-0002"} <= set(client.get("/bank").text.replace("<", " ").replace(">", " ").split())
    found = client.get(
        "/bank?words=father&state=operational&area=theoretical-foundations&level=3&kind=single_best_answer"
    )
    assert "TF-0001" in found.text
    assert "RFV-0002" not in found.text


def test_what_was_searched_for_is_marked_where_it_stands(client: Client, personas: Personas, bank: Bank) -> None:
    bank.item(stem="Does the niña's father <wait>?").notes = "Compare <b>Winnicott</b>."
    client.sign_in_as(personas.reviewer())
    page = client.get("/bank?words=nina").text
    assert "Does the <mark>niña</mark>&#39;s father &lt;wait&gt;?" in page
    assert "Notes:" not in page
    assert "Notes: Compare &lt;b&gt;<mark>Winnicott</mark>&lt;/b&gt;." in client.get("/bank?words=winni").text


def test_a_search_takes_as_many_statements_for_many_items_as_for_few(
    client: Client, personas: Personas, bank: Bank
) -> None:
    client.sign_in_as(personas.author())
    for _ in range(3):
        bank.item(stem="Who asks?")
    few = statements_for(client, "/bank?words=asks&level=3&spanish=none&used=no")
    for _ in range(12):
        bank.item(stem="Who asks?")
    assert statements_for(client, "/bank?words=asks&level=3&spanish=none&used=no") == few


def test_every_filter_keeps_what_was_chosen(client: Client, personas: Personas, bank: Bank) -> None:
    bank.item()
    author = bank.author_id
    asked = (
        "term=reflection/curiosity&track=clinical&responsibility_code=C&competency=RF-01&cognitive_level=recall"
        f"&author={author}&sample=no&spanish=none&used=no"
    )
    client.sign_in_as(personas.reviewer())
    page = client.get(f"/bank?{asked}").text
    assert "Nothing fits this filter" in page
    for value in ("reflection/curiosity", "clinical", "C", "RF-01", "recall", author, "no", "none"):
        assert f'value="{value}" selected' in page
    assert "9 in use" in page


@pytest.mark.parametrize(
    "query",
    [
        "author=99999999999999999999",
        "author=x",
        "sample=perhaps",
        "term=/",
        "term=x",
        "level=99999999999999",
        "state=nonsense",
        "level=x",
        "page=-3",
        "page=99999999999999999999",
        "words=%0B%27",
        "area=%0B",
        "kind=1",
    ],
)
def test_a_senseless_filter_asks_for_nothing(client: Client, personas: Personas, bank: Bank, query: str) -> None:
    bank.item()
    client.sign_in_as(personas.author())
    assert client.get(f"/bank?{query}").status_code == 200


def test_an_empty_bank_says_how_to_begin(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    assert "The bank is empty" in client.get("/bank").text


@pytest.mark.parametrize("page", ["/bank", "/bank/items/RF-0001", "/bank/review"])
def test_candidates_raters_and_administrators_do_not_see_the_bank(
    client: Client, personas: Personas, item: Item, page: str
) -> None:
    assert client.get(page).location.startswith("/sign-in")
    for person in (personas.candidate(), personas.rater(), personas.administrator()):
        client.sign_in_as(person)
        assert client.get(page).status_code == 403


def test_the_page_shows_content_key_and_advice(client: Client, personas: Personas, item: Item) -> None:
    client.sign_in_as(personas.reviewer())
    page = client.get("/bank/items/RF-0001").text
    for text in (STEM, *OPTIONS, "A · What happens before", "Curiosity comes before advice.", "curiosity", "Draft"):
        assert text in page
    assert "Send to review" not in page  # a reviewer who does not write


def test_unknown_items_and_versions_are_not_found(client: Client, personas: Personas, item: Item) -> None:
    client.sign_in_as(personas.author())
    for path in ("TF-9999", "RF-0001?version=2", "RF-0001/edit/x", "%20", "RF-0001%0B"):
        assert client.get(f"/bank/items/{path}").status_code == 404
    assert client.get("/bank/items/TF-9999/edit").status_code == 404
    assert client.post("/bank/items/TF-9999/versions").status_code == 404


@pytest.mark.parametrize("path", ["new", "RF-0001/edit"])
def test_only_authors_write(client: Client, personas: Personas, item: Item, path: str) -> None:
    client.sign_in_as(personas.reviewer())
    assert client.get(f"/bank/items/{path}").status_code == 403
    assert client.post(f"/bank/items/{path}", data=typed()).status_code == 403


def test_where_an_item_came_from_is_said_in_the_language_of_whoever_reads(
    client: Client, personas: Personas, db: Session
) -> None:
    client.sign_in_as(personas.author())
    client.post("/language", data={"locale": "es"})
    address = client.post("/bank/items/new", data={"kind": "essay", "area": "reflection"}).location.removesuffix(
        "/edit"
    )
    assert "escrito aquí" in client.get(address).text
    client.post("/language", data={"locale": "en"})
    assert "written here" in client.get(address).text
    assert db.scalars(select(Item.source)).one() == "written here"


def test_an_author_begins_an_item(client: Client, personas: Personas, db: Session) -> None:
    author = personas.author()
    client.sign_in_as(author)
    response = client.post("/bank/items/new", data={"kind": "essay", "area": "reflection"})
    assert response.location == "/bank/items/RFV-0001/edit"
    assert db.scalars(select(Item)).one().author_id == author.id
    assert client.post("/bank/items/new", data={"kind": "riddle", "area": "x"}).status_code == 422


def test_a_draft_is_written_and_read_back(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    client.post("/bank/items/new", data={"kind": "single_best_answer", "area": "reflection"})
    response = client.post("/bank/items/RF-0001/edit", data=typed())
    assert response.location == "/bank/items/RF-0001"
    assert ItemDraft.of(db.scalars(select(ItemVersion)).one()) == complete_draft()
    page = client.get("/bank/items/RF-0001/edit").text
    assert 'id="key-a" value="a" checked' in page
    assert 'value="curiosity"' in page


def test_empty_option_rows_are_left_out_and_the_key_follows(
    client: Client, personas: Personas, db: Session, item: Item
) -> None:
    client.sign_in_as(personas.author())
    rows = {
        "options-0-english": "",
        "options-1-english": "Wait",
        "options-2-english": " ",
        "options-3-english": "Ask",
        "options-4-english": "Refer",
    }
    client.post("/bank/items/RF-0001/edit", data=typed(**rows, key="d"))
    content = db.scalars(select(ItemVersion)).one().content
    assert [option["text"] for option in content["options"]] == ["Wait", "Ask", "Refer"]
    assert content["key"] == "b"


def test_the_key_is_what_the_radio_buttons_say(client: Client, personas: Personas, item: Item) -> None:
    client.sign_in_as(personas.author())
    page = client.get(f"/bank/items/{item.code}/edit").text
    controls = [tag for tag in page.split("<input")[1:] if 'name="key"' in tag]
    assert len(controls) == 5
    assert all('type="radio"' in tag for tag in controls)


def test_a_half_written_draft_is_kept(client: Client, personas: Personas, db: Session, item: Item) -> None:
    client.sign_in_as(personas.author())
    client.post("/bank/items/RF-0001/edit", data={"action": "save", "edit_count": 0, "stem": "Which", "area": ""})
    version = db.scalars(select(ItemVersion)).one()
    assert (version.content, version.area, version.terms) == ({"stem": "Which", "options": [], "key": ""}, None, [])
    assert "Choose the area of expertise." in client.get("/bank/items/RF-0001").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"stem": "x" * 20_001},
        {"options-0-english": "x" * 2_001},
        {"area": "astrology"},
        {"levels": "9"},
        {"edit_count": "x"},
    ],
)
def test_what_is_too_long_or_unknown_is_said_beside_the_field(
    client: Client, personas: Personas, db: Session, item: Item, wrong: dict[str, str]
) -> None:
    client.sign_in_as(personas.author())
    response = client.post("/bank/items/RF-0001/edit", data=typed(notes="Still here", **wrong))
    assert response.status_code == 422
    assert "Still here" in response.text
    assert db.scalars(select(ItemVersion)).one().edit_count == 0


def test_control_characters_are_taken_out(client: Client, personas: Personas, db: Session, item: Item) -> None:
    client.sign_in_as(personas.author())
    client.post("/bank/items/RF-0001/edit", data=typed(notes="one\x0b\x7f\r\ntwo <script>"))
    assert db.scalars(select(ItemVersion)).one().notes == "one\ntwo <script>"
    assert "<script>" not in client.get("/bank/items/RF-0001").text.partition("<main")[2]


def test_another_area_offers_its_terms_without_saving(
    client: Client, personas: Personas, db: Session, item: Item
) -> None:
    client.sign_in_as(personas.author())
    page = client.post("/bank/items/RF-0001/edit", data=typed(action="show_terms", area="thinking", stem="Typed"))
    assert "exercising sound judgment" in page.text
    assert "Typed" in page.text
    client.post("/bank/items/RF-0001/edit", data=typed(area="thinking"))
    assert db.scalars(select(ItemVersion)).one().terms == []  # curiosity is a term of reflection


def test_a_stale_page_shows_both_texts_and_overwrites_nothing(
    client: Client, personas: Personas, db: Session, at: datetime, item: Item
) -> None:
    other = personas.author(name="Ana Sena")
    save_draft(db, item.latest, complete_draft(notes="Ana's words"), edit_count=0, by=other.id, at=at)
    client.sign_in_as(personas.author())
    response = client.post("/bank/items/RF-0001/edit", data=typed(notes="My words"))
    assert response.status_code == 409
    for text in ("Ana Sena", "Ana&#39;s words", "My words"):
        assert text in response.text
    assert db.scalars(select(ItemVersion)).one().notes == "Ana's words"
    client.post("/bank/items/RF-0001/edit", data=typed(notes="My words", edit_count=1))
    assert db.scalars(select(ItemVersion)).one().notes == "My words"


def test_what_is_not_a_draft_is_not_edited(client: Client, personas: Personas, bank: Bank) -> None:
    bank.item()
    client.sign_in_as(personas.author())
    for response in (client.get("/bank/items/TF-0001/edit"), client.post("/bank/items/TF-0001/edit", data=typed())):
        assert response.location == "/bank/items/TF-0001"


def test_an_approved_item_gets_a_new_version(client: Client, personas: Personas, bank: Bank, db: Session) -> None:
    bank.item(stem="The first text?")
    client.sign_in_as(personas.author())
    assert client.post("/bank/items/TF-0001/versions").location == "/bank/items/TF-0001/edit"
    assert client.post("/bank/items/TF-0001/versions").status_code == 409
    states = db.scalars(select(ItemVersion.state).order_by(ItemVersion.number))
    assert list(states) == [ReviewState.OPERATIONAL, ReviewState.DRAFT]
    assert "The first text?" in client.get("/bank/items/TF-0001?version=1").text


def essay_typed(**changes: Any) -> dict[str, Any]:
    levels = {
        f"dimensions-0-levels-{n}-{name}": text
        for n in range(4)
        for name, text in (("title", f"Level {n + 1}"), ("descriptor", f"Does it {n + 1}"))
    }
    dimension = {"dimensions-0-code": "insight", "dimensions-0-title": "Insight", **levels}
    return {
        "action": "save", "edit_count": 0, "title": "Ana", "slot": "clinical", "stimulus": "Ana visits.",
        "prompt": "What do you see?", "area": "reflection", "levels": ["3", "4"], "tracks": ["clinical"],
        "primary_term": "curiosity", **dimension, **changes,
    }  # fmt: skip


@pytest.fixture
def essay(db: Session, personas: Personas, at: datetime) -> Item:
    load_default(db, at=at)
    return add_item(db, ESSAY, "RF", complete_essay(), source="written here", by=personas.author().id, at=at)


def test_a_vignette_is_written_with_its_rubric(client: Client, personas: Personas, db: Session, essay: Item) -> None:
    client.sign_in_as(personas.author())
    assert "supervisory" in client.get("/bank/items/RFV-0001/edit").text.lower()
    client.post("/bank/items/RFV-0001/edit", data=essay_typed(title="Beto"))
    assert ItemDraft.of(db.scalars(select(ItemVersion)).one()) == complete_essay(title="Beto")


def test_dimensions_are_added_and_removed_by_buttons(client: Client, personas: Personas, essay: Item) -> None:
    client.sign_in_as(personas.author())
    added = client.post("/bank/items/RFV-0001/edit", data=essay_typed(action="add_dimension", prompt="Typed"))
    assert (added.status_code, added.text.count('<fieldset class="usa-fieldset dimension">')) == (200, 2)
    assert "Typed" in added.text
    removed = client.post("/bank/items/RFV-0001/edit", data=essay_typed(action="remove_dimension-0"))
    assert removed.text.count('<fieldset class="usa-fieldset dimension">') == 0
    assert client.post("/bank/items/RFV-0001/edit", data=essay_typed(action="remove_dimension-9")).status_code == 200


def test_a_new_dimension_gets_a_code_of_its_own(client: Client, personas: Personas, db: Session, essay: Item) -> None:
    client.sign_in_as(personas.author())
    more = {"dimensions-3-code": "", "dimensions-3-title": "Planning", "dimensions-7-title": "Listening"}
    client.post("/bank/items/RFV-0001/edit", data=essay_typed(**more))
    rubric = db.scalars(select(ItemVersion)).one().content["rubric"]
    assert [dimension["code"] for dimension in rubric["dimensions"]] == ["insight", "dimension-1", "dimension-2"]
    assert rule_documents.newest(db, rule_documents.DocumentKind.EXAM_POLICY)
    assert db.scalar(select(func.count()).select_from(ItemVersion)) == 1


def test_a_zero_character_is_refused_before_it_reaches_the_database(
    client: Client, personas: Personas, db: Session, item: Item
) -> None:
    client.sign_in_as(personas.author())
    for response in (
        client.get("/bank/items/RF-0001%00"),
        client.get("/bank?words=%00"),
        client.post("/bank/items/RF-0001/edit", data=typed(notes="one\x00")),
    ):
        assert response.status_code == 400
    assert db.scalars(select(ItemVersion)).one().edit_count == 0


@pytest.mark.parametrize("name", FORMATS)
def test_the_list_is_downloaded_in_every_format(client: Client, personas: Personas, bank: Bank, name: str) -> None:
    bank.item("thinking", "judgment")
    bank.vignette()
    client.sign_in_as(personas.author())
    page = client.get("/bank/export").text
    assert f'value="{name}"' in page
    assert "Rubrics are not in it." in page
    answer = client.post("/bank/export", data={"format": name})
    assert answer.status_code == 200
    assert FORMATS[name].suffix in answer.headers["Content-Disposition"]
    if name not in (PDF, PDF_WITH_KEYS):
        assert len(read(answer.data, "items").items) == 2


def test_a_download_asks_for_a_format(client: Client, personas: Personas, bank: Bank) -> None:
    bank.item("thinking", "judgment")
    client.sign_in_as(personas.author())
    assert client.post("/bank/export", data={"format": "papyrus"}).status_code == 422


def test_the_list_is_downloaded_as_filtered_and_the_trail_notes_it(
    client: Client, personas: Personas, db: Session, bank: Bank
) -> None:
    bank.item("thinking", "judgment")
    bank.item("reflection", "curiosity")
    bank.vignette()
    client.sign_in_as(personas.author())
    answer = client.post("/bank/export?area=thinking", data={"format": "xlsx"})
    assert "items-2027-03-15.xlsx" in answer.headers["Content-Disposition"]
    rows = list(load_workbook(BytesIO(answer.data)).active.values)  # type: ignore[union-attr]
    assert [row[0] for row in rows] == ["code", "TH-0001"]
    event = db.scalars(select(AuditEvent).where(AuditEvent.action == "items.exported")).one()
    assert event.details == {"count": 1}
    empty = client.get("/bank/export?state=draft", follow_redirects=True)
    assert "There is no item in this list." in empty.text
    client.sign_in_as(personas.reviewer())
    assert client.post("/bank/export").status_code == 403
