"""A longer window: who gets a later end, and that nobody's time is counted twice."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.db import Database
from examapp.delivery import attempts, clock_stops
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.delivery.window_extensions import Effects, extend
from examapp.registration.administrations import extensions_of
from examapp.registration.models import Accommodation, Administration, Registration
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests import factories
from tests.personas import Personas

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(personas: Personas) -> User:
    return personas.administrator()


@pytest.fixture
def given(sitting: Registration) -> Administration:
    """The window ends an hour after ``at``, before the ninety minutes of Part One."""
    sitting.administration.closes_at = sitting.administration.opens_at + timedelta(hours=2)
    return sitting.administration


def extend_by(db: Session, given: Administration, minutes: int, by: User, at: datetime) -> Effects:
    return extend(
        db, given, seconds=minutes * 60, reason=" Power cut. ", seen=given.closes_at.isoformat(), by=by.id, at=at
    )


def test_who_was_cut_off_by_the_window_gets_a_later_end(
    db: Session, given: Administration, part: AttemptPart, office: User, at: datetime
) -> None:
    assert part.deadline_at == at + 60 * MINUTE
    effects = extend_by(db, given, 20, office, at + 5 * MINUTE)
    assert (effects.writing, effects.later, given.closes_at) == (1, 1, at + 80 * MINUTE)
    assert (part.deadline_at, part.accepts_until) == (at + 80 * MINUTE, at + 80 * MINUTE + timedelta(seconds=20))
    extend_by(db, given, 20, office, at + 6 * MINUTE)
    assert part.deadline_at == at + 90 * MINUTE  # the own time ends first now


def test_whose_own_time_ends_before_keeps_it(
    db: Session, sitting: Registration, part: AttemptPart, office: User, at: datetime
) -> None:
    effects = extend_by(db, sitting.administration, 60, office, at)
    assert (effects.writing, effects.later) == (1, 0)
    assert part.deadline_at == at + 90 * MINUTE


def test_the_row_says_by_how_much_why_and_by_whom(
    db: Session, given: Administration, part: AttemptPart, office: User, at: datetime
) -> None:
    extend_by(db, given, 20, office, at)
    [(row, name)] = extensions_of(db, given)
    assert (row.seconds, row.reason, row.at, name) == (1200, "Power cut.", at, office.name)
    deed = db.scalars(select(AuditEvent).where(AuditEvent.action == "administration.extended")).one()
    assert (deed.actor_id, deed.details["reason"], deed.details["count"]) == (office.id, "Power cut.", 1)


def test_a_closed_part_stays_closed(
    db: Session, given: Administration, part: AttemptPart, office: User, at: datetime
) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at + MINUTE)
    assert extend_by(db, given, 20, office, at + 2 * MINUTE).writing == 0
    assert (part.closed_at, part.deadline_at) == (at + MINUTE, at + 60 * MINUTE)


def test_a_paused_part_gets_the_longer_window_when_it_goes_on(
    db: Session, given: Administration, part: AttemptPart, office: User, at: datetime
) -> None:
    clock_stops.pause(db, [part], reason="Alarm.", by=office.id, at=at + 30 * MINUTE)
    assert extend_by(db, given, 60, office, at + 40 * MINUTE).later == 1
    assert (part.deadline_at, part.stopped_left) == (at + 120 * MINUTE, 60 * 60)
    clock_stops.resume(db, [part], by=office.id, at=at + 45 * MINUTE)
    assert part.deadline_at == at + 105 * MINUTE


def test_a_break_at_the_end_of_the_window_gets_the_longer_one(
    db: Session, breaks: Accommodation, given: Administration, part: AttemptPart, office: User, at: datetime
) -> None:
    clock_stops.start_break(db, part, at=at + 50 * MINUTE)
    extend_by(db, given, 120, office, at + 55 * MINUTE)
    assert part.deadline_at == at + 105 * MINUTE
    clock_stops.end_break(db, part, at=at + 60 * MINUTE)
    assert part.deadline_at == at + 100 * MINUTE


def test_who_has_not_started_is_told_by_mail_and_who_writes_by_the_page(
    db: Session, given: Administration, part: AttemptPart, office: User, personas: Personas, at: datetime
) -> None:
    waiting = personas.candidate(email="waiting@example.org")
    factories.registration(db, at, waiting, given)
    assert [entry.candidate_id for entry in extend_by(db, given, 20, office, at).told] == [waiting.id]
    assert list(db.scalars(select(OutboxMail.recipient))) == ["waiting@example.org"]


def test_two_administrators_who_saw_the_same_page_do_not_extend_twice(
    db: Session, database: Database, given: Administration, part: AttemptPart, office: User, at: datetime
) -> None:
    seen = given.closes_at.isoformat()
    db.commit()
    with database.sessions() as other:
        stale = other.get_one(Administration, given.id)
        other.rollback()
        extend(db, given, seconds=1200, reason="Power cut.", seen=seen, by=office.id, at=at)
        db.commit()
        with pytest.raises(RuleViolation, match="meanwhile"):
            extend(other, stale, seconds=1200, reason="Power cut.", seen=seen, by=office.id, at=at)


def test_who_starts_after_the_extension_has_the_longer_window(
    db: Session, database: Database, given: Administration, sitting: Registration, office: User, at: datetime
) -> None:
    db.commit()
    with database.sessions() as other:  # another request moves the window after this one has read it
        extend_by(other, other.get_one(Administration, given.id), 20, office, at)
        other.commit()
    assert attempts.start_part(db, sitting, "part_one", at=at, accepts_honour=True).deadline_at == at + 80 * MINUTE


@pytest.mark.parametrize(
    ("minutes", "reason", "later", "sentence"),
    [
        (0, "Power cut.", 0, "at least a minute"),
        (7 * 24 * 60 + 1, "Power cut.", 0, "at most a week"),
        (20, "  ", 0, "why"),
        (20, "Power cut.", 61, "has closed"),
    ],
)
def test_an_extension_without_sense_or_reason_or_after_the_end_is_refused(
    db: Session, given: Administration, office: User, at: datetime, minutes: int, reason: str, later: int, sentence: str
) -> None:
    seen = given.closes_at.isoformat()
    with pytest.raises(RuleViolation, match=sentence):
        extend(db, given, seconds=minutes * 60, reason=reason, seen=seen, by=office.id, at=at + later * MINUTE)


def test_nobody_makes_their_own_window_longer(
    db: Session, given: Administration, sitting: Registration, at: datetime
) -> None:
    with pytest.raises(RuleViolation, match="their own"):
        extend_by(db, given, 20, sitting.candidate, at)


def test_a_cancelled_administration_is_not_extended(
    db: Session, given: Administration, office: User, at: datetime
) -> None:
    given.cancelled_at = at
    db.flush()
    with pytest.raises(RuleViolation, match="cancelled"):
        extend_by(db, given, 20, office, at)


def test_extra_time_beyond_the_window_is_given_by_the_extension(
    db: Session, given: Administration, sitting: Registration, office: User, at: datetime
) -> None:
    sitting.accommodations.append(
        Accommodation(factor=Decimal(2), reason="Letter.", granted_at=at, granted_by_id=office.id)
    )
    part = factories.started_part(db, at, sitting)
    assert part.deadline_at == at + 60 * MINUTE
    extend_by(db, given, 180, office, at)
    assert part.deadline_at == at + 180 * MINUTE
