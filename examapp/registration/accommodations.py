"""Accommodations: extra time, granted before the first part starts."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from examapp.registration import mails
from examapp.registration.models import Accommodation, Registration
from examapp.registration.registrations import record_deed, refuse_inactive, refuse_own
from question_bank.errors import RuleViolation
from question_bank.exam_policy import ExamPolicy

USUAL_FACTORS = (Decimal("1.25"), Decimal("1.5"), Decimal(2))
LARGEST_FACTOR = Decimal(3)


def grant(
    session: Session, registration: Registration, *, factor: Decimal, reason: str, by: int, at: datetime
) -> Accommodation:
    """Multiply the time of every part. An earlier grant is revoked by the new one."""
    refuse_own(registration.candidate_id, by)
    refuse_late(registration)
    if not 1 < factor <= LARGEST_FACTOR:
        raise RuleViolation("Extra time is a factor above 1 and up to 3.")
    if not reason.strip():
        raise RuleViolation("Write down on what the accommodation rests.")
    if registration.accommodation:
        end(registration.accommodation, by=by, at=at)
    accommodation = Accommodation(factor=factor, reason=reason.strip(), granted_at=at, granted_by_id=by)
    registration.accommodations.append(accommodation)
    record_deed(session, registration, "accommodation_granted", by=by, at=at, factor=str(factor))
    session.flush()
    mails.accommodation_granted(session, registration, accommodation, at=at)
    session.flush()
    return accommodation


def revoke(session: Session, registration: Registration, *, by: int, at: datetime) -> None:
    """Take the extra time back."""
    refuse_own(registration.candidate_id, by)
    refuse_late(registration)
    if registration.accommodation is None:
        raise RuleViolation("No extra time is in force.")
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
