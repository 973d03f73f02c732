"""Writing in a part as the exam page does: through the log, batch by batch."""

from datetime import datetime

from sqlalchemy.orm import Session

from examapp.delivery import log
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import AttemptPart, EventKind
from tests import factories


def change(item: str, value: str, kind: EventKind = EventKind.ANSWER, client_ms: str = "1805126400000") -> Event:
    return Event(kind, item, value, client_ms)


def write(db: Session, part: AttemptPart, *events: Event, at: datetime) -> log.Answer:
    """One batch from the tab that holds the lease."""
    db.refresh(part)
    answer = log.save(db, factories.ticket(part), Batch(part.last_seq, part.chain, list(events)), at=at)
    db.refresh(part)
    return answer
