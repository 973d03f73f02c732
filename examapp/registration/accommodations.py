"""Accommodations: more time, breaks and other arrangements, granted before the first part starts."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.registration import mails
from examapp.registration.models import Accommodation, Administration, Registration
from examapp.registration.registrations import record_deed, refuse_inactive, refuse_own
from question_bank.errors import RuleViolation
from question_bank.exam_policy import ExamPolicy

USUAL_FACTORS = (Decimal("1.25"), Decimal("1.5"), Decimal(2))
LARGEST_FACTOR = Decimal(3)
LARGEST_MINUTES = 240


def grant(
    session: Session,
    registration: Registration,
    *,
    factor: Decimal = Decimal(1),
    extra_minutes: int = 0,
    break_minutes: int = 0,
    arrangements: str = "",
    reason: str,
    by: int,
    at: datetime,
) -> Accommodation:
    """Change the conditions of every part. An earlier grant is revoked by the new one."""
    refuse_own(registration.candidate_id, by)
    refuse_late(registration)
    granted = Accommodation(
        factor=factor,
        extra_minutes=extra_minutes,
        break_minutes=break_minutes,
        arrangements=arrangements.strip(),
        reason=reason.strip(),
        granted_at=at,
        granted_by_id=by,
    )
    refuse_senseless(granted)
    if registration.accommodation:
        end(registration.accommodation, by=by, at=at)
    registration.accommodations.append(granted)
    record_deed(
        session, registration, "accommodation_granted", by=by, at=at, factor=str(factor),
        extra_minutes=extra_minutes, break_minutes=break_minutes, arrangements=granted.arrangements,
    )  # fmt: skip
    session.flush()
    mails.accommodation_granted(session, registration, granted, at=at)
    session.flush()
    return granted


def refuse_senseless(granted: Accommodation) -> None:
    if not 1 <= granted.factor <= LARGEST_FACTOR:
        raise RuleViolation("Extra time is a factor from 1 to 3.")
    if not (0 <= granted.extra_minutes <= LARGEST_MINUTES and 0 <= granted.break_minutes <= LARGEST_MINUTES):
        raise RuleViolation("Minutes are from 0 to %(most)s.", most=LARGEST_MINUTES)
    if granted.factor == 1 and not (granted.extra_minutes or granted.break_minutes or granted.arrangements):
        raise RuleViolation("Grant something: more time, minutes of breaks, or another arrangement.")
    if not granted.reason:
        raise RuleViolation("Write down on what the accommodation rests.")


def revoke(session: Session, registration: Registration, *, by: int, at: datetime) -> None:
    """Take the accommodation back."""
    refuse_own(registration.candidate_id, by)
    refuse_late(registration)
    if registration.accommodation is None:
        raise RuleViolation("No accommodation is in force.")
    end(registration.accommodation, by=by, at=at)
    record_deed(session, registration, "accommodation_revoked", by=by, at=at)
    mails.accommodation_revoked(session, registration, at=at)
    session.flush()


def end(accommodation: Accommodation, *, by: int, at: datetime) -> None:
    accommodation.revoked_at, accommodation.revoked_by_id = at, by


def refuse_late(registration: Registration) -> None:
    refuse_inactive(registration)
    if registration.started_at:
        raise RuleViolation("The first part has been started. Time can be given back in the exam room instead.")


def is_short_notice(registration: Registration, policy: ExamPolicy, at: datetime) -> bool:
    """Whether the policy asked for the request earlier. It may still be granted: people decide."""
    return at > registration.administration.opens_at - timedelta(days=policy.accommodation_notice_days)


def time_needed(registration: Registration, policy: ExamPolicy) -> timedelta:
    """What the parts of this candidate can take together, with their accommodation and its breaks."""
    minutes = [part.minutes for part in policy.parts if part.code in registration.parts]
    needed = timedelta(minutes=sum(minutes))
    granted = registration.accommodation
    if granted:
        breaks = granted.break_minutes * len(minutes)
        needed += timedelta(seconds=sum(map(granted.extra_seconds, minutes)), minutes=breaks)
    return needed


def accommodated(session: Session, administration: Administration) -> list[Registration]:
    """The registrations in force that have an accommodation, by name: for the proctor of the room."""
    return list(
        session.scalars(
            select(Registration)
            .join(Registration.candidate)
            .where(
                Registration.administration_id == administration.id,
                Registration.withdrawn_at.is_(None),
                Registration.voided_at.is_(None),
                Registration.accommodations.any(Accommodation.revoked_at.is_(None)),
            )
            .order_by(User.name, Registration.id)
        )
    )
