"""The room as a proctor sees it: who waits, who writes, how long still. Never an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import attempts
from examapp.delivery.models import Attempt, AttemptPart, LateEvent
from examapp.delivery.responses import answered_counts
from examapp.registration.models import Administration, Registration
from question_bank.errors import RuleViolation

# A browser asks the time every fifteen seconds: after three times without a word it is out of touch.
OUT_OF_TOUCH = timedelta(seconds=45)


class SeatState(StrEnum):
    ABSENT = "absent"  # not admitted yet
    ADMITTED = "admitted"  # may start a part
    WRITING = "writing"
    CLOSED = "closed"  # every part is handed in
    ENDED = "ended"  # withdrawn or void


@dataclass(frozen=True)
class Seat:
    """One candidate in the room, with the part they are in or took last."""

    registration: Registration
    part: AttemptPart | None
    state: SeatState
    answered: int
    parts_closed: int
    out_of_touch: bool
    # Changes that arrived after the end of a part: kept apart, not scored.
    late: int


def rooms() -> Select[Administration]:
    """Administrations with a room, the one whose window is latest first."""
    return select(Administration).where(Administration.cancelled_at.is_(None)).order_by(Administration.opens_at.desc())


def seating(administration: Administration) -> Select[Registration]:
    """The registrations of a room, by the candidate's name."""
    return (
        select(Registration)
        .join(User, User.id == Registration.candidate_id)
        .where(Registration.administration_id == administration.id)
        .order_by(User.name, Registration.id)
    )


def seats(session: Session, registrations: Sequence[Registration], at: datetime) -> list[Seat]:
    rows = session.execute(
        select(Attempt.registration_id, AttemptPart)
        .join(Attempt, Attempt.id == AttemptPart.attempt_id)
        .where(Attempt.registration_id.in_([registration.id for registration in registrations]))
        .order_by(AttemptPart.id)
    ).all()
    part_ids = [part.id for _registration_id, part in rows]
    answered, late = answered_counts(session, part_ids), late_counts(session, part_ids)
    taken: dict[int, list[AttemptPart]] = {}
    for registration_id, part in rows:
        taken.setdefault(registration_id, []).append(part)
    return [seat_of(registration, taken.get(registration.id, []), answered, late, at) for registration in registrations]


def late_counts(session: Session, part_ids: Sequence[int]) -> dict[int, int]:
    counts = select(LateEvent.part_id, func.count()).where(LateEvent.part_id.in_(part_ids)).group_by(LateEvent.part_id)
    return dict(session.execute(counts).all())


def seat_of(
    registration: Registration, parts: list[AttemptPart], answered: dict[int, int], late: dict[int, int], at: datetime
) -> Seat:
    current = parts[-1] if parts else None
    closed = sum(ended(part, at) for part in parts)
    writing = current is not None and not ended(current, at)
    return Seat(
        registration=registration,
        part=current,
        state=state_of(registration, writing, closed),
        answered=answered.get(current.id, 0) if current else 0,
        parts_closed=closed,
        out_of_touch=writing and current is not None and at - current.last_seen_at > OUT_OF_TOUCH,
        late=sum(late.get(part.id, 0) for part in parts),
    )


def ended(part: AttemptPart, at: datetime) -> bool:
    """Closed, or so long past its time that whoever reads it next will close it."""
    return part.closed_at is not None or attempts.is_overdue(part, at)


def state_of(registration: Registration, writing: bool, parts_closed: int) -> SeatState:
    if parts_closed >= len(registration.parts):
        return SeatState.CLOSED
    if not registration.active:
        return SeatState.ENDED
    if writing:
        return SeatState.WRITING
    if registration.administration.proctored and registration.admitted_at is None:
        return SeatState.ABSENT
    return SeatState.ADMITTED


def open_parts(session: Session, administration: Administration, at: datetime) -> list[AttemptPart]:
    """The parts being written now."""
    return list(
        session.scalars(
            select(AttemptPart)
            .join(AttemptPart.attempt)
            .join(Attempt.registration)
            .where(
                Registration.administration_id == administration.id,
                AttemptPart.closed_at.is_(None),
                AttemptPart.accepts_until > at,
            )
            .order_by(AttemptPart.id)
        )
    )


def open_part_of(session: Session, registration: Registration, at: datetime) -> AttemptPart:
    """The part this candidate is writing; a rule when there is none."""
    attempt = attempts.attempt_of(session, registration)
    open_now = [part for part in attempt.parts if not ended(part, at)] if attempt else []
    if not open_now:
        raise RuleViolation("%(name)s is not writing now.", name=registration.candidate.name)
    return open_now[-1]


def waiting_for_admission(session: Session, at: datetime) -> int:
    """How many candidates of rooms open now have not been admitted."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Registration)
            .join(Registration.administration)
            .where(
                Administration.proctored,
                Administration.cancelled_at.is_(None),
                Administration.opens_at <= at,
                Administration.closes_at > at,
                Registration.admitted_at.is_(None),
                Registration.withdrawn_at.is_(None),
                Registration.voided_at.is_(None),
            )
        )
        or 0
    )
