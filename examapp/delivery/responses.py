"""From the log to the answers as they stand: the last event of an item wins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from examapp.delivery.models import EventKind, LateAcceptance, LateEvent, ResponseEvent

Value = TypeVar("Value", str, list[str])


@dataclass
class PartResponses:
    """What a candidate has answered in one part; an item without an answer is not in ``answers``."""

    answers: dict[str, str] = field(default_factory=dict)
    flagged: set[str] = field(default_factory=set)
    # The prompts to be answered, in the order in which they were chosen.
    chosen: list[str] = field(default_factory=list)
    # For the candidate alone, never scored: notes to oneself, and the options struck out.
    notes: dict[str, str] = field(default_factory=dict)
    struck: dict[str, list[str]] = field(default_factory=dict)

    def apply(self, kind: EventKind, item: str, value: str) -> None:
        match kind:
            case EventKind.ANSWER:
                put(self.answers, item, value)
            case EventKind.NOTE:
                put(self.notes, item, value)
            case EventKind.STRIKE:
                put(self.struck, item, value.split(",") if value else [])
            case EventKind.FLAG:
                self.flagged.discard(item)
                self.flagged |= {item} if value else set()
            case EventKind.CHOOSE:
                self.chosen = [other for other in self.chosen if other != item] + ([item] if value else [])


def put(kept: dict[str, Value], item: str, value: Value) -> None:
    """The newest value stands last; an empty one takes the item out."""
    kept.pop(item, None)
    if value:
        kept[item] = value


def fold(events: Iterable[tuple[EventKind, str, str]]) -> PartResponses:
    """The state after these events (kind, item, value), oldest first."""
    responses = PartResponses()
    for kind, item, value in events:
        responses.apply(kind, item, value)
    return responses


def responses_of(
    session: Session, part_ids: Sequence[int], *, as_of: datetime | None = None
) -> dict[int, PartResponses]:
    """The answers that count: the log, then the late changes that were accepted, now or by a moment."""
    responses = logged_responses_of(session, part_ids)
    for event in accepted_late_events(session, part_ids, as_of):
        responses[event.part_id].apply(event.kind, event.item, event.value)
    return responses


def accepted_late_events(session: Session, part_ids: Sequence[int], as_of: datetime | None) -> Sequence[LateEvent]:
    """Late changes that two administrators let count, in the order in which they arrived."""
    accepted = select(LateAcceptance.late_event_ids).where(
        LateAcceptance.part_id.in_(part_ids), LateAcceptance.confirmed_at.is_not(None)
    )
    if as_of is not None:
        accepted = accepted.where(LateAcceptance.confirmed_at <= as_of)
    ids = {event_id for event_ids in session.scalars(accepted) for event_id in event_ids}
    if not ids:
        return []
    return session.scalars(select(LateEvent).where(LateEvent.id.in_(ids)).order_by(LateEvent.id)).all()


def logged_responses_of(session: Session, part_ids: Sequence[int]) -> dict[int, PartResponses]:
    """The answers as they were handed in. Every part asked for is in the result, even an empty one."""
    last = (
        select(ResponseEvent.part_id, func.max(ResponseEvent.seq).label("seq"))
        .where(ResponseEvent.part_id.in_(part_ids))
        .group_by(ResponseEvent.part_id, ResponseEvent.item, ResponseEvent.kind)
        .subquery()
    )
    rows = session.execute(
        select(ResponseEvent.part_id, ResponseEvent.kind, ResponseEvent.item, ResponseEvent.value)
        .join(last, and_(ResponseEvent.part_id == last.c.part_id, ResponseEvent.seq == last.c.seq))
        .order_by(ResponseEvent.part_id, ResponseEvent.seq)
    ).all()
    empty = {part_id: PartResponses() for part_id in part_ids}
    return empty | {part_id: fold(row[1:] for row in group) for part_id, group in groupby(rows, key=itemgetter(0))}


def answered_counts(session: Session, part_ids: Sequence[int]) -> dict[int, int]:
    """How many items have an answer, per part, without reading the answers; a part with none is left out."""
    last = (
        select(ResponseEvent.part_id, func.max(ResponseEvent.seq).label("seq"))
        .where(ResponseEvent.part_id.in_(part_ids), ResponseEvent.kind == EventKind.ANSWER)
        .group_by(ResponseEvent.part_id, ResponseEvent.item)
        .subquery()
    )
    rows = session.execute(
        select(ResponseEvent.part_id, func.count())
        .join(last, and_(ResponseEvent.part_id == last.c.part_id, ResponseEvent.seq == last.c.seq))
        .where(ResponseEvent.value != "")
        .group_by(ResponseEvent.part_id)
    )
    return dict(rows.all())
