"""Several people at the same clock in the same moment: every deed counts once, none is lost, none undoes another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from examapp.db import Database
from examapp.delivery import attempts, clock_stops
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.delivery.time_ledger import give_time
from examapp.delivery.window_extensions import extend
from examapp.registration.administrations import extensions_of
from examapp.registration.models import Accommodation, Registration
from question_bank.errors import RuleViolation
from tests import factories
from tests.personas import Personas
from tests.statements import statements_seen

MINUTE = timedelta(minutes=1)

Deed = Callable[[Session, AttemptPart], object]
AtOnce = Callable[..., list[object]]


@pytest.fixture
def staff(personas: Personas) -> int:
    return personas.administrator().id


@pytest.fixture
def at_once(database: Database, db: Session, part: AttemptPart) -> AtOnce:
    """Carries the deeds out in as many transactions at the same time."""

    part_id = part.id

    def run(*deeds: Deed) -> list[object]:
        db.commit()  # on SQLite the test itself must not be the one everybody waits for
        ready = Barrier(len(deeds), timeout=10)

        def carry_out(deed: Deed) -> object:
            ready.wait()
            with database.sessions() as session:
                try:
                    result = deed(session, session.get_one(AttemptPart, part_id))
                except RuleViolation as violation:
                    return violation.args[0]
                session.commit()
                return result

        with ThreadPoolExecutor(len(deeds)) as pool:
            results = list(pool.map(carry_out, deeds))
        db.expire_all()
        return results

    return run


def test_minutes_given_by_several_at_once_add_up(at_once: AtOnce, part: AttemptPart, staff: int, at: datetime) -> None:
    given = at_once(
        *[lambda db, each: give_time(db, [each], seconds=300, reason="Alarm.", by=staff, at=at + MINUTE)] * 6
    )
    assert given == [1] * 6
    assert part.deadline_at == at + 120 * MINUTE


def test_of_several_who_pause_and_resume_at_once_one_does(
    at_once: AtOnce, part: AttemptPart, staff: int, at: datetime
) -> None:
    paused = at_once(*[lambda db, each: clock_stops.pause(db, [each], reason="Alarm.", by=staff, at=at + MINUTE)] * 4)
    assert paused.count(1) == 1
    resumed = at_once(*[lambda db, each: clock_stops.resume(db, [each], by=staff, at=at + 6 * MINUTE)] * 4)
    assert resumed.count(1) == 1
    assert part.deadline_at == at + 95 * MINUTE
    assert len(part.adjustments) == 2


def test_a_break_a_pause_and_minutes_given_at_once_all_count(
    breaks: Accommodation, at_once: AtOnce, part: AttemptPart, staff: int, at: datetime
) -> None:
    at_once(
        lambda db, each: clock_stops.start_break(db, each, at=at + MINUTE),
        lambda db, each: clock_stops.pause(db, [each], reason="Alarm.", by=staff, at=at + MINUTE),
        lambda db, each: give_time(db, [each], seconds=600, reason="Noise.", by=staff, at=at + MINUTE),
    )
    assert part.stopped_left == 99 * 60
    at_once(lambda db, each: clock_stops.resume(db, [each], by=staff, at=at + 6 * MINUTE))
    assert part.deadline_at == at + 105 * MINUTE


def test_closing_and_giving_time_at_once_leave_a_part_closed_within_its_time(
    at_once: AtOnce, part: AttemptPart, staff: int, at: datetime
) -> None:
    def close(db: Session, each: AttemptPart) -> bool:
        return attempts.close_part(db, each, closed_by=ClosedBy.CANDIDATE, at=at + MINUTE)

    at_once(
        close,
        lambda db, each: clock_stops.pause(db, [each], reason="Alarm.", by=staff, at=at + MINUTE),
        close,
    )
    assert (part.closed_at, part.stopped_left) == (at + MINUTE, None)
    assert part.deadline_at >= at + MINUTE


def test_a_longer_window_and_minutes_given_at_once_both_count(
    db: Session, sitting: Registration, at_once: AtOnce, part: AttemptPart, staff: int, at: datetime
) -> None:
    given = sitting.administration
    given.closes_at = part.deadline_at = at + 60 * MINUTE
    db.commit()
    seen = given.closes_at.isoformat()

    def longer(db: Session, each: AttemptPart) -> object:
        window = each.attempt.registration.administration
        return extend(db, window, seconds=3600, reason="Power.", seen=seen, by=staff, at=at + MINUTE).later

    at_once(
        longer,
        lambda db, each: give_time(db, [each], seconds=600, reason="Noise.", by=staff, at=at + MINUTE),
        lambda db, each: give_time(db, [each], seconds=600, reason="Noise.", by=staff, at=at + MINUTE),
        longer,
    )
    assert (given.closes_at, part.deadline_at) == (at + 120 * MINUTE, at + 110 * MINUTE)
    assert len(extensions_of(db, given)) == 1


def test_a_full_room_is_paused_with_as_many_questions_to_the_database_as_two_candidates(
    db: Session, sitting: Registration, personas: Personas, staff: int, at: datetime
) -> None:
    def room(size: int) -> list[AttemptPart]:
        return [
            factories.started_part(db, at, factories.registration(db, at, personas.candidate(), sitting.administration))
            for _n in range(size)
        ]

    counts = []
    for parts in (room(2), room(12)):
        db.commit()
        with statements_seen() as statements:
            assert clock_stops.pause(db, parts, reason="Alarm.", by=staff, at=at + MINUTE) == len(parts)
            assert clock_stops.resume(db, parts, by=staff, at=at + 2 * MINUTE) == len(parts)
        counts.append(sum(not statement.startswith("INSERT") for statement in statements))
    assert counts[0] == counts[1]
