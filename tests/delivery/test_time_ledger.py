"""Time given back: to one or many, with a reason, counted once for each who gives it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.db import Database
from examapp.delivery import attempts
from examapp.delivery.models import AttemptPart, ClosedBy, TimeAdjustment, TimeKind
from examapp.delivery.time_ledger import give_time
from examapp.registration.models import Registration
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests import factories
from tests.personas import Personas

MINUTE = timedelta(minutes=1)


@pytest.fixture
def proctor(personas: Personas) -> User:
    return personas.proctor()


def test_time_given_back_moves_the_deadline_and_says_why(
    db: Session, part: AttemptPart, proctor: User, at: datetime
) -> None:
    for _twice in range(2):
        give_time(db, [part], seconds=600, reason=" Fire alarm. ", by=proctor.id, at=at + MINUTE)
    assert part.deadline_at == at + 110 * MINUTE
    assert part.accepts_until == part.deadline_at + timedelta(seconds=20)
    rows = list(db.scalars(select(TimeAdjustment).where(TimeAdjustment.kind == TimeKind.GIVEN_BACK)))
    assert [(row.seconds, row.reason, row.by_id, row.at) for row in rows] == [
        (600, "Fire alarm.", proctor.id, at + MINUTE)
    ] * 2
    deed = db.scalars(select(AuditEvent).where(AuditEvent.action == "part.time_given")).first()
    assert deed
    assert (deed.actor_id, deed.details["seconds"], deed.details["reason"]) == (proctor.id, 600, "Fire alarm.")


@pytest.mark.parametrize(("seconds", "reason"), [(0, "Alarm."), (-60, "Alarm."), (60, "  ")])
def test_time_is_given_with_a_reason_and_never_taken(
    db: Session, part: AttemptPart, proctor: User, at: datetime, seconds: int, reason: str
) -> None:
    with pytest.raises(RuleViolation):
        give_time(db, [part], seconds=seconds, reason=reason, by=proctor.id, at=at)


def test_no_time_is_given_to_a_closed_part(db: Session, part: AttemptPart, proctor: User, at: datetime) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at + MINUTE)
    with pytest.raises(RuleViolation, match="closed"):
        give_time(db, [part], seconds=60, reason="Alarm.", by=proctor.id, at=at + 2 * MINUTE)
    assert part.deadline_at == at + 90 * MINUTE


def test_of_several_those_still_writing_get_the_time(
    db: Session, part: AttemptPart, sitting: Registration, personas: Personas, proctor: User, at: datetime
) -> None:
    other = factories.started_part(db, at, factories.registration(db, at, personas.candidate(), sitting.administration))
    attempts.close_part(db, other, closed_by=ClosedBy.CANDIDATE, at=at + MINUTE)
    assert give_time(db, [part, other], seconds=300, reason="Noise.", by=proctor.id, at=at + 2 * MINUTE) == 1
    assert (part.deadline_at, other.deadline_at) == (at + 95 * MINUTE, at + 90 * MINUTE)


def test_the_window_stays_the_end_however_much_is_given(
    db: Session, part: AttemptPart, proctor: User, at: datetime
) -> None:
    give_time(db, [part], seconds=36_000, reason="Power cut.", by=proctor.id, at=at)
    assert part.deadline_at == part.attempt.registration.administration.closes_at


def test_the_minutes_of_two_proctors_who_saw_the_same_page_add_up(
    db: Session, database: Database, part: AttemptPart, proctor: User, at: datetime
) -> None:
    with database.sessions() as other:
        seen_before = other.get_one(AttemptPart, part.id)
        other.rollback()  # the page was read; what it showed is kept
        give_time(db, [part], seconds=600, reason="Alarm.", by=proctor.id, at=at)
        db.commit()
        give_time(other, [seen_before], seconds=300, reason="Noise.", by=proctor.id, at=at)
        other.commit()
        assert seen_before.deadline_at == at + 105 * MINUTE
