"""What the editor's page asks and sends while somebody is typing: hints, and drafts that save themselves."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.item_kinds import Translation
from question_bank.item_writing import add_item, save_draft
from question_bank.items import Item, ItemKind, ItemVersion
from tests.bank import Bank
from tests.drafts import OPTIONS, STEM, complete_draft, typed
from tests.personas import Client, Personas

HINTS, DRAFT = "/bank/items/RF-0001/hints", "/bank/items/RF-0001/draft"


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime) -> Item:
    draft, author = complete_draft(), personas.author().id
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", draft, source="written here", by=author, at=at)


def saves(db: Session) -> int:
    return db.scalar(select(func.count()).where(AuditEvent.action == "item.draft_saved")) or 0


def test_hints_tell_about_the_form_as_it_stands_and_write_nothing(
    client: Client, personas: Personas, db: Session, item: Item, bank: Bank
) -> None:
    bank.item(stem=f"{STEM} Say why: {' '.join(OPTIONS)}")
    client.sign_in_as(personas.author())
    page = client.post(HINTS, data=typed(**{"options-1-english": "All of the above", "rationale": ""})).text
    for text in ("Must be mended", "Haladyna", "TF-0001", "the same words", "Write the rationale", "1 similar item"):
        assert text in page
    assert "RF-0001" not in page  # an item is not similar to itself
    db.expire_all()
    assert db.scalars(select(ItemVersion).where(ItemVersion.item_id == item.id)).one().edit_count == 0


def test_essays_about_one_vignette_are_not_called_similar(
    client: Client, personas: Personas, db: Session, bank: Bank
) -> None:
    first, second = bank.vignette(), bank.vignette()
    for essay in (first, second):
        essay.content = {**essay.content, "stimulus": STEM, "prompt": f"What of {essay.item.code}?"}
    db.flush()
    client.sign_in_as(personas.author())
    for set_code, named in ((None, True), (first.item.code, False)):
        first.item.set_code = second.item.set_code = set_code
        assert (second.item.code in client.get(f"/bank/items/{first.item.code}").text) is named


def test_hints_on_what_is_too_long_say_so(client: Client, personas: Personas, item: Item) -> None:
    client.sign_in_as(personas.author())
    assert "Something is too long" in client.post(HINTS, data=typed(stem="x" * 20_001)).text


@pytest.mark.parametrize("address", [HINTS, DRAFT])
def test_only_authors_ask_and_only_about_drafts(
    client: Client, personas: Personas, item: Item, bank: Bank, address: str
) -> None:
    bank.item()
    client.sign_in_as(personas.reviewer())
    assert client.post(address, data=typed()).status_code == 403
    client.sign_in_as(personas.author())
    assert client.post(address.replace("RF-0001", "TF-9999"), data=typed()).status_code == 404
    assert client.post(address.replace("RF", "TF"), data=typed()).status_code in (403, 409)
    assert client.get(address).status_code == 405


def test_a_draft_saves_itself(client: Client, personas: Personas, db: Session, item: Item) -> None:
    client.sign_in_as(personas.author())
    answer = client.post(DRAFT, data=typed(notes="Typed"))
    assert answer.json is not None
    assert (answer.json["edit_count"], answer.json["stood"]) == (
        1,
        {f"options-{row}-stood": id_ for row, id_ in enumerate(["a", "b", "c", "d", ""])},
    )
    assert answer.json["saved"].startswith("Saved at")
    assert db.scalars(select(ItemVersion)).one().notes == "Typed"


def test_what_is_too_long_is_refused_with_a_sentence(client: Client, personas: Personas, item: Item) -> None:
    client.sign_in_as(personas.author())
    answer = client.post(DRAFT, data=typed(stem="x" * 20_001))
    assert answer.status_code == 422
    assert answer.json is not None
    assert "too long" in answer.json["problem"]


def test_a_save_of_somebody_else_is_a_conflict(
    client: Client, personas: Personas, db: Session, at: datetime, item: Item
) -> None:
    other = personas.author(name="Ana Sena")
    save_draft(db, item.latest, complete_draft(notes="Ana's words"), edit_count=0, by=other.id, at=at)
    client.sign_in_as(personas.author())
    answer = client.post(DRAFT, data=typed(notes="My words"))
    assert answer.status_code == 409
    assert answer.json is not None
    assert "Nothing was overwritten" in answer.json["conflict"]
    db.expire_all()
    assert db.scalars(select(ItemVersion)).one().notes == "Ana's words"


def test_a_lost_answer_is_no_conflict(client: Client, personas: Personas, item: Item) -> None:
    client.sign_in_as(personas.author())
    for _attempt in range(2):  # the page never heard of the first one, so it sends the same again
        answer = client.post(DRAFT, data=typed(notes="Typed"))
        assert answer.json is not None
        assert answer.json["edit_count"] == 1


def test_a_stretch_of_writing_is_one_row_of_the_audit_trail(
    db: Session, personas: Personas, item: Item, at: datetime
) -> None:
    ana, ben = personas.author(name="Ana").id, personas.author(name="Ben").id
    for count, (person, minutes) in enumerate([(ana, 0), (ana, 10), (ana, 29), (ana, 31), (ben, 32), (ana, 33)]):
        draft, then = complete_draft(notes=f"{count}"), at + timedelta(minutes=minutes)
        save_draft(db, item.latest, draft, edit_count=count, by=person, at=then, by_itself=True)
    assert saves(db) == 4  # Ana's, Ana's after half an hour, Ben's, and Ana's again
    save_draft(db, item.latest, complete_draft(), edit_count=6, by=ana, at=at + timedelta(minutes=33))
    assert saves(db) == 5  # a pressed button is always told


def test_options_keep_their_translation_after_a_row_was_emptied(
    client: Client, personas: Personas, db: Session, item: Item
) -> None:
    client.sign_in_as(personas.author())
    spanish = {f"options-{row}-spanish": f"Es {row}" for row in range(4)} | {"spanish_stem": "Es"}
    client.post(DRAFT, data=typed(**spanish))
    without_b = spanish | {
        "options-1-english": "",
        "options-1-spanish": "",
        "options-2-english": "Another English text",
    }
    first = client.post(DRAFT, data=typed(**without_b, edit_count=1)).json
    assert first is not None
    client.post(DRAFT, data=typed(**{**without_b, **first["stood"]}, edit_count=2, notes="More"))
    db.expire_all()
    stored = Translation.model_validate(db.scalars(select(ItemVersion)).one().content["translations"]["es"])
    assert stored.texts["b"] == "Es 2"
    assert stored.of["b"] == OPTIONS[2]  # the English that it was made from, which has changed since
