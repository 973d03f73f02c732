"""Review: who may take which step, and what it leaves behind."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.item_writing import add_item, save_draft
from question_bank.items import STANDING, Item, ItemKind, ItemVersion, ReviewState
from question_bank.review import (
    JUDGEMENTS,
    MOVES,
    PASSING,
    Move,
    Submission,
    barred,
    hindrances,
    history,
    move,
    submit_all,
)
from question_bank.review_conflicts import declare, declared
from question_bank.review_queues import in_review_for, next_for
from tests.bank import Bank
from tests.drafts import complete_draft
from tests.personas import Personas
from tests.reviews import approve, take, ticked

DRAFT, CONTENT, EDITORIAL, SENT_BACK, APPROVED, PRETEST, OPERATIONAL, RETIRED = ReviewState


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime) -> Item:
    author = personas.author()
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(), source="written here", by=author.id, at=at)


def test_an_item_goes_through_two_reviews_to_use_and_retirement(
    db: Session, personas: Personas, at: datetime, item: Item
) -> None:
    first, second = personas.reviewer().id, personas.reviewer().id
    way = [
        (Move.SUBMIT, item.author_id), (Move.PASS_CONTENT, first), (Move.APPROVE, second), (Move.TRY_OUT, first),
        (Move.PUT_TO_USE, first), (Move.RETIRE, second),
    ]  # fmt: skip
    for step, by in way:
        take(db, item.latest, step, by=by, at=at)
    assert item.latest.state is RETIRED
    assert item.latest.approved_at == item.latest.submitted_at == at
    found = history(db, item)
    assert [(a.move, a.actor_id) for a in reversed(found)] == way
    assert [a.before for a in reversed(found)] == [DRAFT, CONTENT, EDITORIAL, APPROVED, PRETEST, OPERATIONAL]
    deeds = db.scalars(select(AuditEvent.action).where(AuditEvent.target_id == item.code))
    assert list(deeds) == ["item.begun", *(f"item.{step}" for step, _by in way)]


@pytest.mark.parametrize("step", Move)
@pytest.mark.parametrize("state", ReviewState)
def test_only_the_moves_of_the_table_are_possible(
    db: Session, personas: Personas, at: datetime, item: Item, state: ReviewState, step: Move
) -> None:
    version = item.latest
    version.state = state
    version.submitted_at = None if state is DRAFT else at
    version.approved_at = at if state in (*STANDING, RETIRED) else None
    db.flush()
    by = item.author_id if step is Move.SUBMIT else personas.reviewer().id
    if (state, step) in MOVES:
        take(db, version, step, by=by, at=at)
        assert version.state is MOVES[state, step][0]
    else:
        with pytest.raises(RuleViolation, match="another state"):
            move(db, version, step, by=by, comment="Reason.", at=at)


def test_the_table_leads_from_every_state_and_to_every_state() -> None:
    reached = {state for states in MOVES.values() for state in states}
    assert {state for state, _step in MOVES} == set(ReviewState) - {SENT_BACK}  # from there a new version is written
    assert reached == set(ReviewState) - {DRAFT}
    assert {step for _state, step in MOVES} == set(Move)
    assert {state for state, step in MOVES if step is Move.SEND_BACK} == {CONTENT, EDITORIAL}


IN_WORDS = {PRETEST: "tried out", OPERATIONAL: "in use"}


def test_the_guide_for_reviewers_has_the_same_table() -> None:
    """Whoever changes a step changes the guide; which step it is, its words say."""
    guide = (Path(__file__).parent.parent.parent / "docs" / "guides" / "reviewer.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", guide, re.MULTILINE)[1:]
    told = sorted((start, ends) for starts, ends in rows for start in starts.split(", "))

    def word(state: ReviewState) -> str:
        return IN_WORDS.get(state, state.value.replace("_", " "))

    assert told == sorted((word(state), ", ".join(map(word, ends))) for (state, _step), ends in MOVES.items())


@pytest.mark.parametrize("steps", [[], [Move.TRY_OUT], [Move.PUT_TO_USE], [Move.TRY_OUT, Move.PUT_TO_USE]])
def test_what_is_undone_leads_back_to_where_it_began(
    db: Session, personas: Personas, at: datetime, item: Item, steps: list[Move]
) -> None:
    reviewer, version = personas.reviewer().id, item.latest
    approve(db, version, personas, at)
    stood = [version.state]
    for step in steps:
        take(db, version, step, by=reviewer, at=at)
        stood.append(version.state)
    take(db, version, Move.RETIRE, by=reviewer, at=at)
    take(db, version, Move.RESTORE, by=reviewer, at=at)
    assert version.state is stood[-1]


def test_taking_back_leads_to_the_state_before(db: Session, personas: Personas, at: datetime, item: Item) -> None:
    reviewer = personas.reviewer().id
    approve(db, item.latest, personas, at)
    for step in (Move.TRY_OUT, Move.PUT_TO_USE, Move.TAKE_BACK):
        take(db, item.latest, step, by=reviewer, at=at)
    assert item.latest.state is PRETEST
    take(db, item.latest, Move.TAKE_BACK, by=reviewer, at=at)
    assert item.latest.state is APPROVED


STATE_BEFORE = {
    Move.PASS_CONTENT: CONTENT, Move.APPROVE: EDITORIAL, Move.SEND_BACK: EDITORIAL, Move.TRY_OUT: APPROVED,
    Move.PUT_TO_USE: PRETEST,
}  # fmt: skip


@pytest.mark.parametrize("step", sorted(JUDGEMENTS))
def test_nobody_who_wrote_on_an_item_judges_it(
    db: Session, personas: Personas, at: datetime, bank: Bank, step: Move
) -> None:
    item = bank.item(state=DRAFT).item
    editor, near, other = (personas.reviewer().id for _ in range(3))
    save_draft(db, item.latest, complete_draft(), edit_count=0, by=editor, at=at)
    save_draft(db, item.latest, complete_draft(), edit_count=1, by=bank.author_id, at=at)
    declare(db, item, reason="She taught me.", by=near, at=at)
    item.latest.state, item.latest.submitted_at, item.latest.approved_at = STATE_BEFORE[step], at, at
    db.flush()
    assert barred(db, item.latest) == {bank.author_id, editor, near}
    for person in (bank.author_id, editor, near):
        with pytest.raises(RuleViolation, match="somebody else"):
            take(db, item.latest, step, by=person, at=at)
    take(db, item.latest, step, by=other, at=at)


@pytest.mark.parametrize("step", [Move.APPROVE, Move.SEND_BACK])
def test_the_second_review_is_by_somebody_else(
    db: Session, personas: Personas, at: datetime, item: Item, step: Move
) -> None:
    first, second = personas.reviewer().id, personas.reviewer().id
    take(db, item.latest, Move.SUBMIT, by=item.author_id, at=at)
    assert in_review_for(db, first) == [item.latest]
    take(db, item.latest, Move.PASS_CONTENT, by=first, at=at)
    assert (in_review_for(db, first), in_review_for(db, second)) == ([], [item.latest])
    assert barred(db, item.latest) == {item.author_id, first}
    with pytest.raises(RuleViolation, match="second review"):
        take(db, item.latest, step, by=first, at=at)
    take(db, item.latest, step, by=second, at=at)
    assert first not in barred(db, item.latest)


def test_a_declared_conflict_takes_all_versions_from_the_queue(
    db: Session, personas: Personas, at: datetime, item: Item
) -> None:
    reviewer = personas.reviewer().id
    take(db, item.latest, Move.SUBMIT, by=item.author_id, at=at)
    with pytest.raises(RuleViolation, match="Write what the conflict is"):
        declare(db, item, reason=" ", by=reviewer, at=at)
    declare(db, item, reason="My own case.", by=reviewer, at=at)
    assert in_review_for(db, reviewer) == []
    assert [(entry.reviewer_id, entry.reason) for entry in declared(db, item)] == [(reviewer, "My own case.")]
    with pytest.raises(RuleViolation, match="already"):
        declare(db, item, reason="Again.", by=reviewer, at=at)


@pytest.mark.parametrize("step", sorted(PASSING))
def test_a_review_is_passed_with_the_whole_checklist_which_is_kept(
    db: Session, personas: Personas, at: datetime, item: Item, step: Move
) -> None:
    take(db, item.latest, Move.SUBMIT, by=item.author_id, at=at)
    if step is Move.APPROVE:
        take(db, item.latest, Move.PASS_CONTENT, by=personas.reviewer().id, at=at)
    checks, reviewer = ticked(item.latest), personas.reviewer().id
    with pytest.raises(RuleViolation, match="Tick every question"):
        move(db, item.latest, step, by=reviewer, comment="", at=at, ticked=checks[1:])
    move(db, item.latest, step, by=reviewer, comment="", at=at, ticked=[*checks, "nonsense"])
    assert history(db, item)[0].ticked == checks


@pytest.mark.parametrize(("state", "step"), [(CONTENT, Move.SEND_BACK), (OPERATIONAL, Move.RETIRE)])
def test_sending_back_and_retiring_need_a_comment(
    db: Session, personas: Personas, at: datetime, bank: Bank, state: ReviewState, step: Move
) -> None:
    version, reviewer = bank.item(state=state), personas.reviewer().id
    db.flush()
    with pytest.raises(RuleViolation, match="Write a comment"):
        move(db, version, step, by=reviewer, comment="  ", at=at)


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


def test_the_version_in_use_is_replaced_when_another_is_put_to_use(
    db: Session, personas: Personas, at: datetime, bank: Bank
) -> None:
    old, reviewer = bank.item(), personas.reviewer().id
    newer = bank.version(old.item, old.content, old.area, old.levels, EDITORIAL, number=2)
    db.flush()
    take(db, newer, Move.APPROVE, by=reviewer, at=at)
    assert (old.item.in_use, old.state) == (old, OPERATIONAL)
    take(db, newer, Move.PUT_TO_USE, by=reviewer, at=at)
    assert [version.state for version in old.item.versions] == [RETIRED, OPERATIONAL]
    assert "Replaced by version 2." in [action.comment for action in history(db, old.item)]
    with pytest.raises(RuleViolation, match="Another version of this item is in use now"):
        take(db, old, Move.RESTORE, by=reviewer, at=at)


@pytest.mark.parametrize("state", [PRETEST, OPERATIONAL])
@pytest.mark.parametrize("step", [Move.TRY_OUT, Move.PUT_TO_USE])
def test_an_older_version_does_not_come_into_use_any_more(
    db: Session, personas: Personas, at: datetime, bank: Bank, state: ReviewState, step: Move
) -> None:
    old = bank.item(state=APPROVED)
    bank.version(old.item, old.content, old.area, old.levels, state, number=2)
    db.flush()
    with pytest.raises(RuleViolation, match="A newer version"):
        take(db, old, step, by=personas.reviewer().id, at=at)


def test_of_two_people_at_once_one_puts_a_version_to_use(
    db: Session, personas: Personas, at: datetime, bank: Bank
) -> None:
    old = bank.item(state=APPROVED)
    newer = bank.version(old.item, old.content, old.area, old.levels, APPROVED, number=2)
    db.flush()
    elsewhere = update(ItemVersion).where(ItemVersion.id == old.id).values(state=OPERATIONAL)
    db.execute(elsewhere, execution_options={"synchronize_session": False})
    with pytest.raises(RuleViolation, match="came into use just now"):
        take(db, newer, Move.PUT_TO_USE, by=personas.reviewer().id, at=at)
    db.expire_all()
    assert (old.item.in_use, newer.state) == (old, APPROVED)


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
    assert [version.state for version in (finished, missing, forbidden)] == [CONTENT, DRAFT, DRAFT]
    assert finished.submitted_at == at
    assert [(action.move, action.before) for action in history(db, finished.item)] == [(Move.SUBMIT, DRAFT)]
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
