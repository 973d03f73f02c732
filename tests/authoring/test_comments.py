"""Comments on pages: said by reviewers, answered by authors, settled; candidates never see any."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from question_bank.item_writing import new_version
from question_bank.items import ItemVersion, ReviewState
from question_bank.review_comments import ReviewComment, answer, remark
from question_bank.review_conflicts import declare
from tests.bank import Bank
from tests.personas import Client, Personas

pytestmark = pytest.mark.usefixtures("rules")
REVIEW, EDIT = "authoring.review_item", "authoring.edit_item"


@pytest.fixture
def version(db: Session, bank: Bank) -> ItemVersion:
    """TF-0001, in review."""
    made = bank.item(state=ReviewState.CONTENT_REVIEW)
    db.flush()
    return made


def said(db: Session) -> list[tuple[str, str]]:
    return [(comment.anchor, comment.text) for comment in db.scalars(select(ReviewComment).order_by(ReviewComment.id))]


def test_a_reviewer_comments_on_a_place_and_is_led_back_to_it(
    client: Client, personas: Personas, db: Session, version: ItemVersion
) -> None:
    client.sign_in_as(personas.reviewer(name="Ben"))
    data = {"version": "1", "anchor": "option:b", "text": "Longer than the others.", "page": REVIEW}
    response = client.post("/bank/items/TF-0001/comments", data=data)
    assert response.location == "/bank/review/TF-0001#at-option-b"
    page = client.get("/bank/review/TF-0001").text
    assert 'id="at-option-b" open' in page
    assert "Longer than the others." in page
    assert said(db) == [("option:b", "Longer than the others.")]


@pytest.mark.parametrize(("change", "status"), [({"text": " "}, 302), ({"version": "7"}, 404), ({"anchor": "x"}, 409)])
def test_nothing_is_said_without_text_version_and_place(
    client: Client, personas: Personas, db: Session, version: ItemVersion, change: dict[str, str], status: int
) -> None:
    client.sign_in_as(personas.reviewer())
    data = {"version": "1", "anchor": "stem", "text": "Unclear.", "page": REVIEW, **change}
    assert client.post("/bank/items/TF-0001/comments", data=data).status_code == status
    assert said(db) == []


def test_the_author_answers_in_the_editor_and_settles(
    client: Client, personas: Personas, db: Session, bank: Bank, version: ItemVersion, at: datetime
) -> None:
    thread = remark(db, version, "stem", "Whose baby?", by=personas.reviewer().id, at=at)
    version.state = ReviewState.SENT_BACK
    new_version(db, version.item, by=bank.author_id, at=at)
    client.sign_in_as(db.get_one(User, bank.author_id))
    page = client.get("/bank/items/TF-0001/edit").text
    assert "1 comment is open" in page
    assert "Said of version 1" in page
    assert "Whose baby?" in page
    client.post(f"/bank/comments/{thread.id}/answers", data={"text": "Ana's.", "page": EDIT})
    response = client.post(f"/bank/comments/{thread.id}/settle", data={"page": EDIT})
    assert response.location == "/bank/items/TF-0001/edit#at-stem"
    assert said(db) == [("stem", "Whose baby?"), ("stem", "Ana's.")]
    assert "Whose baby?" not in client.get("/bank/items/TF-0001/edit").text
    assert "1 settled comment" in client.get("/bank/items/TF-0001?version=1").text


def test_who_neither_asked_nor_wrote_does_not_settle(
    client: Client, personas: Personas, db: Session, bank: Bank, version: ItemVersion, at: datetime
) -> None:
    thread = remark(db, version, "stem", "Unclear.", by=personas.reviewer().id, at=at)
    reply = answer(db, thread, "Where?", by=bank.author_id, at=at)
    client.sign_in_as(personas.reviewer())
    assert f"thread-{thread.id}-settle" not in client.get("/bank/review/TF-0001").text
    assert client.post(f"/bank/comments/{thread.id}/settle").status_code == 403
    assert client.post(f"/bank/comments/{reply.id}/answers", data={"text": "x"}).status_code == 404  # no thread


@pytest.mark.parametrize("role", ["candidate", "rater", "proctor", "administrator"])
def test_comments_are_the_committees(
    client: Client, personas: Personas, db: Session, version: ItemVersion, bank: Bank, at: datetime, role: str
) -> None:
    thread = remark(db, version, "stem", "Unclear.", by=bank.author_id, at=at)
    client.sign_in_as(getattr(personas, role)())
    assert client.get("/bank/items/TF-0001").status_code == 403
    for address in (
        "/bank/items/TF-0001/comments",
        f"/bank/comments/{thread.id}/answers",
        f"/bank/comments/{thread.id}/settle",
    ):
        assert client.post(address, data={"text": "x", "version": "1", "anchor": "stem"}).status_code == 403


def test_a_conflict_is_declared_with_its_reason(
    client: Client, personas: Personas, db: Session, version: ItemVersion
) -> None:
    client.sign_in_as(personas.reviewer(name="Ben"))
    assert "Declare a conflict of interest" in client.get("/bank/review/TF-0001").text
    assert client.post("/bank/items/TF-0001/conflict", data={"reason": " "}).status_code == 422
    client.post("/bank/items/TF-0001/conflict", data={"reason": "The case is my own."})
    assert "Nothing waits for your review" in client.get("/bank/review").text
    assert client.get("/bank/review/TF-0001").status_code == 403
    assert "The case is my own." in client.get("/bank/items/TF-0001").text
    client.sign_in_as(personas.reviewer())
    page = client.get("/bank/items/TF-0001").text
    assert "Conflicts of interest" in page
    assert "The case is my own." not in page


def test_administrators_read_why_in_the_audit_trail(
    client: Client, personas: Personas, db: Session, version: ItemVersion, at: datetime
) -> None:
    declare(db, version.item, reason="The case is my own.", by=personas.reviewer().id, at=at)
    client.sign_in_as(personas.administrator())
    assert "The case is my own." in client.get("/audit").text
