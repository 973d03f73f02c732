"""What a proctor says to one candidate or to everybody."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examapp.delivery.models import Attempt, AttemptPart, RoomMessage
from examapp.registration.models import Administration, Registration
from question_bank import audit
from question_bank.errors import RuleViolation


def send_message(
    session: Session,
    administration: Administration,
    *,
    registration: Registration | None,
    text: str,
    by: int,
    at: datetime,
) -> RoomMessage:
    """Say something to one candidate, or to all (None). Exam pages that are open learn of it by their next receipt."""
    if not text.strip():
        raise RuleViolation("Write the message.")
    message = RoomMessage(
        administration_id=administration.id,
        registration_id=registration.id if registration else None,
        text=text.strip(),
        at=at,
        by_id=by,
    )
    session.add(message)
    session.flush()
    announce_to_open_parts(session, administration, registration)
    to = {"candidate": registration.candidate_id} if registration else {}
    audit.record(session, "message.sent", "administration", administration.id, by=by, at=at, **to)
    return message


def announce_to_open_parts(session: Session, administration: Administration, registration: Registration | None) -> None:
    """Raise the count that every receipt carries."""
    concerned = (
        select(AttemptPart.id)
        .join(Attempt, Attempt.id == AttemptPart.attempt_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .where(Registration.administration_id == administration.id, AttemptPart.closed_at.is_(None))
        .order_by(AttemptPart.id)
    )
    if registration:
        concerned = concerned.where(Registration.id == registration.id)
    # In order, so that two proctors who speak to all at the same moment do not hold rows against each other.
    ids = session.scalars(concerned.with_for_update(of=AttemptPart)).all()
    session.execute(
        update(AttemptPart)
        .where(AttemptPart.id.in_(ids))
        .values(messages=AttemptPart.messages + 1)
        .execution_options(synchronize_session=False)
    )


def messages_to_all(session: Session, administration: Administration) -> list[RoomMessage]:
    """What everybody has been told, oldest first."""
    return list(
        session.scalars(
            select(RoomMessage)
            .where(RoomMessage.administration_id == administration.id, RoomMessage.registration_id.is_(None))
            .order_by(RoomMessage.id)
        )
    )
