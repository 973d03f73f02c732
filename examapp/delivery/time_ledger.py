"""The time ledger of a part: its rows, and the deadline that follows from them, from stops of the clock and the window.

Whoever changes the time of a part holds its row first and reads it again, so that the deeds of two people add up.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from examapp.delivery import clock
from examapp.delivery.models import Attempt, AttemptPart, ClockStop, StopKind, TimeAdjustment, TimeKind
from examapp.registration.models import Registration
from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PartRules


@dataclass(frozen=True)
class HeldPart:
    """An open part whose row this transaction holds, and the stop that its clock stands in."""

    part: AttemptPart
    stop: ClockStop | None

    @property
    def candidate_id(self) -> int:
        return self.part.attempt.registration.candidate_id


# Opening


def extra_seconds(registration: Registration, minutes: int) -> int:
    """What the accommodation in force adds to an allowance."""
    granted = registration.accommodation
    return granted.extra_seconds(minutes) if granted else 0


def planned_deadline(registration: Registration, minutes: int, at: datetime) -> datetime:
    """When a part would end if it were started at this moment."""
    ledger = (clock.allowance(minutes), extra_seconds(registration, minutes))
    return clock.deadline(at, ledger, registration.administration.closes_at)


def opening_ledger(registration: Registration, rules: PartRules, at: datetime) -> list[TimeAdjustment]:
    rows = [
        TimeAdjustment(
            kind=TimeKind.ALLOWANCE, seconds=clock.allowance(rules.minutes), reason="Exam policy.", at=at, by_id=None
        )
    ]
    extra = extra_seconds(registration, rules.minutes)
    if extra:
        rows.append(
            TimeAdjustment(
                kind=TimeKind.ACCOMMODATION, seconds=extra, reason="Accommodation granted.", at=at, by_id=None
            )
        )
    return rows


# Reading


def break_left(part: AttemptPart) -> int:
    """The seconds of the candidate's own breaks that are not in the ledger yet."""
    granted = part.attempt.registration.accommodation
    taken = sum(row.seconds for row in part.adjustments if row.kind is TimeKind.BREAK)
    return max(0, granted.break_minutes * 60 - taken) if granted else 0


def open_stops(session: Session, part_ids: Collection[int]) -> dict[int, ClockStop]:
    """The stops that nobody has ended, by part. A break among them may be used up: see ``used_up_at``."""
    stops = session.scalars(select(ClockStop).where(ClockStop.part_id.in_(part_ids), ClockStop.ended_at.is_(None)))
    return {stop.part_id: stop for stop in stops}


def used_up_at(part: AttemptPart, stop: ClockStop) -> datetime | None:
    """When a break ends by itself; None for a pause."""
    return stop.started_at + timedelta(seconds=break_left(part)) if stop.kind is StopKind.BREAK else None


def is_used_up(part: AttemptPart, stop: ClockStop, at: datetime) -> bool:
    ends = used_up_at(part, stop)
    return ends is not None and ends <= at


# Changing


def hold(session: Session, part_ids: Collection[int], *, at: datetime) -> list[HeldPart]:
    """Those of the parts that are open, held to the end of the transaction in one order and read anew.

    A break that is used up is ended on the way, so that nobody counts it as standing still.
    """
    held = session.scalars(
        select(AttemptPart.id)
        .where(AttemptPart.id.in_(part_ids), AttemptPart.closed_at.is_(None), AttemptPart.accepts_until > at)
        .order_by(AttemptPart.id)
        .with_for_update()
    ).all()
    parts = read_anew(session, held)
    stops = open_stops(session, [part.id for part in parts if part.stopped_left is not None])
    for part in parts:
        stop = stops.get(part.id)
        if stop and is_used_up(part, stop, at):
            record(
                session, part, "part.break_ended", by=None, at=at, **end_stop(part, stops.pop(part.id), at=at, by=None)
            )
    session.flush()
    return [HeldPart(part, stops.get(part.id)) for part in parts]


def read_anew(session: Session, part_ids: Collection[int]) -> Sequence[AttemptPart]:
    """Parts with their ledgers, registrations and windows as they are now, whatever was read before."""
    return session.scalars(
        select(AttemptPart)
        .where(AttemptPart.id.in_(part_ids))
        .order_by(AttemptPart.id)
        .options(
            selectinload(AttemptPart.adjustments),
            joinedload(AttemptPart.attempt).joinedload(Attempt.registration).joinedload(Registration.administration),
        )
        .execution_options(populate_existing=True)
    ).all()


def reckon(part: AttemptPart, stop: ClockStop | None) -> None:
    """Bring the deadline in step with the ledger, the stop and the window. The grace stays what it was."""
    grace = part.accepts_until - part.deadline_at
    ledger = [row.seconds for row in part.adjustments]
    part.deadline_at = deadline_under(part, stop, part.attempt.registration.administration.closes_at)
    part.accepts_until = part.deadline_at + grace
    part.stopped_left = clock.stopped_left(part.started_at, ledger, stop.started_at) if stop else None


def deadline_under(part: AttemptPart, stop: ClockStop | None, closes_at: datetime) -> datetime:
    """The deadline if the window closes then; while the clock stands still, when the part would end by itself."""
    ledger = [row.seconds for row in part.adjustments]
    if stop is None:
        return clock.deadline(part.started_at, ledger, closes_at)
    break_seconds = break_left(part) if stop.kind is StopKind.BREAK else None
    return clock.latest_end(part.started_at, ledger, closes_at, break_seconds)


def end_stop(part: AttemptPart, stop: ClockStop, *, at: datetime, by: int | None) -> dict[str, object]:
    """End a stop and write its length into the ledger; what the trail says of it. A used-up break has ended before."""
    used_up = used_up_at(part, stop)
    by_itself = used_up is not None and used_up <= at
    stop.ended_at = max(stop.started_at, used_up if used_up and by_itself else at)
    stop.ended_by_id = None if by_itself else by
    seconds = clock.elapsed(stop.started_at, stop.ended_at)
    part.adjustments.append(
        TimeAdjustment(
            kind=TimeKind(stop.kind.value),
            seconds=seconds,
            reason=stop.reason,
            at=stop.ended_at,
            by_id=stop.ended_by_id,
        )
    )
    reckon(part, None)
    return {"seconds": seconds, "deadline": part.deadline_at.isoformat()}


def end_stops_of_closed(session: Session, part_ids: Collection[int]) -> None:
    """Bring the ledgers of parts in order that were closed while their clocks stood still."""
    stops = open_stops(session, part_ids)
    for part in read_anew(session, part_ids):
        if part.closed_at:
            end_stop(part, stops[part.id], at=part.closed_at, by=None)
    session.flush()


def give_time(
    session: Session, parts: Collection[AttemptPart], *, seconds: int, reason: str, by: int, at: datetime
) -> int:
    """Give time back to candidates who are writing; to how many. The window's end stays the end."""
    if seconds <= 0:
        raise RuleViolation("Give at least one minute.")
    if not reason.strip():
        raise RuleViolation("Write down why the time is given back.")
    held = hold(session, [part.id for part in parts], at=at)
    if not held:
        raise RuleViolation("This part is closed, so no time can be given back to it.")
    for each in held:
        each.part.adjustments.append(
            TimeAdjustment(kind=TimeKind.GIVEN_BACK, seconds=seconds, reason=reason.strip(), at=at, by_id=by)
        )
        reckon(each.part, each.stop)
    session.flush()
    for each in held:
        record(
            session, each.part, "part.time_given", by=by, at=at,
            seconds=seconds, reason=reason.strip(), deadline=each.part.deadline_at.isoformat(),
        )  # fmt: skip
    return len(held)


def record(session: Session, part: AttemptPart, deed: str, *, by: int | None, at: datetime, **details: object) -> None:
    registration_id = part.attempt.registration_id
    audit.record(session, deed, "registration", registration_id, by=by, at=at, part=part.part, **details)
