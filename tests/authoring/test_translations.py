"""Items in Spanish beside the English: the editor, the mark when the English has changed, and what pages show."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.item_writing import add_item, save_draft
from question_bank.items import ItemKind, ItemVersion
from question_bank.translations import outdated, spanish_in
from tests.drafts import OPTIONS, STEM, complete_draft, complete_essay, typed
from tests.personas import Client, Personas

SPANISH = {
    "stem": "¿Por qué pregunta primero?",
    "a": "Qué pasa antes",
    "b": "Quién está",
    "c": "Cómo duerme",
    "d": "Cuándo",
}
OUT_OF_DATE = "The Spanish text is out of date"


def in_both(**changes: Any) -> dict[str, Any]:
    options = {f"options-{row}-spanish": SPANISH[letter] for row, letter in enumerate("abcd")}
    return typed(**{"spanish_stem": SPANISH["stem"], **options, **changes})


@pytest.fixture
def author(client: Client, db: Session, personas: Personas, at: datetime) -> Client:
    """An author, and an item that they have translated."""
    by = personas.author()
    add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(), source="written here", by=by.id, at=at)
    db.commit()
    client.sign_in_as(by)
    save(client, in_both(), edit_count=0)
    return client


def save(client: Client, form: dict[str, Any], **changes: Any) -> str:
    response = client.post("/bank/items/RF-0001/edit", data={**form, **changes}, follow_redirects=True)
    assert response.status_code == 200
    return response.text


def stored(db: Session) -> ItemVersion:
    return db.scalars(select(ItemVersion)).one()


def old_places(db: Session) -> list[str]:
    content = stored(db).content
    spanish = spanish_in(content)
    assert spanish
    english = {"stem": content["stem"]} | {option["id"]: option["text"] for option in content["options"]}
    return outdated(spanish, english)


def test_the_spanish_is_written_beside_the_english(author: Client, db: Session) -> None:
    assert stored(db).content["translations"]["es"]["texts"] == SPANISH
    page, editor = author.get("/bank/items/RF-0001").text, author.get("/bank/items/RF-0001/edit").text
    for words in (STEM, *OPTIONS, *SPANISH.values()):
        assert words in page
        assert words in editor
    assert OUT_OF_DATE not in page + editor
    assert 'class="prose" lang="es"' in page


def test_an_item_needs_no_spanish(author: Client, db: Session) -> None:
    save(author, typed(), edit_count=1)
    assert stored(db).content == complete_draft().content


def test_a_change_of_the_english_puts_the_spanish_out_of_date(author: Client, db: Session) -> None:
    page = save(author, in_both(stem=STEM.replace("first", "soonest")), edit_count=1)
    editor = author.get("/bank/items/RF-0001/edit").text
    for text in (page, editor):
        assert OUT_OF_DATE in text
        assert "<del>first?</del><ins>soonest?</ins>" in text
    assert old_places(db) == ["stem"]
    assert OUT_OF_DATE not in save(author, in_both(), edit_count=2)  # the English is what it was again


def test_the_mark_goes_when_the_spanish_follows_or_is_said_to_be_right(author: Client, db: Session) -> None:
    changed = {"stem": "What now?", "options-0-english": "What was before"}
    save(author, in_both(**changed, spanish_stem="¿Y ahora?"), edit_count=1)
    assert old_places(db) == ["a"]
    save(author, in_both(**changed, spanish_stem="¿Y ahora?", says_the_same="y"), edit_count=2)
    assert old_places(db) == []


def test_options_keep_their_translation_when_a_row_above_is_emptied(author: Client, db: Session) -> None:
    save(author, in_both(**{"options-3-english": "When it ends"}), edit_count=1)
    gone = {"options-0-english": "", "options-0-spanish": "", "options-3-english": "When it ends", "key": "b"}
    save(author, in_both(**gone), edit_count=2)
    assert stored(db).content["translations"]["es"]["texts"] == {
        "stem": SPANISH["stem"],
        "a": SPANISH["b"],
        "b": SPANISH["c"],
        "c": SPANISH["d"],
    }
    assert old_places(db) == ["c"]  # what was out of date as d


def test_half_a_translation_is_said_beside_the_field_and_before_review(author: Client) -> None:
    page = save(author, in_both(**{"options-3-spanish": ""}), edit_count=1)
    assert "Write every option in Spanish too" in page
    assert "Not in Spanish yet" in author.get("/bank/items/RF-0001/edit").text
    assert author.post("/bank/items/RF-0001/submit").status_code == 409


def test_a_spanish_text_that_is_too_long_is_said_beside_the_field(author: Client, db: Session) -> None:
    response = author.post("/bank/items/RF-0001/edit", data=in_both(edit_count=1, spanish_stem="x" * 20_001))
    assert response.status_code == 422
    assert 'id="spanish_stem-error"' in response.text
    assert SPANISH["d"] in response.text
    assert stored(db).content["translations"]["es"]["texts"] == SPANISH


def test_a_vignette_is_translated_with_its_title(client: Client, db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author()
    add_item(db, ItemKind.ESSAY, "RF", complete_essay(), source="written here", by=by.id, at=at)
    db.commit()
    client.sign_in_as(by)
    texts = {"title": "Ana", "stimulus": "Ana visits.", "prompt": "What do you see?"}
    spanish = {"spanish_title": "Ana en casa", "spanish_stimulus": "Ana visita.", "spanish_prompt": "¿Qué ve usted?"}
    form = {"action": "save", "edit_count": 0, "area": "reflection", "slot": "clinical", **texts, **spanish}
    address = "/bank/items/RFV-0001/edit"
    assert OUT_OF_DATE not in client.post(address, data=form, follow_redirects=True).text
    assert all(words in client.get("/bank/items/RFV-0001").text for words in spanish.values())
    changed = form | {"edit_count": 1, "title": "Ana at home"}
    assert OUT_OF_DATE in client.post(address, data=changed, follow_redirects=True).text


def test_two_drafts_are_compared_in_both_languages(
    author: Client, db: Session, personas: Personas, at: datetime
) -> None:
    save_draft(db, stored(db), complete_draft(), edit_count=1, by=personas.author(name="Ana").id, at=at)
    db.commit()
    page = author.post("/bank/items/RF-0001/edit", data=in_both(edit_count=1)).text
    assert "Option D in Spanish" in page
    assert SPANISH["d"] in page


@pytest.mark.parametrize("width", ["", "?width=phone"])
def test_the_reviewer_reads_both_languages(author: Client, client: Client, personas: Personas, width: str) -> None:
    author.post("/bank/items/RF-0001/submit")
    client.sign_in_as(personas.reviewer())
    page = client.get(f"/bank/review/RF-0001{width}").text
    assert STEM in page
    assert SPANISH["stem"] in page
    assert ("as-on-a-phone" in page) is bool(width)


def test_a_vignette_before_the_question_has_its_spanish_too(author: Client, db: Session) -> None:
    told = in_both(stimulus="Ana is two.", spanish_stimulus="Ana tiene dos años.")
    page = save(author, told, edit_count=1)
    assert "Ana is two." in page
    assert "Ana tiene dos años." in page
    version = stored(db)
    spanish = spanish_in(version.content)
    assert spanish
    assert (version.content["stimulus"], spanish.texts["stimulus"]) == ("Ana is two.", "Ana tiene dos años.")
    save(author, {**told, "stimulus": "Ana is three."}, edit_count=2)
    assert OUT_OF_DATE in author.get("/bank/items/RF-0001/edit").text
    save(author, {**told, "stimulus": "", "spanish_stimulus": ""}, edit_count=3)
    assert "stimulus" not in spanish_in(stored(db).content).texts  # type: ignore[union-attr]  # it has its Spanish


def test_a_vignette_may_be_written_in_spanish_first(author: Client) -> None:
    save(author, in_both(spanish_stimulus="Ana tiene dos años."), edit_count=1)
    assert "Ana tiene dos años." in author.get("/bank/items/RF-0001/edit").text
    save(author, in_both(stimulus="Ana is two.", spanish_stimulus="Ana tiene dos años."), edit_count=2)
    page = author.get("/bank/items/RF-0001/edit").text
    assert "Ana is two." in page
    assert "Ana tiene dos años." in page
