"""Whose clocks a proctor works on: of one, of some, of all who are writing. Never their own."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.delivery import clock_stops
from examapp.delivery.models import AttemptPart, StopKind
from examapp.proctoring import room
from examapp.registration.models import Administration
from question_bank.errors import RuleViolation


def parts_of_others(session: Session, administration: Administration, *, by: int, at: datetime) -> list[AttemptPart]:
    """The parts being written by others than this proctor."""
    parts = room.open_parts(session, administration, at)
    return [part for part in parts if part.attempt.registration.candidate_id != by]


def parts_to_work_on(
    session: Session, administration: Administration, *, by: int, at: datetime, codes: Collection[str] | None = None
) -> list[AttemptPart]:
    """Everybody's, or those of the registrations with these codes; a rule when nobody of them is writing."""
    parts = [
        part
        for part in parts_of_others(session, administration, by=by, at=at)
        if codes is None or part.attempt.registration.code in codes
    ]
    if not parts:
        raise RuleViolation("Nobody is writing now.")
    return parts


def paused_parts(session: Session, administration: Administration, *, by: int, at: datetime) -> list[AttemptPart]:
    """The parts of others whose clocks a proctor has stopped."""
    parts = parts_of_others(session, administration, by=by, at=at)
    stops = clock_stops.current_stops(session, parts, at)
    return [part for part in parts if part.id in stops and stops[part.id].kind is StopKind.PAUSE]
