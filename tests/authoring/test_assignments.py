"""Reviews given out fairly, on pages."""

import re
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from question_bank.assignments import ReviewAssignment
from question_bank.expertise import areas_known
from question_bank.items import ItemVersion, ReviewState
from tests.bank import Bank
from tests.personas import Client, Personas
from tests.statements import statements_for

pytestmark = pytest.mark.usefixtures("rules")
FROM_QUEUE = "/bank/chosen/reviewers?unasked=1"
DAY = "2027-04-01"


@pytest.fixture
def reviewers(personas: Personas) -> list[User]:
    return [personas.reviewer(name=name) for name in ("Ana Baca", "Leo Chee", "Rosa Lujan")]


@pytest.fixture
def waiting(bank: Bank, reviewers: list[User]) -> list[ItemVersion]:
    return [bank.item(state=ReviewState.CONTENT_REVIEW) for _ in range(4)]


def posted(page: str) -> dict[str, str]:
    """What the form of a proposal sends when nothing is changed in it."""
    seen = re.search(r'name="seen"[^>]* value="([0-9a-f]+)"', page)
    rows = re.findall(r'<select[^>]* name="(reviewer-[^"]+)".*?</select>', page, re.DOTALL)
    picked = {}
    for name in rows:
        row = page[page.index(f'name="{name}"') :].partition("</select>")[0]
        chosen = re.search(r'<option selected value="(\d*)"', row)
        picked[name] = chosen[1] if chosen else ""
    return {"due_on": DAY, "seen": seen[1] if seen else "", **picked}


def asked(db: Session) -> list[int]:
    return sorted(db.scalars(select(ReviewAssignment.reviewer_id)))


def test_a_reviewer_says_which_areas_they_know(client: Client, db: Session, reviewers: list[User]) -> None:
    client.sign_in_as(reviewers[0])
    answer = client.post("/bank/my-areas", data={"areas": ["reflection", "thinking"]})
    assert answer.location == "/bank/review"
    assert areas_known(db, [reviewers[0].id])[reviewers[0].id] == {"reflection", "thinking"}
    assert client.post("/bank/my-areas", data={"areas": ["astronomy"]}).status_code == 422
    assert client.get("/bank/my-areas").text.count("checked") == 2


def test_an_administrator_says_it_for_reviewers_only(
    client: Client, db: Session, personas: Personas, reviewers: list[User]
) -> None:
    client.sign_in_as(personas.administrator())
    page = f"/people/{reviewers[0].id}"
    client.post(f"{page}/areas", data={"areas": ["thinking"]})
    assert areas_known(db, [reviewers[0].id])[reviewers[0].id] == {"thinking"}
    assert "Thinking" in client.get(page).text
    assert client.get(f"/people/{personas.author().id}/areas").status_code == 404


def test_what_nobody_was_asked_for_is_shared_out_and_taken_back(
    client: Client, db: Session, reviewers: list[User], waiting: list[ItemVersion]
) -> None:
    client.sign_in_as(reviewers[0])
    assert "not assigned" in client.get("/bank/review").text
    preview = client.get(FROM_QUEUE).text
    assert "4 items wait for a reviewer" in preview
    assert not asked(db)
    client.post(FROM_QUEUE, data=posted(preview))
    given_out = asked(db)
    assert [given_out.count(person.id) for person in reviewers] == [2, 1, 1]
    undo = re.search(r'action="(/bank/changes/\d+/undo)"', client.get("/bank").text)
    assert undo
    client.post(undo[1])
    assert not asked(db)


def test_the_proposal_can_be_changed_within_what_is_allowed(
    client: Client, db: Session, bank: Bank, reviewers: list[User], waiting: list[ItemVersion]
) -> None:
    client.sign_in_as(reviewers[0])
    data, first = posted(client.get(FROM_QUEUE).text), f"reviewer-{waiting[0].item.code}"
    assert client.post(FROM_QUEUE, data={**data, first: str(bank.author_id)}).status_code == 422
    assert client.post(FROM_QUEUE, data={**data, "due_on": "2020-01-01"}).status_code == 422
    nobody = client.post(FROM_QUEUE, data=dict.fromkeys(data, "") | {"due_on": DAY, "seen": data["seen"]})
    assert (nobody.status_code, "Nothing would change" in nobody.text) == (422, True)
    assert not asked(db)
    client.post(FROM_QUEUE, data={**data, **{name: str(reviewers[2].id) for name in data if name.startswith("rev")}})
    assert asked(db) == [reviewers[2].id] * 4


def test_what_has_changed_since_is_looked_at_again(
    client: Client, db: Session, bank: Bank, reviewers: list[User], waiting: list[ItemVersion]
) -> None:
    client.sign_in_as(reviewers[0])
    data = posted(client.get(FROM_QUEUE).text)
    bank.item(state=ReviewState.CONTENT_REVIEW)
    again = client.post(FROM_QUEUE, data=data).text
    assert "is not what you saw" in again
    assert not asked(db)
    client.post(FROM_QUEUE, data=posted(again))
    assert len(asked(db)) == 5


def test_ticked_items_that_need_nobody_are_left_out(
    client: Client, bank: Bank, reviewers: list[User], waiting: list[ItemVersion]
) -> None:
    used = bank.item()
    client.sign_in_as(reviewers[0])
    page = client.get(f"/bank/chosen/reviewers?code={used.item.code}&code={waiting[0].item.code}").text
    assert "1 item waits for a reviewer" in page
    assert "It is not in review." in page
    assert "Nothing waits for a reviewer." in client.get("/bank/chosen/reviewers", follow_redirects=True).text


def test_an_overdue_review_is_said_in_words(
    client: Client, db: Session, reviewers: list[User], waiting: list[ItemVersion], at: datetime
) -> None:
    client.sign_in_as(reviewers[0])
    client.post(FROM_QUEUE, data=posted(client.get(FROM_QUEUE).text))
    assert "overdue" not in client.get("/bank/review").text
    for entry in db.scalars(select(ReviewAssignment)):
        entry.due_on = at.date().replace(day=1)
    assert "overdue" in client.get("/bank/review").text


def test_a_longer_list_takes_no_more_statements(
    client: Client, bank: Bank, reviewers: list[User], waiting: list[ItemVersion]
) -> None:
    client.sign_in_as(reviewers[0])
    few = statements_for(client, FROM_QUEUE), statements_for(client, "/bank/review")
    for _ in range(10):
        bank.item(state=ReviewState.CONTENT_REVIEW)
    assert (statements_for(client, FROM_QUEUE), statements_for(client, "/bank/review")) == few
