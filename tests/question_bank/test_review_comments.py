"""Comments at the places of an item: threads that stay, and are settled once."""

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.item_writing import new_version
from question_bank.items import ItemVersion, ReviewState
from question_bank.review import Move, move
from question_bank.review_comments import (
    anchors_of,
    answer,
    has_remarked,
    remark,
    settle,
    shown_with,
    threads_of,
)
from tests.bank import Bank
from tests.personas import Personas


@pytest.fixture
def version(db: Session, bank: Bank) -> ItemVersion:
    made = bank.item(state=ReviewState.CONTENT_REVIEW)
    db.flush()
    return made


def test_every_text_of_an_item_is_a_place(bank: Bank, version: ItemVersion) -> None:
    options = [f"option:{letter}" for letter in "abcd"]
    assert anchors_of(version) == ["stem", *options, "key", "rationale", "reference", "tags", "general"]
    vignette = bank.vignette()
    assert anchors_of(vignette) == ["title", "stimulus", "prompt", "rubric:insight", "tags", "general"]


@pytest.mark.parametrize(("anchor", "said"), [("option:e", "x"), ("rubric:insight", "x"), ("stem", "  ")])
def test_a_comment_stands_at_a_place_and_says_something(
    db: Session, version: ItemVersion, bank: Bank, at: datetime, anchor: str, said: str
) -> None:
    with pytest.raises(RuleViolation):
        remark(db, version, anchor, said, by=bank.author_id, at=at)


def test_a_draft_is_not_remarked_on(db: Session, bank: Bank, at: datetime) -> None:
    with pytest.raises(RuleViolation, match="This is a draft"):
        remark(db, bank.item(state=ReviewState.DRAFT), "stem", "Unclear.", by=bank.author_id, at=at)


def test_a_thread_is_answered_and_settled_once(
    db: Session, version: ItemVersion, personas: Personas, bank: Bank, at: datetime
) -> None:
    reviewer, other = personas.reviewer().id, personas.reviewer().id
    first = remark(db, version, "option:b", "Too long.", by=reviewer, at=at)
    answer(db, first, "Shorter now.", by=bank.author_id, at=at)
    (thread,) = threads_of(db, version.item)
    assert [comment.text for comment in thread.comments] == ["Too long.", "Shorter now."]
    with pytest.raises(RuleViolation, match="Only who began"):
        settle(db, first, by=other, at=at)
    settle(db, first, by=bank.author_id, at=at)
    assert (first.settled_by_id, thread.is_open) == (bank.author_id, False)
    with pytest.raises(RuleViolation, match="settled already"):
        settle(db, first, by=reviewer, at=at)
    deeds = db.scalars(select(AuditEvent.action).where(AuditEvent.target_id == version.item.code))
    assert list(deeds) == ["item.commented", "item.commented", "item.comment_settled"]


@pytest.mark.parametrize(
    "change", ["UPDATE review_comment SET text = 'Other'", "DELETE FROM review_comment",
               "UPDATE review_comment SET settled_at = NULL"],
)  # fmt: skip
def test_what_was_said_stays(db: Session, version: ItemVersion, bank: Bank, at: datetime, change: str) -> None:
    settle(db, remark(db, version, "stem", "Unclear.", by=bank.author_id, at=at), by=bank.author_id, at=at)
    with pytest.raises(IntegrityError):
        db.execute(text(change))


def test_an_open_comment_takes_the_place_of_the_overall_one(
    db: Session, version: ItemVersion, personas: Personas, at: datetime
) -> None:
    reviewer, other = personas.reviewer().id, personas.reviewer().id
    remark(db, version, "stem", "Unclear.", by=other, at=at)
    settle(db, remark(db, version, "stem", "A typing error.", by=reviewer, at=at), by=reviewer, at=at)
    assert not has_remarked(db, version, reviewer)
    with pytest.raises(RuleViolation, match="Write a comment"):
        move(db, version, Move.SEND_BACK, by=reviewer, comment="", at=at)
    remark(db, version, "option:a", "Not an answer.", by=reviewer, at=at)
    move(db, version, Move.SEND_BACK, by=reviewer, comment="", at=at)
    assert version.state is ReviewState.SENT_BACK


def test_what_is_open_is_shown_with_the_next_version(
    db: Session, version: ItemVersion, personas: Personas, bank: Bank, at: datetime
) -> None:
    reviewer = personas.reviewer().id
    remark(db, version, "stem", "Unclear.", by=reviewer, at=at)
    done = remark(db, version, "option:a", "Too long.", by=reviewer, at=at)
    settle(db, done, by=reviewer, at=at)
    move(db, version, Move.SEND_BACK, by=reviewer, comment="", at=at)
    draft = new_version(db, version.item, by=bank.author_id, at=at)
    threads = threads_of(db, version.item)
    assert [thread.first.text for thread in shown_with(threads, draft)] == ["Unclear."]
    assert [thread.first.text for thread in shown_with(threads, version)] == ["Unclear.", "Too long."]
