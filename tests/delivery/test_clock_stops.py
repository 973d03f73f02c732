"""The clock stands still: paused by a proctor, or for a break that the accommodation grants."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import attempts, clock_stops
from examapp.delivery.models import AttemptPart, ClockStop, ClosedBy, StopKind, TimeAdjustment, TimeKind
from examapp.delivery.time_ledger import give_time
from examapp.registration.models import Accommodation, Registration
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests import factories
from tests.personas import Personas

MINUTE = timedelta(minutes=1)


@pytest.fixture
def proctor(personas: Personas) -> User:
    return personas.proctor()


def ledger(db: Session, part: AttemptPart) -> list[tuple[TimeKind, int]]:
    rows = db.scalars(select(TimeAdjustment).where(TimeAdjustment.part_id == part.id).order_by(TimeAdjustment.id))
    return [(row.kind, row.seconds) for row in rows]


def stop_of(db: Session, part: AttemptPart) -> ClockStop:
    return db.scalars(select(ClockStop).where(ClockStop.part_id == part.id).order_by(ClockStop.id.desc())).first()  # type: ignore[return-value]  # there is one


def deeds(db: Session) -> list[str]:
    deeds = select(AuditEvent.action).where(AuditEvent.target_kind == "registration")
    return list(db.scalars(deeds.order_by(AuditEvent.id)))


# Pauses


def test_a_pause_freezes_the_time_left_and_lasts_at_most_to_the_end_of_the_window(
    db: Session, part: AttemptPart, proctor: User, at: datetime
) -> None:
    assert clock_stops.pause(db, [part], reason="Fire alarm.", by=proctor.id, at=at + 30 * MINUTE) == 1
    assert part.stopped_left == 60 * 60
    assert part.deadline_at == part.attempt.registration.administration.closes_at
    stop = stop_of(db, part)
    assert (stop.kind, stop.reason, stop.started_by_id) == (StopKind.PAUSE, "Fire alarm.", proctor.id)
    assert "part.paused" in deeds(db)


def test_resuming_writes_the_pause_into_the_ledger(
    db: Session, part: AttemptPart, proctor: User, personas: Personas, at: datetime
) -> None:
    other = personas.proctor()
    clock_stops.pause(db, [part], reason="Fire alarm.", by=proctor.id, at=at + 30 * MINUTE)
    assert clock_stops.resume(db, [part], by=other.id, at=at + 42 * MINUTE) == 1
    assert ledger(db, part) == [(TimeKind.ALLOWANCE, 5400), (TimeKind.PAUSE, 720)]
    assert (part.stopped_left, part.deadline_at) == (None, at + 102 * MINUTE)
    assert part.accepts_until == part.deadline_at + timedelta(seconds=20)
    assert (part.adjustments[-1].reason, part.adjustments[-1].by_id) == ("Fire alarm.", other.id)
    assert (stop_of(db, part).ended_at, stop_of(db, part).ended_by_id) == (at + 42 * MINUTE, other.id)
    assert deeds(db)[-1] == "part.resumed"


def test_a_second_proctor_neither_pauses_nor_resumes_twice(
    db: Session, part: AttemptPart, proctor: User, at: datetime
) -> None:
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + MINUTE)
    with pytest.raises(RuleViolation, match="No clock is running"):
        clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + 2 * MINUTE)
    clock_stops.resume(db, [part], by=proctor.id, at=at + 3 * MINUTE)
    with pytest.raises(RuleViolation, match="No clock is paused"):
        clock_stops.resume(db, [part], by=proctor.id, at=at + 4 * MINUTE)
    assert ledger(db, part) == [(TimeKind.ALLOWANCE, 5400), (TimeKind.PAUSE, 120)]


def test_pausing_all_leaves_alone_who_stands_still_already(
    db: Session, part: AttemptPart, sitting: Registration, personas: Personas, proctor: User, at: datetime
) -> None:
    other = factories.started_part(db, at, factories.registration(db, at, personas.candidate(), sitting.administration))
    clock_stops.pause(db, [part], reason="Computer failed.", by=proctor.id, at=at + MINUTE)
    assert clock_stops.pause(db, [part, other], reason="Alarm.", by=proctor.id, at=at + 2 * MINUTE) == 1
    assert stop_of(db, part).reason == "Computer failed."
    assert clock_stops.resume(db, [part, other], by=proctor.id, at=at + 5 * MINUTE) == 2
    assert (part.deadline_at, other.deadline_at) == (at + 94 * MINUTE, at + 93 * MINUTE)


def test_a_pause_needs_its_reason_and_a_part_whose_time_is_not_up(
    db: Session, part: AttemptPart, proctor: User
) -> None:
    with pytest.raises(RuleViolation, match="why"):
        clock_stops.pause(db, [part], reason=" ", by=proctor.id, at=part.started_at)
    with pytest.raises(RuleViolation, match="No clock is running"):
        clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=part.deadline_at)


def test_time_given_while_the_clock_stands_still_is_there_at_once(
    db: Session, part: AttemptPart, proctor: User, at: datetime
) -> None:
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + 30 * MINUTE)
    give_time(db, [part], seconds=600, reason="Noise.", by=proctor.id, at=at + 31 * MINUTE)
    assert part.stopped_left == 70 * 60
    clock_stops.resume(db, [part], by=proctor.id, at=at + 40 * MINUTE)
    assert part.deadline_at == at + 110 * MINUTE


def test_a_pause_does_not_outlast_the_window(db: Session, part: AttemptPart, proctor: User, at: datetime) -> None:
    closes = part.attempt.registration.administration.closes_at
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + 30 * MINUTE)
    clock_stops.resume(db, [part], by=proctor.id, at=closes - 10 * MINUTE)
    assert part.deadline_at == closes


# Breaks


def test_a_break_stops_the_clock_and_takes_from_its_own_minutes(
    db: Session, breaks: Accommodation, part: AttemptPart, at: datetime
) -> None:
    clock_stops.start_break(db, part, at=at + 30 * MINUTE)
    stop = clock_stops.current_stop(db, part, at + 34 * MINUTE)
    assert stop
    assert (part.stopped_left, clock_stops.break_left(part, stop, at + 34 * MINUTE)) == (3600, 11 * 60)
    clock_stops.end_break(db, part, at=at + 34 * MINUTE)
    assert ledger(db, part)[-1] == (TimeKind.BREAK, 240)
    assert (part.stopped_left, part.deadline_at) == (None, at + 94 * MINUTE)
    assert clock_stops.break_left(part, None, at + 60 * MINUTE) == 11 * 60
    assert deeds(db)[-2:] == ["part.break_started", "part.break_ended"]


def test_a_break_that_is_used_up_ends_by_itself_and_never_gives_more_than_its_minutes(
    db: Session, breaks: Accommodation, part: AttemptPart, at: datetime
) -> None:
    clock_stops.start_break(db, part, at=at + 30 * MINUTE)
    ends = part.deadline_at
    assert ends == at + 105 * MINUTE
    assert clock_stops.current_stop(db, part, at + 45 * MINUTE) is None
    assert clock_stops.is_unsettled(db, part, at + 60 * MINUTE)
    clock_stops.settle(db, [part.id], at=at + 60 * MINUTE)
    assert not clock_stops.is_unsettled(db, part, at + 60 * MINUTE)
    assert ledger(db, part)[-1] == (TimeKind.BREAK, 900)
    assert (part.stopped_left, part.deadline_at) == (None, ends)
    assert (stop_of(db, part).ended_at, stop_of(db, part).ended_by_id) == (at + 45 * MINUTE, None)
    clock_stops.end_break(db, part, at=at + 61 * MINUTE)  # the page comes back late
    with pytest.raises(RuleViolation, match="No minutes of a break are left"):
        clock_stops.start_break(db, part, at=at + 62 * MINUTE)


def test_breaks_are_asked_for_twice_without_harm(
    db: Session, breaks: Accommodation, part: AttemptPart, at: datetime
) -> None:
    for minute in (1, 2):
        clock_stops.start_break(db, part, at=at + minute * MINUTE)
    for minute in (4, 5):
        clock_stops.end_break(db, part, at=at + minute * MINUTE)
    assert ledger(db, part)[1:] == [(TimeKind.BREAK, 180)]


def test_without_an_accommodation_there_are_no_breaks(db: Session, part: AttemptPart, at: datetime) -> None:
    with pytest.raises(RuleViolation, match="No minutes of a break are left"):
        clock_stops.start_break(db, part, at=at + MINUTE)


def test_each_part_has_its_own_breaks(
    db: Session, breaks: Accommodation, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    clock_stops.start_break(db, part, at=at + MINUTE)
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at + 20 * MINUTE)
    second = attempts.start_part(db, sitting, "part_two", at=at + 21 * MINUTE)
    assert clock_stops.break_left(second, None, at + 21 * MINUTE) == 15 * 60


def test_a_pause_ends_a_break_so_that_an_alarm_costs_no_break_minutes(
    db: Session, breaks: Accommodation, part: AttemptPart, proctor: User, at: datetime
) -> None:
    clock_stops.start_break(db, part, at=at + 10 * MINUTE)
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + 12 * MINUTE)
    with pytest.raises(RuleViolation, match="The proctor has stopped the clock"):
        clock_stops.start_break(db, part, at=at + 13 * MINUTE)
    clock_stops.end_break(db, part, at=at + 14 * MINUTE)  # ends no pause
    clock_stops.resume(db, [part], by=proctor.id, at=at + 40 * MINUTE)
    assert ledger(db, part)[1:] == [(TimeKind.BREAK, 120), (TimeKind.PAUSE, 28 * 60)]
    assert part.deadline_at == at + 120 * MINUTE


def test_a_proctor_does_not_end_a_break(
    db: Session, breaks: Accommodation, part: AttemptPart, proctor: User, at: datetime
) -> None:
    clock_stops.start_break(db, part, at=at + 10 * MINUTE)
    with pytest.raises(RuleViolation, match="No clock is paused"):
        clock_stops.resume(db, [part], by=proctor.id, at=at + 12 * MINUTE)


# Closing


@pytest.mark.parametrize("closer", [ClosedBy.CANDIDATE, ClosedBy.STAFF])
def test_closing_a_stopped_part_ends_its_stop_then(
    db: Session, part: AttemptPart, proctor: User, at: datetime, closer: ClosedBy
) -> None:
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + 30 * MINUTE)
    attempts.close_part(db, part, closed_by=closer, at=at + 40 * MINUTE)
    assert (part.closed_at, part.closed_by, part.stopped_left) == (at + 40 * MINUTE, closer, None)
    assert part.deadline_at == at + 100 * MINUTE
    assert ledger(db, part)[-1] == (TimeKind.PAUSE, 600)
    assert (stop_of(db, part).ended_at, stop_of(db, part).ended_by_id) == (at + 40 * MINUTE, None)


def test_a_part_left_paused_is_closed_with_the_window(db: Session, part: AttemptPart, proctor: User) -> None:
    closes = part.attempt.registration.administration.closes_at
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=part.started_at + 30 * MINUTE)
    assert attempts.close_overdue(db, part.started_at + 100 * MINUTE) == 0
    assert attempts.close_overdue(db, closes + MINUTE) == 1
    db.refresh(part)
    assert (part.closed_at, part.closed_by, part.deadline_at) == (closes, ClosedBy.DEADLINE, closes)
    assert stop_of(db, part).ended_at == closes


def test_a_part_left_in_a_break_is_closed_at_the_deadline_the_break_gives(
    db: Session, breaks: Accommodation, part: AttemptPart, at: datetime
) -> None:
    clock_stops.start_break(db, part, at=at + 80 * MINUTE)
    assert attempts.close_overdue(db, at + 100 * MINUTE) == 0
    assert attempts.close_overdue(db, at + 300 * MINUTE) == 1
    db.refresh(part)
    assert (part.closed_at, part.deadline_at) == (at + 105 * MINUTE, at + 105 * MINUTE)
    assert ledger(db, part)[-1] == (TimeKind.BREAK, 900)
    assert stop_of(db, part).ended_at == at + 95 * MINUTE
