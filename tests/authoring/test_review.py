"""Sending in, the queue, the decision, retirement."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examapp.accounts.models import Role, User
from examapp.authoring.views.waiting import waiting
from question_bank.bulk_deeds import ask_reviewers
from question_bank.item_search import latest_versions
from question_bank.item_writing import add_item
from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from question_bank.review import Move, move, submit_all
from tests.bank import Bank
from tests.drafts import complete_draft
from tests.personas import Client, Personas
from tests.reviews import ticked


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime) -> Item:
    author = personas.person(Role.AUTHOR, Role.REVIEWER, name="Ana")
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(), source="written here", by=author.id, at=at)


@pytest.fixture
def in_review(db: Session, at: datetime, item: Item) -> Item:
    move(db, item.latest, Move.SUBMIT, by=item.author_id, comment="", at=at)
    return item


def typed(version: ItemVersion, decision: str, comment: str = "", **changes: str) -> dict[str, str]:
    """What a reviewer posts who has ticked the whole checklist."""
    boxes = {f"check_{code}": "y" for code in ticked(version)}
    return {"decision": decision, "comment": comment, "seen": f"{version.number} {version.state}", **boxes, **changes}


def decide(client: Client, item: Item, decision: str, comment: str = "", **changes: str) -> TestResponse:
    return client.post(f"/bank/review/{item.code}", data=typed(item.latest, decision, comment, **changes))


def test_a_decision_counts_only_for_the_version_that_was_read(
    client: Client, personas: Personas, in_review: Item
) -> None:
    client.sign_in_as(personas.reviewer())
    refused = decide(client, in_review, "pass_content", seen="0 content_review")
    assert "has moved on since you read it" in refused.text
    assert in_review.latest.state is ReviewState.CONTENT_REVIEW


def test_an_author_sends_a_finished_item_to_review(client: Client, personas: Personas, item: Item) -> None:
    client.sign_in_as(personas.author())
    assert client.post("/bank/items/RF-0001/submit").location == "/bank/items/RF-0001"
    assert item.latest.state is ReviewState.CONTENT_REVIEW
    assert client.post("/bank/items/RF-0001/submit").status_code == 409


def test_an_unfinished_item_is_not_sent(client: Client, personas: Personas, bank: Bank) -> None:
    bank.item(state=ReviewState.DRAFT)
    client.sign_in_as(personas.author())
    page = client.get("/bank/items/TF-0001").text
    assert "Name the reference that supports the key." in page
    assert "Send to review" not in page
    assert client.post("/bank/items/TF-0001/submit").status_code == 409


def test_two_reviewers_pass_it_one_after_the_other(client: Client, personas: Personas, in_review: Item) -> None:
    client.sign_in_as(personas.reviewer())
    assert "RF-0001" in client.get("/bank/review").text
    assert decide(client, in_review, "approve").status_code == 422  # that is for the second
    assert decide(client, in_review, "pass_content").location == "/bank/review"
    assert in_review.latest.state.value == "editorial_review"
    assert decide(client, in_review, "approve").status_code == 403  # one person, one review
    client.sign_in_as(personas.reviewer())
    assert decide(client, in_review, "approve").location == "/bank/review"
    assert in_review.latest.state is ReviewState.APPROVED
    assert decide(client, in_review, "approve").location == "/bank/items/RF-0001"  # decided already


def test_what_is_not_ticked_is_said_beside_its_box_and_nothing_is_lost(
    client: Client, personas: Personas, in_review: Item
) -> None:
    client.sign_in_as(personas.reviewer())
    data = typed(in_review.latest, "pass_content", "Nearly there.")
    del data["check_tags"]
    refused = client.post("/bank/review/RF-0001", data=data)
    assert refused.status_code == 422
    assert refused.text.count("Tick it when it is true, or send the item back.") == 2  # in the summary and at the box
    assert "Tick every question" not in refused.text  # which would be said of the comment
    assert "Nearly there." in refused.text
    assert refused.text.count(" checked") == len(data) - 2  # the boxes that were ticked, and the decision
    assert in_review.latest.state is ReviewState.CONTENT_REVIEW


def test_sending_back_needs_a_comment_which_its_author_reads(
    client: Client, personas: Personas, db: Session, in_review: Item
) -> None:
    client.sign_in_as(personas.reviewer(name="Ben"))
    refused = decide(client, in_review, "send_back")
    assert refused.status_code == 422
    assert "Write a comment" in refused.text
    assert decide(client, in_review, "send_back", "Two keys.").status_code == 302
    assert in_review.latest.state is ReviewState.SENT_BACK
    page = client.get("/bank/items/RF-0001").text
    assert "Sent back by Ben" in page
    assert "Two keys." in page


@pytest.mark.parametrize("decision", ["", "retire", "submit", "nonsense"])
def test_only_the_two_decisions_can_be_posted(
    client: Client, personas: Personas, in_review: Item, decision: str
) -> None:
    client.sign_in_as(personas.reviewer())
    assert decide(client, in_review, decision, "x").status_code == 422
    assert in_review.latest.state is ReviewState.CONTENT_REVIEW


def test_too_long_a_comment_is_refused_and_kept(client: Client, personas: Personas, in_review: Item) -> None:
    client.sign_in_as(personas.reviewer())
    response = decide(client, in_review, "pass_content", "word " * 1_000)
    assert response.status_code == 422
    assert "word word" in response.text


def test_nobody_reviews_what_they_wrote(client: Client, personas: Personas, db: Session, in_review: Item) -> None:
    author = db.get_one(User, in_review.author_id)
    client.sign_in_as(author)
    assert "Nothing waits for your review" in client.get("/bank/review").text
    assert client.get("/bank/review/RF-0001").status_code == 403
    assert decide(client, in_review, "pass_content").status_code == 403
    client.sign_in_as(personas.author())
    assert decide(client, in_review, "pass_content").status_code == 403  # an author who is no reviewer
    assert client.get("/bank/review/TF-9999").status_code == 403


def test_what_waits_is_counted_for_each(
    client: Client, personas: Personas, db: Session, at: datetime, in_review: Item
) -> None:
    author, reviewer = db.get_one(User, in_review.author_id), personas.reviewer()
    with client.application.test_request_context():
        assert waiting(db, author, at) == []
        assert [(item.count, item.url) for item in waiting(db, reviewer, at)] == [(1, "/bank/review")]
        move(db, in_review.latest, Move.SEND_BACK, by=reviewer.id, comment="Two keys.", at=at)
        assert [item.text for item in waiting(db, author, at)] == ["1 item was sent back to you"]


def test_a_decision_leads_to_the_next_that_waits_and_at_the_end_to_the_queue(
    client: Client, personas: Personas, db: Session, at: datetime, in_review: Item
) -> None:
    second = add_item(
        db,
        ItemKind.SINGLE_BEST_ANSWER,
        "RF",
        complete_draft(stem="What else does she ask?"),
        source="",
        by=in_review.author_id,
        at=at,
    )
    move(db, second.latest, Move.SUBMIT, by=in_review.author_id, comment="", at=at)
    client.sign_in_as(personas.reviewer())
    assert 'href="/bank/review/RF-0002"' in client.get("/bank/review/RF-0001").text
    data = typed(second.latest, "pass_content", then_next="y")
    assert client.post("/bank/review/RF-0001", data=data).location == "/bank/review/RF-0002"
    assert "Decide, then the next" not in client.get("/bank/review/RF-0002").text
    assert client.post("/bank/review/RF-0002", data=data).location == "/bank/review"


def test_the_next_is_what_the_reviewer_was_asked_for(
    client: Client, personas: Personas, bank: Bank, db: Session, at: datetime
) -> None:
    first, second, _unasked = (bank.item(state=ReviewState.CONTENT_REVIEW) for _ in range(3))
    reviewer = personas.reviewer()
    for version, day in ((first, date(2027, 4, 1)), (second, date(2027, 4, 2))):
        ask_reviewers(db, [(version, reviewer.id)], day, by=reviewer.id, at=at)
    client.sign_in_as(reviewer)
    answer = decide(client, first.item, "pass_content", then_next="y")
    assert answer.location == f"/bank/review/{second.item.code}"


def test_a_long_queue_comes_in_pages(client: Client, personas: Personas, db: Session, at: datetime, item: Item) -> None:
    for number in range(27):
        draft = complete_draft(stem=f"What does the specialist ask in visit {number}?")
        add_item(db, ItemKind.SINGLE_BEST_ANSWER, "TH", draft, source="", by=item.author_id, at=at)
    submit_all(db, db.scalars(latest_versions()), by=item.author_id, at=at)
    client.sign_in_as(personas.reviewer())
    assert "Page 1 of 2, 28 in all" in client.get("/bank/review").text
    assert "/bank/review/TH-0027" in client.get("/bank/review?page=2").text
    client.sign_in_as(db.get_one(User, item.author_id))
    assert "See all items in this state: Content review" in client.get("/bank/review").text
