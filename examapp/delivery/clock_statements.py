"""How the end of a part came about, row by row: for the staff who are asked "why then?"."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import clock, clock_stops
from examapp.delivery.models import Attempt, AttemptPart, ClockStop, StopKind, TimeAdjustment


class EndsBy(StrEnum):
    """What decides when the part ends."""

    LEDGER = "ledger"
    WINDOW = "window"
    PAUSE = "pause"  # nothing yet: the clock stands still
    BREAK = "break"
    HANDED_IN = "handed_in"


@dataclass(frozen=True)
class ClockStatement:
    """One part: its ledger, its stops, and the end that follows from them."""

    part: AttemptPart
    rows: list[TimeAdjustment]
    stops: list[ClockStop]
    # The stop that the clock stands in now.
    stop: ClockStop | None
    ends_by: EndsBy
    ledger_seconds: int
    # Start and ledger alone, were there no window.
    ledger_end: datetime
    # What a stopped clock shows.
    left: int
    breaks_left: int
    grace_seconds: int


def statements_of(session: Session, attempt: Attempt, at: datetime) -> list[ClockStatement]:
    return [statement_of(session, part, at) for part in attempt.parts]


def statement_of(session: Session, part: AttemptPart, at: datetime) -> ClockStatement:
    seconds = [row.seconds for row in part.adjustments]
    stops = session.scalars(select(ClockStop).where(ClockStop.part_id == part.id).order_by(ClockStop.id)).all()
    stop = clock_stops.current_stop(session, part, at)
    return ClockStatement(
        part=part,
        rows=list(part.adjustments),
        stops=list(stops),
        stop=stop,
        ends_by=ends_by(part, stop),
        ledger_seconds=sum(seconds),
        ledger_end=clock.ledger_end(part.started_at, seconds),
        left=clock.seconds_left(part.deadline_at, part.stopped_left, at),
        breaks_left=clock_stops.break_left(part, stop, at),
        grace_seconds=round((part.accepts_until - part.deadline_at).total_seconds()),
    )


def ends_by(part: AttemptPart, stop: ClockStop | None) -> EndsBy:
    if part.closed_at and part.closed_at < part.deadline_at:
        return EndsBy.HANDED_IN
    if stop:
        return EndsBy.PAUSE if stop.kind is StopKind.PAUSE else EndsBy.BREAK
    ledger_end = clock.ledger_end(part.started_at, (row.seconds for row in part.adjustments))
    return EndsBy.WINDOW if part.deadline_at < ledger_end else EndsBy.LEDGER


def names_in(session: Session, statements: Collection[ClockStatement]) -> dict[int, str]:
    """The names of everybody who wrote a row, or started or ended a stop."""
    ids = {row.by_id for statement in statements for row in statement.rows}
    ids |= {person for each in statements for stop in each.stops for person in (stop.started_by_id, stop.ended_by_id)}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(ids - {None}))).all())
