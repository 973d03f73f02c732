"""Making the window of an administration longer while it lasts, and with it the parts that it would cut off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.delivery import time_ledger
from examapp.delivery.models import Attempt, AttemptPart
from examapp.registration import mails
from examapp.registration.administrations import active_registrations
from examapp.registration.models import Administration, Registration, WindowExtension
from question_bank import audit
from question_bank.errors import RuleViolation

LONGEST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True)
class Effects:
    """What a longer window changes."""

    closes_at: datetime
    # Parts being written, and those of them that get a later end: the window would have cut them off.
    writing: int
    later: int
    # Who has not started yet, and is told by mail.
    told: list[Registration]


def effects_of(session: Session, administration: Administration, *, seconds: int, at: datetime) -> Effects:
    closes_at = administration.closes_at + timedelta(seconds=seconds)
    parts = time_ledger.read_anew(session, open_part_ids(session, administration, at))
    stops = time_ledger.open_stops(session, [part.id for part in parts])
    ends = [time_ledger.deadline_under(part, stops.get(part.id), closes_at) for part in parts]
    return Effects(
        closes_at=closes_at,
        writing=len(parts),
        later=sum(end > part.deadline_at for part, end in zip(parts, ends, strict=True)),
        told=[entry for entry in active_registrations(session, administration) if entry.started_at is None],
    )


def extend(
    session: Session,
    administration: Administration,
    *,
    seconds: int,
    reason: str,
    seen: str,
    by: int,
    at: datetime,
) -> Effects:
    """Move the end of the window and the deadlines that depend on it. ``seen`` is the end the page has shown."""
    # After whoever starts a part or extends at this moment.
    session.refresh(administration, with_for_update={"of": Administration})
    refuse(session, administration, seconds, reason, by, at)
    if seen != administration.closes_at.isoformat():
        raise RuleViolation("Somebody has made the window longer meanwhile. Look again whether more is needed.")
    effects = effects_of(session, administration, seconds=seconds, at=at)
    before = administration.closes_at
    administration.closes_at = effects.closes_at
    extension = WindowExtension(
        administration_id=administration.id, seconds=seconds, reason=reason.strip(), at=at, by_id=by
    )
    session.add(extension)
    session.flush()
    for held in time_ledger.hold(session, open_part_ids(session, administration, at), at=at):
        time_ledger.reckon(held.part, held.stop)
    audit.record(
        session, "administration.extended", "administration", administration.id, by=by, at=at, reason=reason.strip(),
        closes_at={"from": before.isoformat(), "to": administration.closes_at.isoformat()}, count=effects.later,
    )  # fmt: skip
    for registration in effects.told:
        mails.window_moved(session, registration, at=at)
    session.flush()
    return effects


def refuse(session: Session, administration: Administration, seconds: int, reason: str, by: int, at: datetime) -> None:
    if administration.cancelled_at:
        raise RuleViolation("This administration is cancelled.")
    if at >= administration.closes_at:
        raise RuleViolation("The examination has closed. Its window cannot be made longer any more.")
    if not 0 < seconds <= LONGEST_MINUTES * 60:
        raise RuleViolation("Make the window longer by at least a minute and at most a week.")
    if not reason.strip():
        raise RuleViolation("Write down why the window is made longer.")
    if any(entry.candidate_id == by for entry in active_registrations(session, administration)):
        raise RuleViolation("Nobody decides about their own registration. Ask another administrator.")


def open_part_ids(session: Session, administration: Administration, at: datetime) -> list[int]:
    return list(
        session.scalars(
            select(AttemptPart.id)
            .join(Attempt, Attempt.id == AttemptPart.attempt_id)
            .join(Registration, Registration.id == Attempt.registration_id)
            .where(
                Registration.administration_id == administration.id,
                AttemptPart.closed_at.is_(None),
                AttemptPart.accepts_until > at,
            )
        )
    )
