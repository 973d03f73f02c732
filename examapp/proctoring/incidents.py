"""What a proctor writes down about the room or about one candidate."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.proctoring.models import Incident, IncidentCategory
from examapp.registration.models import Administration, Registration
from question_bank import audit
from question_bank.errors import RuleViolation


def record_incident(
    session: Session,
    administration: Administration,
    *,
    registration: Registration | None,
    category: IncidentCategory,
    description: str,
    by: int,
    at: datetime,
) -> Incident:
    """Write an incident down; it stays as it is."""
    if not description.strip():
        raise RuleViolation("Describe what happened.")
    incident = Incident(
        administration_id=administration.id,
        registration_id=registration.id if registration else None,
        category=category,
        description=description.strip(),
        at=at,
        by_id=by,
    )
    session.add(incident)
    session.flush()
    audit.record(session, "incident.recorded", "incident", incident.id, by=by, at=at, category=category)
    return incident


def incidents_of(session: Session, administration: Administration) -> list[Incident]:
    """The latest first."""
    return list(
        session.scalars(
            select(Incident).where(Incident.administration_id == administration.id).order_by(Incident.id.desc())
        )
    )
