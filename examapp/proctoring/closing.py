"""Ending a part before its candidate does: an incident, and written down as one."""

from datetime import datetime

from sqlalchemy.orm import Session

from examapp.delivery import attempts
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.proctoring.incidents import record_incident
from examapp.proctoring.models import IncidentCategory


def end_part(
    session: Session, part: AttemptPart, *, category: IncidentCategory, reason: str, by: int, at: datetime
) -> None:
    """Close the part for its candidate and write down why."""
    registration = part.attempt.registration
    record_incident(
        session, registration.administration, registration=registration,
        category=category, description=reason, by=by, at=at,
    )  # fmt: skip
    attempts.close_part(session, part, closed_by=ClosedBy.STAFF, at=at, by=by, reason=reason)
