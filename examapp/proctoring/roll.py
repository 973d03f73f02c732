"""The roll of a room: its registrations and the parts taken, each in one plain statement for all of the room.

The rows become named tuples, because a row of the database takes ten times as long to say a value by its name.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Executable, String, cast, func, or_, select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery.models import Attempt, AttemptPart, ClockStop, DeviceCheck, LateEvent, StopKind
from examapp.registration.models import Administration, Registration


class Registered(NamedTuple):
    """A registration of the room with its last device check."""

    id: int
    code: str
    candidate_id: int
    name: str
    waiting_seen_at: datetime | None
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
    deadline_at: datetime
    accepts_until: datetime
    closed: bool
    lease_epoch: int
    last_seq: int
    chain: str
    last_seen_at: datetime
    stopped_left: int | None
    unsent: int
    clock_offset_ms: int | None
    stop: StopKind | None
    late: int


def registrations_of(session: Session, administration: Administration) -> list[Registered]:
    """By name."""
    return [Registered._make(row) for row in session.execute(select_registrations(administration))]


def parts_of(session: Session, administration: Administration) -> list[PartTaken]:
    """In the order in which they were started."""
    return [PartTaken._make(row) for row in session.execute(select_parts(administration))]


def select_registrations(administration: Administration) -> Executable:
    checks = select(func.max(DeviceCheck.id)).where(DeviceCheck.registration_id == Registration.id)
    last_check = checks.correlate(Registration).scalar_subquery()
    return (
        select(
            Registration.id, Registration.code, Registration.candidate_id, User.name, Registration.waiting_seen_at,
            Registration.admitted_at.is_not(None),
            or_(Registration.withdrawn_at.is_not(None), Registration.voided_at.is_not(None)),
            cast(Registration.parts, String),
            DeviceCheck.storage, DeviceCheck.clock_offset_ms, DeviceCheck.round_trip_ms, DeviceCheck.announcement_heard,
        )
        .join(User, User.id == Registration.candidate_id)
        .outerjoin(DeviceCheck, DeviceCheck.id == last_check)
        .where(Registration.administration_id == administration.id)
        .order_by(User.name, Registration.id)
    )  # fmt: skip


def select_parts(administration: Administration) -> Executable:
    late = select(func.count()).where(LateEvent.part_id == AttemptPart.id).scalar_subquery()
    return (
        select(
            AttemptPart.id, Attempt.registration_id, AttemptPart.part, AttemptPart.deadline_at,
            AttemptPart.accepts_until, AttemptPart.closed_at.is_not(None), AttemptPart.lease_epoch,
            AttemptPart.last_seq, AttemptPart.chain, AttemptPart.last_seen_at, AttemptPart.stopped_left,
            AttemptPart.unsent, AttemptPart.clock_offset_ms, ClockStop.kind, late,
        )
        .join(Attempt, Attempt.id == AttemptPart.attempt_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .outerjoin(ClockStop, (ClockStop.part_id == AttemptPart.id) & ClockStop.ended_at.is_(None))
        .where(Registration.administration_id == administration.id)
        .order_by(AttemptPart.id)
    )  # fmt: skip
