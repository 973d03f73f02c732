"""Changes of a device that comes back after the end."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from examapp.delivery.late import late_changes_of
from examapp.delivery.models import AttemptPart, LateEvent
from examapp.registration.models import Registration
from tests.scoring.exam import Event, Exam

WHY = "The network of the hotel failed."


def arrive_late(db: Session, part: AttemptPart, *events: Event, at: datetime) -> int:
    """Changes of a device that comes back after the end; the number of the last one."""
    taken = len(late_changes_of(db, [part])[part.id].events) if late_changes_of(db, [part]) else 0
    for seq, (kind, item, value) in enumerate(events, start=taken + 1):
        db.add(
            LateEvent(
                part_id=part.id, seq=seq, lease_epoch=1, kind=kind, item=item, value=value, client_ms="1805126400000",
                received_at=at + timedelta(minutes=20),
            )
        )  # fmt: skip
    db.flush()
    return late_changes_of(db, [part])[part.id].events[-1].id


def part_of(exam: Exam, sitting: Registration, code: str) -> AttemptPart:
    return next(
        part for part in exam.db.query(AttemptPart) if part.attempt.registration_id == sitting.id and part.part == code
    )
