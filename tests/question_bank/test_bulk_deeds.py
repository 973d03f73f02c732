"""Many items changed at once, and taken back."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.assignments import ReviewAssignment
from question_bank.audit import AuditEvent
from question_bank.bulk_deeds import (
    UNDONE_WITHIN,
    BulkDeed,
    BulkKind,
    Plan,
    Tag,
    Tagging,
    ask_reviewer,
    last_deed,
    plan_asking,
    plan_retirement,
    plan_step,
    plan_tagging,
    retire_all,
    step_all,
    tag_all,
    touched_since,
    undo,
)
from question_bank.errors import RuleViolation
from question_bank.item_writing import ItemDraft, add_item, new_version, save_draft
from question_bank.items import CognitiveLevel, ItemKind, ItemVersion, ReviewState
from question_bank.review import Move, history
from question_bank.review_conflicts import declare
from question_bank.review_queues import due_dates, in_review_for, next_for
from tests.bank import Bank
from tests.drafts import complete_draft
from tests.personas import Personas
from tests.reviews import take

ADD, REMOVE = Tagging.ADD, Tagging.REMOVE
OPERATIONAL, RETIRED = ReviewState.OPERATIONAL, ReviewState.RETIRED


@pytest.fixture
def by(personas: Personas) -> int:
    return personas.author().id


@pytest.fixture
def draft(db: Session, by: int, at: datetime) -> ItemVersion:
    """RF-0001, with every tag."""
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(), source="x", by=by, at=at).latest


@pytest.mark.parametrize(
    ("name", "how", "field", "then"),
    [
        ("levels:3", REMOVE, "levels", [4]),
        ("tracks:policy", ADD, "tracks", ["clinical", "policy"]),
        ("tracks:clinical", REMOVE, "tracks", []),
        ("responsibility_codes:S", ADD, "responsibility_codes", ["C", "S"]),
        ("terms:reflection/contemplation", ADD, "terms", ["curiosity", "contemplation"]),
        ("terms:reflection/curiosity", REMOVE, "terms", []),
        ("competency:reflection/RF-02", ADD, "competency", "RF-02"),
        ("competency:reflection/RF-01", REMOVE, "competency", None),
        ("cognitive_level:recall", ADD, "cognitive_level", CognitiveLevel.RECALL),
        ("cognitive_level:application", REMOVE, "cognitive_level", None),
    ],
)
def test_a_tag_is_changed_and_changed_back(
    db: Session, draft: ItemVersion, by: int, at: datetime, name: str, how: Tagging, field: str, then: object
) -> None:
    before, tag = ItemDraft.of(draft), Tag.named(name)
    deed = tag_all(db, plan_tagging([draft], tag, how), tag, how, by=by, at=at)
    assert getattr(draft, field) == then
    undo(db, deed, by=by, at=at)
    db.refresh(draft)
    assert ItemDraft.of(draft) == before
    deeds = list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert [d for d in deeds if d.startswith("items.")] == ["items.bulk_tag", "items.bulk_undone"]
    assert deeds.count("item.draft_saved") == 2


def reasons(plan: Plan) -> list[str]:
    return [why for _version, why in plan.left_out]


@pytest.mark.parametrize(
    ("name", "how", "why"),
    [
        ("levels:3", ADD, "already"),
        ("tracks:policy", REMOVE, "already"),
        ("competency:reflection/RF-02", REMOVE, "already"),
        ("terms:thinking/judgment", ADD, "another area"),
    ],
)
def test_what_would_not_change_is_left_out(draft: ItemVersion, name: str, how: Tagging, why: str) -> None:
    plan = plan_tagging([draft], Tag.named(name), how)
    assert plan.changed == []
    assert why in reasons(plan)[0]


def test_the_tags_of_what_was_submitted_are_left_alone(db: Session, bank: Bank, draft: ItemVersion) -> None:
    plan = plan_tagging([bank.item(), draft], Tag.named("tracks:policy"), ADD)
    assert plan.changed == [draft]
    assert "fixed when it was sent to review" in reasons(plan)[0]


def test_nothing_is_undone_when_something_else_has_happened(
    db: Session, draft: ItemVersion, by: int, at: datetime
) -> None:
    tag = Tag.named("tracks:policy")
    deed = tag_all(db, plan_tagging([draft], tag, ADD), tag, ADD, by=by, at=at)
    assert last_deed(db, by, at) is deed
    save_draft(db, draft, complete_draft(tracks=[]), edit_count=1, by=by, at=at)
    assert last_deed(db, by, at) is None
    with pytest.raises(RuleViolation, match="Something else has happened to RF-0001"):
        undo(db, deed, by=by, at=at)
    assert draft.tracks == []


def test_a_draft_that_saved_itself_since_is_not_tagged_back(
    db: Session, draft: ItemVersion, by: int, at: datetime
) -> None:
    tag = Tag.named("tracks:policy")
    deed = tag_all(db, plan_tagging([draft], tag, ADD), tag, ADD, by=by, at=at)
    draft.tracks, draft.edit_count = [], draft.edit_count + 1  # a save that is not each in the audit trail
    db.flush()
    assert touched_since(db, deed) == ["RF-0001"]


def test_a_change_is_offered_for_undoing_for_a_day_and_to_whoever_made_it(
    db: Session, bank: Bank, personas: Personas, at: datetime
) -> None:
    reviewer, bank_item = personas.reviewer().id, bank.item()
    db.flush()
    deed = retire_all(db, plan_retirement([bank_item]), comment="Old.", by=reviewer, at=at)
    assert last_deed(db, reviewer, at + UNDONE_WITHIN - timedelta(minutes=1)) is deed
    assert last_deed(db, reviewer, at + UNDONE_WITHIN) is None
    assert last_deed(db, bank.author_id, at) is None
    undo(db, deed, by=reviewer, at=at)
    assert last_deed(db, reviewer, at) is None
    with pytest.raises(RuleViolation, match="undone already"):
        undo(db, deed, by=reviewer, at=at)


def test_items_are_retired_together_and_come_back(db: Session, bank: Bank, personas: Personas, at: datetime) -> None:
    reviewer = personas.reviewer().id
    approved, waiting = bank.item(), bank.item(state=ReviewState.CONTENT_REVIEW)
    db.flush()
    newer = new_version(db, approved.item, by=bank.author_id, at=at)
    plan = plan_retirement([newer, waiting])
    assert (plan.changed, reasons(plan)) == ([newer], ["It has no approved version."])
    deed = retire_all(db, plan, comment="Outdated.", by=reviewer, at=at)
    assert (approved.state, newer.state) == (ReviewState.RETIRED, ReviewState.DRAFT)
    undo(db, deed, by=reviewer, at=at)
    assert approved.state is ReviewState.OPERATIONAL
    assert [action.comment for action in history(db, approved.item)] == ["", "Outdated."]


def test_a_reviewer_is_asked_for_what_is_in_review(db: Session, bank: Bank, personas: Personas, at: datetime) -> None:
    reviewer, office = personas.reviewer().id, personas.reviewer().id
    first, second = bank.item(state=ReviewState.CONTENT_REVIEW), bank.item(state=ReviewState.CONTENT_REVIEW)
    own, approved = bank.item(state=ReviewState.CONTENT_REVIEW), bank.item()
    own.editor_id = reviewer
    db.flush()
    plan = plan_asking(db, [first, second, own, approved], reviewer)
    assert plan.changed == [first, second]
    assert reasons(plan) == ["Who wrote on an item does not judge it.", "It is not in review."]
    deed = ask_reviewer(db, Plan([second], []), reviewer, date(2027, 4, 1), by=office, at=at)
    assert in_review_for(db, reviewer) == [second, first]
    assert next_for(db, reviewer, after=second) is first
    assert next_for(db, reviewer, after=first) is second
    assert in_review_for(db, office) == [first, second, own]
    assert reasons(plan_asking(db, [second], reviewer)) == ["The reviewer was asked already."]
    undo(db, deed, by=office, at=at)
    assert db.scalars(select(ReviewAssignment)).all() == []


def test_each_review_of_a_version_is_asked_for_on_its_own(
    db: Session, bank: Bank, personas: Personas, at: datetime
) -> None:
    first, second = personas.reviewer().id, personas.reviewer().id
    other, version = (bank.item(state=ReviewState.CONTENT_REVIEW) for _ in range(2))
    near = bank.item(state=ReviewState.EDITORIAL_REVIEW)
    db.flush()
    declare(db, near.item, reason="My own case.", by=second, at=at)
    ask_reviewer(db, Plan([version], []), second, date(2027, 4, 1), by=first, at=at)
    take(db, version, Move.PASS_CONTENT, by=first, at=at)
    assert due_dates(db, second, [version]) == {}
    assert in_review_for(db, second) == [other, version]  # that was asked of the first review
    assert "passed its content" in reasons(plan_asking(db, [version], first))[0]
    plan = plan_asking(db, [version, near], second)
    assert (plan.changed, reasons(plan)) == ([version], ["A conflict of interest is declared for it."])
    ask_reviewer(db, plan, second, date(2027, 4, 5), by=first, at=at)
    assert due_dates(db, second, [version]) == {version.id: date(2027, 4, 5)}
    assert in_review_for(db, second) == [version, other]


def test_items_are_put_to_use_together_and_everything_comes_back(
    db: Session, bank: Bank, personas: Personas, at: datetime
) -> None:
    reviewer, old = personas.reviewer().id, bank.item()
    newer = bank.version(old.item, old.content, old.area, old.levels, ReviewState.PRETEST, number=2)
    other, own, waiting = (bank.item(state=s) for s in (ReviewState.APPROVED, ReviewState.APPROVED, ReviewState.DRAFT))
    own.editor_id = reviewer
    db.flush()
    plan = plan_step(db, [newer, other, own, waiting], BulkKind.PUT_TO_USE, reviewer)
    assert plan.changed == [newer, other]
    assert reasons(plan)[0] == "Who wrote on an item does not judge it."
    deed = step_all(db, plan, BulkKind.PUT_TO_USE, by=reviewer, at=at)
    assert [v.state for v in (old, newer, other)] == [RETIRED, OPERATIONAL, OPERATIONAL]
    undo(db, deed, by=reviewer, at=at)
    assert [v.state for v in (old, newer, other)] == [OPERATIONAL, ReviewState.PRETEST, ReviewState.APPROVED]


def test_items_are_tried_out_together(db: Session, bank: Bank, personas: Personas, at: datetime) -> None:
    reviewer, approved, in_use = personas.reviewer().id, bank.item(state=ReviewState.APPROVED), bank.item()
    db.flush()
    plan = plan_step(db, [approved, in_use], BulkKind.TRY_OUT, reviewer)
    assert (plan.changed, len(plan.left_out)) == ([approved], 1)
    deed = step_all(db, plan, BulkKind.TRY_OUT, by=reviewer, at=at)
    assert [a.move for a in history(db, approved.item)] == [Move.TRY_OUT]
    undo(db, deed, by=reviewer, at=at)
    assert approved.state is ReviewState.APPROVED


def test_every_version_that_stood_is_retired_and_comes_back(
    db: Session, bank: Bank, personas: Personas, at: datetime
) -> None:
    reviewer, old = personas.reviewer().id, bank.item()
    newer = bank.version(old.item, old.content, old.area, old.levels, ReviewState.APPROVED, number=2)
    db.flush()
    deed = retire_all(db, plan_retirement([newer]), comment="Old.", by=reviewer, at=at)
    assert (old.state, newer.state) == (RETIRED, RETIRED)
    undo(db, deed, by=reviewer, at=at)
    assert (old.state, newer.state) == (OPERATIONAL, ReviewState.APPROVED)


def test_what_is_due_first_comes_first(db: Session, bank: Bank, personas: Personas, at: datetime) -> None:
    reviewer = personas.reviewer().id
    later, sooner = bank.item(state=ReviewState.CONTENT_REVIEW), bank.item(state=ReviewState.CONTENT_REVIEW)
    db.flush()
    for version, day in ((later, 9), (sooner, 2)):
        ask_reviewer(db, Plan([version], []), reviewer, date(2027, 4, day), by=reviewer, at=at)
    assert in_review_for(db, reviewer) == [sooner, later]


def test_a_plan_without_changes_is_not_carried_out(db: Session, by: int, at: datetime) -> None:
    with pytest.raises(RuleViolation, match="Nothing would change"):
        retire_all(db, Plan([], []), comment="x", by=by, at=at)
    assert db.scalars(select(BulkDeed)).all() == []
