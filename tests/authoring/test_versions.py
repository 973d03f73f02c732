"""The page of an item's versions: what changed, and where each was used."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank.exam_forms import ExamForm
from question_bank.item_writing import ItemDraft, new_version, save_draft
from tests.bank import Bank
from tests.factories import administration
from tests.personas import Client, Personas


@pytest.fixture
def changed(db: Session, bank: Bank, at: datetime) -> None:
    item = bank.item(stem="What helps a father at the first visit?").item
    db.flush()
    draft = new_version(db, item, by=bank.author_id, at=at)
    content = {**draft.content, "stem": "What helps a mother at the second visit?"}
    save_draft(db, draft, ItemDraft(content=content), edit_count=0, by=bank.author_id, at=at)


def test_two_versions_are_compared_word_by_word(client: Client, personas: Personas, changed: None) -> None:
    client.sign_in_as(personas.reviewer())
    page = client.get("/bank/items/TF-0001/versions").text
    for text in ("<del>father</del><ins>mother</ins>", "From version 1 to version 2", "On no exam form yet"):
        assert text in page
    assert "Option A" not in page  # what is the same in both
    assert "From version 1 to version 2" in client.get("/bank/items/TF-0001/versions?from=2&to=1").text


@pytest.mark.parametrize("query", ["from=9&to=x", "from=1&to=1", "from=-1", "to=99999999999999999999"])
def test_a_senseless_choice_still_shows_a_page(client: Client, personas: Personas, changed: None, query: str) -> None:
    client.sign_in_as(personas.author())
    assert client.get(f"/bank/items/TF-0001/versions?{query}").status_code == 200


def test_an_unknown_item_has_no_versions_and_strangers_see_none(
    client: Client, personas: Personas, changed: None
) -> None:
    client.sign_in_as(personas.author())
    assert client.get("/bank/items/TF-9999/versions").status_code == 404
    client.sign_in_as(personas.rater())
    assert client.get("/bank/items/TF-0001/versions").status_code == 403


def test_the_page_says_on_which_form_and_in_which_administration(
    client: Client, personas: Personas, db: Session, sealed: ExamForm, at: datetime
) -> None:
    given, cancelled = (
        administration(db, at, personas.administrator(), title=title, form_sha256=sealed.sealed_sha256)
        for title in ("Spring examination", "Cancelled one")
    )
    cancelled.cancelled_at = at
    code = sealed.part_one[0].item_version.item.code
    client.sign_in_as(personas.author())
    page = client.get(f"/bank/items/{code}/versions").text
    for text in ("Form A", given.title, "There is only one version so far"):
        assert text in page
    assert "Cancelled one" not in page
