"""Times in which the clock of a part stands still: a pause by the proctor, a break by the candidate.

One stop at a time. A pause ends a break that is running, so that an alarm costs nobody the minutes of their break.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.delivery import clock, time_ledger
from examapp.delivery.models import AttemptPart, ClockStop, StopKind
from examapp.delivery.time_ledger import HeldPart
from question_bank.errors import RuleViolation

# What stands in the ledger as the reason of a break.
BREAK_REASON = "Break of the accommodation."


def current_stop(session: Session, part: AttemptPart, at: datetime) -> ClockStop | None:
    """The stop that the clock of a part stands in at this moment; None while it runs."""
    return current_stops(session, [part], at).get(part.id)


def current_stops(session: Session, parts: Collection[AttemptPart], at: datetime) -> dict[int, ClockStop]:
    """The same for many, by part."""
    stopped = {part.id: part for part in parts if part.stopped_left is not None and part.closed_at is None}
    stops = time_ledger.open_stops(session, stopped) if stopped else {}
    return {key: stop for key, stop in stops.items() if not time_ledger.is_used_up(stopped[key], stop, at)}


def break_left(part: AttemptPart, stop: ClockStop | None, at: datetime) -> int:
    """The seconds of breaks the candidate still has, while one is running too."""
    left = time_ledger.break_left(part)
    if stop is None or stop.kind is not StopKind.BREAK:
        return left
    return max(0, left - clock.elapsed(stop.started_at, at))


# By the proctor


def pause(session: Session, parts: Collection[AttemptPart], *, reason: str, by: int, at: datetime) -> int:
    """Stop the clocks of these parts; how many ran until now. A clock that stands still already is left as it is."""
    if not reason.strip():
        raise RuleViolation("Write down why the clock is stopped.")
    held = time_ledger.hold(session, [part.id for part in parts], at=at)
    running = [each.part for each in held if not (each.stop and each.stop.kind is StopKind.PAUSE)]
    for each in held:
        if each.stop and each.stop.kind is StopKind.BREAK:
            end(session, each.part, each.stop, by=by, at=at)
    session.flush()  # one stop at a time: the break has ended before the pause begins
    running = [part for part in running if part.deadline_at > at]
    if not running:
        raise RuleViolation("No clock is running here that could be paused.")
    for part in running:
        begin(session, part, StopKind.PAUSE, reason=reason.strip(), by=by, at=at)
    session.flush()
    return len(running)


def resume(session: Session, parts: Collection[AttemptPart], *, by: int, at: datetime) -> int:
    """Let the clocks run on that a proctor has paused; how many. A break is its candidate's to end."""
    held = time_ledger.hold(session, [part.id for part in parts], at=at)
    paused = [(each.part, each.stop) for each in held if each.stop and each.stop.kind is StopKind.PAUSE]
    if not paused:
        raise RuleViolation("No clock is paused here.")
    for part, stop in paused:
        end(session, part, stop, by=by, at=at)
    session.flush()
    return len(paused)


# By the candidate


def start_break(session: Session, part: AttemptPart, *, at: datetime) -> None:
    """The candidate stops the clock out of the minutes of their accommodation. Safe to repeat."""
    held = hold_own(session, part, at)
    if held.stop and held.stop.kind is StopKind.BREAK:
        return
    if held.stop:
        raise RuleViolation("The proctor has stopped the clock.")
    if held.part.deadline_at <= at:
        raise RuleViolation("The time of this part is up.")
    if not time_ledger.break_left(held.part):
        raise RuleViolation("No minutes of a break are left for this part.")
    begin(session, held.part, StopKind.BREAK, reason=BREAK_REASON, by=held.candidate_id, at=at)
    session.flush()


def end_break(session: Session, part: AttemptPart, *, at: datetime) -> None:
    """The candidate goes on writing. Safe to repeat, and after the break has ended by itself."""
    held = hold_own(session, part, at)
    if held.stop and held.stop.kind is StopKind.BREAK:
        end(session, held.part, held.stop, by=held.candidate_id, at=at)
        session.flush()


def hold_own(session: Session, part: AttemptPart, at: datetime) -> HeldPart:
    held = time_ledger.hold(session, [part.id], at=at)
    if not held:
        raise RuleViolation("This part is closed.")
    return held[0]


def is_unsettled(session: Session, part: AttemptPart, at: datetime) -> bool:
    """Whether a break is used up that the ledger does not know of yet."""
    return part.closed_at is None and part.stopped_left is not None and current_stop(session, part, at) is None


def settle(session: Session, part_ids: Collection[int], *, at: datetime) -> None:
    """Write breaks that are used up into their ledgers: whoever reads the parts next is told the truth."""
    time_ledger.hold(session, part_ids, at=at)


# What both do


def begin(session: Session, part: AttemptPart, kind: StopKind, *, reason: str, by: int, at: datetime) -> None:
    # A server whose clock was set back must not stop a part before it began.
    stop = ClockStop(part_id=part.id, kind=kind, reason=reason, started_at=max(at, part.started_at), started_by_id=by)
    session.add(stop)
    time_ledger.reckon(part, stop)
    deed = "part.break_started" if kind is StopKind.BREAK else "part.paused"
    time_ledger.record(session, part, deed, by=by, at=at, reason="" if kind is StopKind.BREAK else reason)


def end(session: Session, part: AttemptPart, stop: ClockStop, *, by: int, at: datetime) -> None:
    deed = "part.break_ended" if stop.kind is StopKind.BREAK else "part.resumed"
    time_ledger.record(session, part, deed, by=by, at=at, **time_ledger.end_stop(part, stop, at=at, by=by))
