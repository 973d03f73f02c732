"""Starting, the lease and the one way a part is closed."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.delivery import attempts, leases
from examapp.delivery.models import AttemptPart, ClosedBy, TimeKind
from examapp.registration.models import Accommodation, Registration
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests import factories
from tests.statements import statements_seen

MINUTE = timedelta(minutes=1)


def test_a_part_starts_with_its_allowance_and_a_place_in_the_log(db: Session, part: AttemptPart, at: datetime) -> None:
    assert part.started_at == part.attempt.registration.started_at == at
    assert part.deadline_at == at + 90 * MINUTE
    assert part.accepts_until == part.deadline_at + timedelta(seconds=20)
    assert [(row.kind, row.seconds) for row in part.adjustments] == [(TimeKind.ALLOWANCE, 5400)]
    assert (part.last_seq, len(part.chain)) == (0, 64)


def test_starting_is_one_small_write(db: Session, sitting: Registration, at: datetime) -> None:
    db.commit()
    with statements_seen() as statements:
        attempts.start_part(db, sitting, PART_ONE, at=at, accepts_honour=True)
    written = re.findall(r"INSERT INTO (\w+)", " ".join(statements))
    assert sorted(set(written)) == ["attempt", "attempt_part", "audit_event", "time_adjustment"]


def test_accommodation_lengthens_the_allowance(db: Session, sitting: Registration, at: datetime) -> None:
    sitting.accommodations.append(
        Accommodation(factor=Decimal("1.5"), reason="Letter.", granted_at=at, granted_by_id=sitting.registered_by_id)
    )
    part = factories.started_part(db, at, sitting)
    assert part.deadline_at == at + 135 * MINUTE
    assert sum(row.seconds for row in part.adjustments) == 135 * 60


def test_the_window_ends_a_part_that_started_late(db: Session, sitting: Registration) -> None:
    late = sitting.administration.closes_at - 10 * MINUTE
    assert factories.started_part(db, late, sitting).deadline_at == sitting.administration.closes_at


def test_starting_twice_changes_nothing(db: Session, part: AttemptPart, sitting: Registration, at: datetime) -> None:
    again = attempts.start_part(db, sitting, PART_ONE, at=at + 5 * MINUTE)
    assert again is part
    assert again.started_at == at


def test_part_two_waits_for_part_one(db: Session, part: AttemptPart, sitting: Registration, at: datetime) -> None:
    with pytest.raises(RuleViolation, match="Hand in Part One first"):
        attempts.start_part(db, sitting, PART_TWO, at=at)
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at + MINUTE)
    assert attempts.start_part(db, sitting, PART_TWO, at=at + 2 * MINUTE).part == PART_TWO


def test_a_retake_has_only_its_part(db: Session, sitting: Registration, at: datetime) -> None:
    sitting.parts = [PART_TWO]
    with pytest.raises(RuleViolation, match="does not belong"):
        attempts.start_part(db, sitting, PART_ONE, at=at, accepts_honour=True)
    assert attempts.start_part(db, sitting, PART_TWO, at=at, accepts_honour=True).part == PART_TWO


@pytest.mark.parametrize(
    ("offset", "changes", "sentence"),
    [
        (timedelta(hours=-2), {}, "not opened"),
        (timedelta(hours=8), {}, "has closed"),
        (MINUTE, {"proctored": True}, "proctor"),
        (MINUTE, {"cancelled_at": True}, "no longer in force"),
    ],
)
def test_nothing_starts_outside_its_conditions(
    db: Session, sitting: Registration, at: datetime, offset: timedelta, changes: dict[str, bool], sentence: str
) -> None:
    sitting.administration.proctored = changes.get("proctored", False)
    sitting.administration.cancelled_at = at if changes.get("cancelled_at") else None
    with pytest.raises(RuleViolation, match=sentence):
        attempts.start_part(db, sitting, PART_ONE, at=at + offset, accepts_honour=True)


def test_without_the_honour_statement_nothing_starts(db: Session, sitting: Registration, at: datetime) -> None:
    with pytest.raises(RuleViolation, match="honour statement"):
        attempts.start_part(db, sitting, PART_ONE, at=at)


def test_a_withdrawn_registration_starts_nothing(db: Session, sitting: Registration, at: datetime) -> None:
    sitting.withdrawn_at = at
    with pytest.raises(RuleViolation, match="no longer in force"):
        attempts.start_part(db, sitting, PART_ONE, at=at, accepts_honour=True)


def test_what_is_withdrawn_in_the_moment_of_its_start_is_not_started(
    db: Session, sitting: Registration, at: datetime
) -> None:
    attempts.accept_honour(db, sitting, at=at)
    found = attempts.threshold(db, sitting.id, PART_ONE)
    db.execute(update(Registration).values(withdrawn_at=at).execution_options(synchronize_session=False))
    with pytest.raises(IntegrityError, match="in force"):
        attempts.start(db, found, PART_ONE, at=at)


def test_the_honour_statement_is_accepted_once_and_before_the_window_opens(
    db: Session, sitting: Registration, at: datetime
) -> None:
    early = sitting.administration.opens_at - 30 * MINUTE
    attempt = attempts.accept_honour(db, sitting, at=early)
    assert attempts.accept_honour(db, sitting, at=at) is attempt
    assert (attempt.honour_accepted_at, attempt.parts, sitting.started_at) == (early, [], None)
    with pytest.raises(RuleViolation, match="not opened"):
        attempts.start_part(db, sitting, PART_ONE, at=early)
    with pytest.raises(RuleViolation, match="has closed"):
        attempts.start_part(db, sitting, PART_ONE, at=sitting.administration.closes_at)
    assert attempts.start_part(db, sitting, PART_ONE, at=at).started_at == at


def test_a_part_is_closed_once(db: Session, part: AttemptPart, at: datetime) -> None:
    assert attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at + MINUTE)
    assert not attempts.close_part(db, part, closed_by=ClosedBy.STAFF, at=at + 2 * MINUTE, reason="Late.")
    assert (part.closed_at, part.closed_by) == (at + MINUTE, ClosedBy.CANDIDATE)


@pytest.mark.parametrize("closer", list(ClosedBy))
def test_whoever_closes_late_the_closing_time_is_the_deadline(
    db: Session, part: AttemptPart, at: datetime, closer: ClosedBy
) -> None:
    attempts.close_part(db, part, closed_by=closer, at=at + timedelta(hours=5))
    assert (part.closed_at, part.closed_by) == (part.deadline_at, ClosedBy.DEADLINE)


def test_overdue_parts_are_closed_after_their_grace_and_not_before(db: Session, part: AttemptPart) -> None:
    assert attempts.close_overdue(db, part.accepts_until - timedelta(seconds=1)) == 0
    assert attempts.close_overdue(db, part.accepts_until) == 1
    assert attempts.close_overdue(db, part.accepts_until) == 0
    assert (part.closed_at, part.closed_by) == (part.deadline_at, ClosedBy.DEADLINE)


def test_the_database_refuses_another_start_or_closing_time(db: Session, part: AttemptPart, at: datetime) -> None:
    db.commit()
    part.started_at = at + MINUTE
    with pytest.raises(Exception, match="written once"):
        db.flush()
    db.rollback()


@pytest.mark.parametrize("offset", [-MINUTE, 91 * MINUTE])
def test_the_database_refuses_a_closing_time_outside_the_time_of_the_part(
    db: Session, part: AttemptPart, at: datetime, offset: timedelta
) -> None:
    part.closed_at, part.closed_by = at + offset, ClosedBy.STAFF
    with pytest.raises(IntegrityError, match="closed_within_its_time"):
        db.flush()
    db.rollback()


def test_a_lease_is_kept_over_reloads_and_taken_over_only_when_asked(
    db: Session, part: AttemptPart, at: datetime
) -> None:
    epoch = part.lease_epoch
    assert leases.acquire(db, part, part.lease_holder, take_over=False, at=at)
    assert part.lease_epoch == epoch
    assert not leases.acquire(db, part, "another-tab", take_over=False, at=at)
    assert leases.acquire(db, part, "another-tab", take_over=True, at=at)
    assert (part.lease_epoch, part.lease_holder) == (epoch + 1, "another-tab")


def test_a_closed_part_gives_no_lease(db: Session, part: AttemptPart, at: datetime) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    assert not leases.acquire(db, part, "another-tab", take_over=True, at=at)
