"""Rooms, who is registered in one, and the parts being written there."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import attempts
from examapp.delivery.models import Attempt, AttemptPart
from examapp.delivery.waiting_room import EARLY
from examapp.registration.models import Administration, Registration
from examapp.registration.real import real_administrations
from question_bank.errors import RuleViolation


def rooms() -> Select[Administration]:
    """Administrations with a room, the one whose window is latest first."""
    return real_administrations().where(Administration.cancelled_at.is_(None)).order_by(Administration.opens_at.desc())


def seating(administration: Administration) -> Select[Registration]:
    """The registrations of a room, by the candidate's name."""
    return (
        select(Registration)
        .join(User, User.id == Registration.candidate_id)
        .where(Registration.administration_id == administration.id)
        .order_by(User.name, Registration.id)
    )


def ended(part: AttemptPart, at: datetime) -> bool:
    """Closed, or so long past its time that whoever reads it next will close it."""
    return part.closed_at is not None or attempts.is_overdue(part, at)


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
    """How many candidates have not been admitted, of the rooms whose waiting room is open."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Registration)
            .join(Registration.administration)
            .where(
                Administration.proctored,
                Administration.cancelled_at.is_(None),
                Administration.opens_at <= at + EARLY,
                Administration.closes_at > at,
                Registration.admitted_at.is_(None),
                Registration.withdrawn_at.is_(None),
                Registration.voided_at.is_(None),
            )
        )
        or 0
    )
