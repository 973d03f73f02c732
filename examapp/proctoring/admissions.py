"""Letting a candidate in: the proctor has seen who it is."""

from datetime import datetime

from sqlalchemy.orm import Session

from examapp.registration.models import Registration
from question_bank import audit
from question_bank.errors import RuleViolation


def admit(session: Session, registration: Registration, *, by: int, at: datetime) -> None:
    """Admit a candidate whose identity was checked. Safe to repeat; nobody admits themselves."""
    if registration.admitted_at:
        return
    if registration.candidate_id == by:
        raise RuleViolation("Somebody else must admit you.")
    if not registration.active or registration.administration.cancelled_at:
        raise RuleViolation("This registration is no longer in force.")
    if at >= registration.administration.closes_at:
        raise RuleViolation("The examination has closed.")
    registration.admitted_at, registration.admitted_by_id = at, by
    session.flush()
    audit.record(session, "registration.admitted", "registration", registration.id, by=by, at=at)
