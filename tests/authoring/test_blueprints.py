"""The pages of exam blueprints."""

import re
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.blueprint_plans import load_default
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms import ExamForm
from question_bank.items import ReviewState
from tests.bank import Bank
from tests.personas import Client, Personas

pytestmark = pytest.mark.usefixtures("rules")
SHORT = {"title": "Short", "levels": ["3", "4"], "count-thinking": "3", "minimum-thinking-judgment": "1"}


@pytest.fixture
def author(client: Client, personas: Personas) -> Client:
    client.sign_in_as(personas.author())
    return client


def test_the_list_says_what_the_bank_can_fill(author: Client, bank: Bank) -> None:
    bank.fill(forms=2)
    page = author.get("/bank/blueprints").text
    assert "Part One for every level and track" in page
    assert "up to 2 forms" in page


def test_a_blueprint_shows_need_against_items_in_use(author: Client, db: Session, bank: Bank, at: datetime) -> None:
    bank.item("thinking", "judgment")
    page = author.get(f"/bank/blueprints/{load_default(db, at=at).id}").text
    assert "Thinking: 3 needed, 1 in use, 2 missing." in page
    assert "2 missing" in page
    assert "cannot fill a form by this blueprint yet" in page


def test_a_new_blueprint_is_saved(author: Client, db: Session) -> None:
    response = author.post("/bank/blueprints/new", data=SHORT)
    made = db.scalars(select(ExamBlueprint).where(ExamBlueprint.title == "Short")).one()
    assert response.location == f"/bank/blueprints/{made.id}"
    assert made.counts == {"thinking": 3}
    assert made.minimums == {("thinking", "judgment"): 1}


def test_a_copy_starts_from_the_numbers_of_the_other(author: Client, db: Session, at: datetime) -> None:
    page = author.get(f"/bank/blueprints/new?copy={load_default(db, at=at).id}").text
    assert 'value="Copy of Part One for every level and track"' in page
    assert 'name="count-theoretical-foundations" required' not in page
    assert 'value="22"' in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Give the blueprint a title."),
        ({"count-thinking": "many"}, "Not a valid integer value."),
        ({"count-thinking": "-1"}, "Give a whole number from 0 to 200."),
        ({"minimum-thinking-judgment": "4"}, "Thinking: the minimums of its terms add up to 4"),
        ({"title": "Part One for every level and track"}, "Another blueprint is called"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(author: Client, change: dict[str, str], sentence: str) -> None:
    page = author.post("/bank/blueprints/new", data={**SHORT, **change}).text
    assert sentence in page
    assert 'id="minimum-thinking-judgment"' in page
    assert 'value="3"' in page


def test_an_edit_is_saved(author: Client, db: Session, at: datetime) -> None:
    blueprint = load_default(db, at=at)
    assert 'value="22"' in author.get(f"/bank/blueprints/{blueprint.id}/edit").text
    author.post(f"/bank/blueprints/{blueprint.id}/edit", data=SHORT)
    assert (blueprint.title, blueprint.total) == ("Short", 3)


def test_a_blueprint_behind_a_sealed_form_cannot_be_edited(author: Client, sealed: ExamForm) -> None:
    number = sealed.blueprint_id
    assert "Make a copy to change it" in author.get(f"/bank/blueprints/{number}").text
    assert "A sealed form follows" in author.post(f"/bank/blueprints/{number}/edit", data=SHORT).text


@pytest.mark.parametrize("path", ["", "/new", "/1", "/1/edit"])
def test_only_the_exam_committee_sees_blueprints(client: Client, personas: Personas, path: str) -> None:
    client.sign_in_as(personas.administrator())
    assert client.get(f"/bank/blueprints{path}").status_code == 403


def test_what_is_not_there_is_not_found_and_the_list_takes_no_post(author: Client) -> None:
    assert author.get("/bank/blueprints/99").status_code == 404
    assert author.get("/bank/blueprints/99/edit").status_code == 404
    assert author.post("/bank/blueprints").status_code == 405


def test_progress_says_for_each_level_what_there_is_and_what_is_missing(
    client: Client, personas: Personas, bank: Bank, db: Session, at: datetime
) -> None:
    number = load_default(db, at=at).id
    bank.item("reflection", "curiosity", levels=[4])
    bank.item("reflection", "curiosity", levels=[4], state=ReviewState.APPROVED)
    client.sign_in_as(personas.reviewer())
    page = client.get(f"/bank/blueprints/{number}/progress?level=4").text
    assert re.search(r"Reflection: \d+ needed, 2 approved, 1 in use, \d+ missing\.", page)
    empty = client.get(f"/bank/blueprints/{number}/progress?level=99").text
    assert "Progress at level 3" in empty
    assert "0 approved" in empty
