"""Review: who may take which step, and what it leaves behind."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.item_writing import add_item, new_version, save_draft
from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from question_bank.review import (
    MOVES,
    Move,
    Submission,
    hindrances,
    history,
    in_review_for,
    move,
    next_for,
    submit_all,
)
from tests.drafts import complete_draft
from tests.personas import Personas


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime) -> Item:
    author = personas.author()
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(), source="written here", by=author.id, at=at)


def test_an_item_goes_from_draft_to_retirement(db: Session, personas: Personas, at: datetime, item: Item) -> None:
    reviewer = personas.reviewer().id
    for step, by in [(Move.SUBMIT, item.author_id), (Move.APPROVE, reviewer), (Move.RETIRE, reviewer)]:
        move(db, item.latest, step, by=by, comment="Reason.", at=at)
    assert item.latest.state is ReviewState.RETIRED
    assert item.latest.approved_at == item.latest.submitted_at == at
    assert [action.move for action in history(db, item)] == [Move.RETIRE, Move.APPROVE, Move.SUBMIT]
    deeds = db.scalars(select(AuditEvent.action).where(AuditEvent.target_id == item.code))
    assert list(deeds) == ["item.begun", "item.submit", "item.approve", "item.retire"]


@pytest.mark.parametrize("step", Move)
@pytest.mark.parametrize("state", ReviewState)
def test_only_the_moves_of_the_table_are_possible(
    db: Session, personas: Personas, at: datetime, item: Item, state: ReviewState, step: Move
) -> None:
    version = item.latest
    version.state = state
    version.submitted_at = None if state is ReviewState.DRAFT else at
    version.approved_at = at if state in (ReviewState.APPROVED, ReviewState.RETIRED) else None
    db.flush()
    by = item.author_id if step is Move.SUBMIT else personas.reviewer().id
    if (state, step) in MOVES:
        move(db, version, step, by=by, comment="Reason.", at=at)
        assert version.state is MOVES[state, step]
    else:
        with pytest.raises(RuleViolation, match="another state"):
            move(db, version, step, by=by, comment="Reason.", at=at)


@pytest.mark.parametrize("step", [Move.APPROVE, Move.SEND_BACK])
def test_nobody_who_wrote_on_an_item_reviews_it(
    db: Session, personas: Personas, at: datetime, item: Item, step: Move
) -> None:
    editor = personas.reviewer().id
    save_draft(db, item.latest, complete_draft(), edit_count=0, by=editor, at=at)
    save_draft(db, item.latest, complete_draft(), edit_count=1, by=item.author_id, at=at)
    move(db, item.latest, Move.SUBMIT, by=item.author_id, comment="", at=at)
    for writer in (item.author_id, editor):
        with pytest.raises(RuleViolation, match="somebody else"):
            move(db, item.latest, step, by=writer, comment="Fine.", at=at)
    assert item.latest.state is ReviewState.IN_REVIEW


@pytest.mark.parametrize(("before", "step"), [(Move.SUBMIT, Move.SEND_BACK), (Move.APPROVE, Move.RETIRE)])
def test_sending_back_and_retiring_need_a_comment(
    db: Session, personas: Personas, at: datetime, item: Item, before: Move, step: Move
) -> None:
    reviewer = personas.reviewer().id
    move(db, item.latest, Move.SUBMIT, by=item.author_id, comment="", at=at)
    if before is Move.APPROVE:
        move(db, item.latest, Move.APPROVE, by=reviewer, comment="", at=at)
    with pytest.raises(RuleViolation, match="Write a comment"):
        move(db, item.latest, step, by=reviewer, comment="  ", at=at)


def test_an_unfinished_item_is_not_submitted(db: Session, at: datetime, item: Item) -> None:
    save_draft(db, item.latest, complete_draft(reference=""), edit_count=0, by=item.author_id, at=at)
    with pytest.raises(RuleViolation, match="Finish the item first"):
        move(db, item.latest, Move.SUBMIT, by=item.author_id, comment="", at=at)


def test_a_blocking_finding_keeps_an_item_from_review(db: Session, at: datetime, item: Item) -> None:
    draft = complete_draft(options=["Wait", "Ask", "Refer", "All of the above"])
    save_draft(db, item.latest, draft, edit_count=0, by=item.author_id, at=at)
    assert [reason for reason in hindrances(db, item.latest) if "All of the above" in reason]
    with pytest.raises(RuleViolation, match="Finish the item first"):
        move(db, item.latest, Move.SUBMIT, by=item.author_id, comment="", at=at)


def test_an_approved_version_replaces_the_one_before(db: Session, personas: Personas, at: datetime, item: Item) -> None:
    reviewer = personas.reviewer().id
    for number in (1, 2):
        move(db, item.latest, Move.SUBMIT, by=item.author_id, comment="", at=at)
        assert item.approved is (None if number == 1 else item.versions[0])
        move(db, item.latest, Move.APPROVE, by=reviewer, comment="", at=at)
        if number == 1:
            new_version(db, item, by=item.author_id, at=at)
    assert [version.state for version in item.versions] == [ReviewState.RETIRED, ReviewState.APPROVED]
    assert "Replaced by version 2." in [action.comment for action in history(db, item)]


def test_the_queue_holds_what_others_wrote(db: Session, personas: Personas, at: datetime, item: Item) -> None:
    move(db, item.latest, Move.SUBMIT, by=item.author_id, comment="", at=at)
    assert in_review_for(db, personas.reviewer().id) == [item.latest]
    assert in_review_for(db, item.author_id) == []


def add(db: Session, by: int, at: datetime, **changes: Any) -> ItemVersion:
    draft = complete_draft(**changes)
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", draft, source="written here", by=by, at=at).latest


def test_many_drafts_go_together_and_the_unfinished_stay(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    finished, other = add(db, by, at), add(db, by, at, stem="And what does she ask after that?")
    missing = add(db, by, at, rationale="")
    forbidden = add(db, by, at, options=["Ask", "Wait", "All of the above"])
    in_review = add(db, by, at)
    move(db, in_review, Move.SUBMIT, by=by, comment="", at=at)
    result = submit_all(db, [finished, missing, forbidden, other, in_review], by=by, at=at)
    assert result == Submission(["RF-0001", "RF-0002"], ["RF-0003", "RF-0004"])
    assert [version.state for version in (finished, missing, forbidden)] == [
        ReviewState.IN_REVIEW, ReviewState.DRAFT, ReviewState.DRAFT,
    ]  # fmt: skip
    assert finished.submitted_at == at
    assert [action.move for action in history(db, finished.item)] == [Move.SUBMIT]
    assert db.scalar(select(AuditEvent).where(AuditEvent.target_id == "RF-0002", AuditEvent.action == "item.submit"))


def test_the_queue_goes_on_after_each_and_begins_again_behind_the_last(
    db: Session, personas: Personas, at: datetime
) -> None:
    author, reviewer = personas.author().id, personas.reviewer().id
    first, second, third = (
        add(db, author, at, stem=f"What does the specialist ask in visit {number}?") for number in range(3)
    )
    assert next_for(db, reviewer, after=first) is None
    submit_all(db, [first, second, third], by=author, at=at)
    assert next_for(db, reviewer, after=first) is second
    assert next_for(db, reviewer, after=third) is first
    assert next_for(db, author, after=first) is None
