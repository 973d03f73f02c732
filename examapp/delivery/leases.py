"""The write lease: the one tab that may write in a part. Taking it over is explicit, and the other tab is told."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart
from question_bank import audit


def acquire(session: Session, part: AttemptPart, holder: str, *, take_over: bool, at: datetime) -> bool:
    """Give the lease to this tab; False when another one holds it and is not to be taken over.

    A tab that has the lease keeps it under the same epoch, so a reload disturbs nothing.
    """
    if part.lease_holder == holder:
        return True
    if part.lease_holder and not take_over:
        return False
    taken = session.execute(
        update(AttemptPart)
        .where(
            AttemptPart.id == part.id,
            AttemptPart.lease_epoch == part.lease_epoch,
            AttemptPart.closed_at.is_(None),
            AttemptPart.accepts_until > at,
        )
        .values(lease_epoch=AttemptPart.lease_epoch + 1, lease_holder=holder, last_seen_at=at)
        .returning(AttemptPart.lease_epoch)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is None:
        return False
    if part.lease_holder:
        candidate_id = part.attempt.registration.candidate_id
        audit.record(session, "part.lease_taken_over", "attempt_part", part.id, by=candidate_id, at=at, epoch=taken)
    session.refresh(part)
    return True
