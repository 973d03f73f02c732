"""What a proctor writes down about the room or about one candidate."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from examapp.accounts.models import User
from examapp.delivery.models import Attempt, AttemptPart, ClosedBy
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


@dataclass(frozen=True)
class IncidentRow:
    """An incident with the names that belong to it."""

    incident: Incident
    by: str
    # Empty when it concerns everybody in the room.
    candidate: str
    registration: str
    # Whether a part was ended for it.
    ended_part: bool


def incidents_of(session: Session, administration: Administration) -> list[IncidentRow]:
    """The latest first."""
    candidate, writer = aliased(User), aliased(User)
    ended = (
        select(AttemptPart.id)
        .join(Attempt, Attempt.id == AttemptPart.attempt_id)
        .where(
            Attempt.registration_id == Incident.registration_id,
            AttemptPart.closed_by == ClosedBy.STAFF,
            AttemptPart.closed_at == Incident.at,
        )
        .exists()
    )
    rows = session.execute(
        select(Incident, writer.name, candidate.name, Registration.code, ended)
        .join(writer, writer.id == Incident.by_id)
        .outerjoin(Registration, Registration.id == Incident.registration_id)
        .outerjoin(candidate, candidate.id == Registration.candidate_id)
        .where(Incident.administration_id == administration.id)
        .order_by(Incident.id.desc())
    )
    return [
        IncidentRow(incident, by, name or "", code or "", bool(ended_part))
        for incident, by, name, code, ended_part in rows
    ]
