"""How everybody in the room stands: states, time left, what looks odd, how many answers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from examapp.delivery import attempts, clock_stops, leases, log
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import AttemptPart, ClosedBy, DeviceCheck, EventKind
from examapp.proctoring import answered
from examapp.proctoring.seats import Seat, SeatState, seats_of
from examapp.registration.models import Accommodation, Registration
from tests import factories
from tests.personas import Personas
from tests.statements import statements_seen

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def lucia(db: Session, personas: Personas, at: datetime) -> Registration:
    given = factories.administration(db, at, personas.administrator(), proctored=True)
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)


@pytest.fixture
def part(db: Session, lucia: Registration, at: datetime) -> AttemptPart:
    lucia.admitted_at = at
    return factories.started_part(db, at, lucia)


def seat_of(db: Session, registration: Registration, at: datetime) -> Seat:
    db.flush()
    seats = seats_of(db, registration.administration, reader=0, at=at)
    return next(seat for seat in seats if seat.code == registration.code)


def oddities(db: Session, registration: Registration, at: datetime) -> list[tuple[str, int]]:
    return [(kind.value, number) for kind, number in seat_of(db, registration, at).anomalies]


# Before a part


@pytest.mark.parametrize(
    ("proctored", "admitted", "heard", "state"),
    [
        (True, False, None, SeatState.ABSENT),
        (True, False, 0, SeatState.WAITING),
        (True, False, 46, SeatState.ABSENT),
        (True, True, None, SeatState.READY),
        (False, False, None, SeatState.ABSENT),
        (False, False, 45, SeatState.READY),
    ],
)
def test_who_has_not_started(
    db: Session, lucia: Registration, at: datetime, proctored: bool, admitted: bool, heard: int | None, state: SeatState
) -> None:
    lucia.administration.proctored = proctored
    lucia.admitted_at = at if admitted else None
    lucia.waiting_seen_at = at - heard * SECOND if heard is not None else None
    assert seat_of(db, lucia, at).state is state


def test_who_is_withdrawn_is_shown_as_not_in_force(db: Session, lucia: Registration, at: datetime) -> None:
    lucia.withdrawn_at = at
    assert seat_of(db, lucia, at).state is SeatState.ENDED


# During a part


@pytest.mark.parametrize(
    ("seconds", "state", "left"),
    [
        (45, SeatState.WRITING, 89 * 60 + 15),
        (46, SeatState.OFFLINE, 89 * 60 + 14),
        (90 * 60, SeatState.CLOSING, 0),
        (90 * 60 + 19, SeatState.CLOSING, 0),
        (90 * 60 + 20, SeatState.BETWEEN, None),
    ],
)
def test_who_writes(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime, seconds: int, state: SeatState, left: int | None
) -> None:
    seat = seat_of(db, lucia, at + seconds * SECOND)
    assert (seat.state, seat.left, seat.part) == (state, left, "part_one")
    assert seat.seen == (at.timestamp() * 1000 if left is not None else None)


def test_a_stopped_clock_is_a_pause_or_a_break(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime
) -> None:
    clock_stops.pause(db, [part], reason="Alarm.", by=lucia.registered_by_id, at=at + MINUTE)
    paused = seat_of(db, lucia, at + 10 * MINUTE)
    assert (paused.state, paused.left, paused.anomalies) == (SeatState.PAUSED, 89 * 60, [])
    clock_stops.resume(db, [part], by=lucia.registered_by_id, at=at + 10 * MINUTE)
    lucia.accommodations.append(granted(at, lucia))
    db.flush()
    clock_stops.start_break(db, part, at=at + 11 * MINUTE)
    assert seat_of(db, lucia, at + 12 * MINUTE).state is SeatState.BREAK


def granted(at: datetime, registration: Registration) -> Accommodation:
    return Accommodation(
        factor=1, break_minutes=15, reason="Letter.", granted_at=at, granted_by_id=registration.registered_by_id
    )


def test_after_the_last_part_everything_is_handed_in(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime
) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    assert seat_of(db, lucia, at).state is SeatState.BETWEEN
    second = attempts.start_part(db, lucia, "part_two", at=at)
    attempts.close_part(db, second, closed_by=ClosedBy.CANDIDATE, at=at)
    seat = seat_of(db, lucia, at)
    assert (seat.state, seat.part, seat.left) == (SeatState.CLOSED, "part_two", None)


# What looks odd


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"clock_offset_ms": 120_000}, []),
        ({"clock_offset_ms": -180_500}, [("clock", 3)]),
        ({"unsent": 20}, []),
        ({"unsent": 21}, [("unsent", 21)]),
    ],
)
def test_what_the_device_of_a_writer_reports(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime, values: dict[str, Any], found: list[object]
) -> None:
    for name, value in values.items():
        setattr(part, name, value)
    assert oddities(db, lucia, at) == found


def test_a_second_device_is_odd_and_a_reload_of_the_first_is_not(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime
) -> None:
    for holder in ("laptop-00", "laptop-00", "phone-000"):
        leases.acquire(db, part, holder, take_over=True, at=at)
        assert oddities(db, lucia, at) == ([("devices", 0)] if holder == "phone-000" else [])


def test_five_minutes_without_a_word_are_odd(db: Session, lucia: Registration, part: AttemptPart, at: datetime) -> None:
    assert oddities(db, lucia, at + 5 * MINUTE - SECOND) == []
    assert oddities(db, lucia, at + 7 * MINUTE) == [("silence", 7)]


def test_of_a_part_that_is_closed_only_what_may_cost_answers_stays_odd(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime
) -> None:
    part.clock_offset_ms, part.lease_epoch, part.unsent = 10**7, 3, 2
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    assert oddities(db, lucia, at) == [("unsent", 2)]


def test_the_last_device_check_counts(db: Session, lucia: Registration, at: datetime) -> None:
    def check(**values: Any) -> None:
        found = {"storage": True, "clock_offset_ms": 0, "round_trip_ms": 80, "announcement_heard": None, **values}
        db.add(DeviceCheck(registration_id=lucia.id, at=at, user_agent="", **found))

    check(storage=False, announcement_heard=False)
    assert oddities(db, lucia, at) == [("check_announcement", 0), ("check_storage", 0)]
    check(round_trip_ms=5000, clock_offset_ms=600_000)
    assert oddities(db, lucia, at) == [("check_connection", 0), ("clock", 10)]
    check()
    assert oddities(db, lucia, at) == []


# How many answers


def save(db: Session, part: AttemptPart, *answers: tuple[str, str], kind: EventKind = EventKind.ANSWER) -> None:
    db.refresh(part)
    events = [Event(kind, item, value, "0") for item, value in answers]
    log.save(db, factories.ticket(part), Batch(part.last_seq, part.chain, events), at=part.started_at)


def test_answers_are_counted_as_they_stand_now(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime
) -> None:
    counts = []
    for answers in ([], [("TF-0001", "a"), ("TF-0002", "b")], [("TF-0001", "c")], [("TF-0002", "")]):
        save(db, part, *answers)
        counts.append(seat_of(db, lucia, at).answered)
    save(db, part, ("TF-0003", "1"), kind=EventKind.FLAG)
    assert [*counts, seat_of(db, lucia, at).answered] == [0, 2, 2, 1, 1]


def test_a_look_reads_only_what_is_new(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    count_on = answered.count_on

    def counting(before: answered.Counted, events: list[answered.Logged]) -> answered.Counted | None:
        read.append(len(events))
        return count_on(before, events)

    monkeypatch.setattr(answered, "count_on", counting)
    monkeypatch.setattr(answered, "known", {})
    save(db, part, *[("TF-0001", "a")] * 30)
    assert [seat_of(db, lucia, at).answered for _look in range(2)] == [1, 1]
    save(db, part, ("TF-0002", "a"))
    assert seat_of(db, lucia, at).answered == 2
    assert read == [30, 2]  # the second look needs none, the third the new one and the last it knows


def test_a_log_that_is_not_the_one_that_was_counted_is_counted_anew(
    db: Session, lucia: Registration, part: AttemptPart, at: datetime
) -> None:
    save(db, part, ("TF-0001", "a"))
    answered.known[part.id] = answered.Counted(1, "another history", frozenset({"TF-0003", "TF-0004"}))
    assert seat_of(db, lucia, at).answered == 1
    answered.known[part.id] = answered.Counted(7, "a longer one", frozenset({"TF-0003", "TF-0004"}))
    with statements_seen() as seen:
        assert seat_of(db, lucia, at).answered == 1
    assert len(seen) == 5
