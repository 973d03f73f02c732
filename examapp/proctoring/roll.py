"""The roll of a room: its registrations and the parts taken, each in one plain statement for all of the room.

Read every few seconds for hundreds of people: moments that only have to be compared are compared by the database, and
the rows become named tuples, because a row of the database takes ten times as long to say a value by its name.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import String, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery.models import Attempt, AttemptPart, ClockStop, DeviceCheck, LateEvent, StopKind
from examapp.registration.models import Administration, Registration

# A page of the exam or of the waiting room speaks every fifteen seconds: after three times without a word it is gone.
OUT_OF_TOUCH = timedelta(seconds=45)


class Registered(NamedTuple):
    """A registration of the room with its last device check."""

    id: int
    code: str
    candidate_id: int
    name: str
    # Heard of in the waiting room; None when never.
    waiting: bool | None
    admitted: bool
    ended: bool
    # A list in JSON: reading it for everybody would cost more than all the rest.
    parts: str
    storage: bool | None
    clock_offset_ms: int | None
    round_trip_ms: int | None
    announcement_heard: bool | None


class PartTaken(NamedTuple):
    """A part with what stops its clock and how many changes came late."""

    id: int
    registration_id: int
    part: str
    # Neither closed nor so long past its time that whoever reads it next will close it.
    open: bool
    deadline_at: datetime
    last_seen_at: datetime
    lease_epoch: int
    last_seq: int
    chain: str
    stopped_left: int | None
    stop: StopKind | None
    unsent: int
    clock_offset_ms: int | None
    late: int


def registrations_of(session: Session, administration: Administration, at: datetime) -> list[Registered]:
    """By name."""
    values = {"administration": administration.id, "since": at - OUT_OF_TOUCH}
    return [Registered._make(row) for row in session.execute(REGISTRATIONS, values)]


def parts_of(session: Session, administration: Administration, at: datetime) -> list[PartTaken]:
    """In the order in which they were started."""
    values = {"administration": administration.id, "at": at}
    return [PartTaken._make(row) for row in session.execute(PARTS, values)]


LAST_CHECK = select(func.max(DeviceCheck.id)).where(DeviceCheck.registration_id == Registration.id)

REGISTRATIONS = (
    select(
        Registration.id, Registration.code, Registration.candidate_id, User.name,
        Registration.waiting_seen_at >= bindparam("since"), Registration.admitted_at.is_not(None),
        or_(Registration.withdrawn_at.is_not(None), Registration.voided_at.is_not(None)),
        cast(Registration.parts, String),
        DeviceCheck.storage, DeviceCheck.clock_offset_ms, DeviceCheck.round_trip_ms, DeviceCheck.announcement_heard,
    )
    .join(User, User.id == Registration.candidate_id)
    .outerjoin(DeviceCheck, DeviceCheck.id == LAST_CHECK.correlate(Registration).scalar_subquery())
    .where(Registration.administration_id == bindparam("administration"))
    .order_by(User.name, Registration.id)
)  # fmt: skip

LATE = select(func.count()).where(LateEvent.part_id == AttemptPart.id).scalar_subquery()

PARTS = (
    select(
        AttemptPart.id, Attempt.registration_id, AttemptPart.part,
        and_(AttemptPart.closed_at.is_(None), AttemptPart.accepts_until > bindparam("at")),
        AttemptPart.deadline_at, AttemptPart.last_seen_at, AttemptPart.lease_epoch, AttemptPart.last_seq,
        AttemptPart.chain, AttemptPart.stopped_left, ClockStop.kind, AttemptPart.unsent, AttemptPart.clock_offset_ms,
        LATE,
    )
    .join(Attempt, Attempt.id == AttemptPart.attempt_id)
    .join(Registration, Registration.id == Attempt.registration_id)
    .outerjoin(ClockStop, (ClockStop.part_id == AttemptPart.id) & ClockStop.ended_at.is_(None))
    .where(Registration.administration_id == bindparam("administration"))
    .order_by(AttemptPart.id)
)  # fmt: skip
