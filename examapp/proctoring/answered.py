"""How many questions are answered, without reading the whole log at every look.

The chain of an event names everything before it (delivery/log.py), so what was counted under a chain stays true for
ever and may be kept in the process: a look reads only the events since the last one.
"""

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, literal, select
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart, EventKind, ResponseEvent


class Head(NamedTuple):
    """How far the log of a part has come."""

    part_id: int
    seq: int
    chain: str


class Counted(NamedTuple):
    """The items that have an answer after the event with this number and chain."""

    seq: int
    chain: str
    items: frozenset[str]


class Logged(NamedTuple):
    part_id: int
    seq: int
    item: str
    chain: str
    # 1: an answer, 0: an answer taken back, None: something else.
    answer: int | None


NOTHING = Counted(0, "", frozenset())
MOST_PARTS = 20_000

known: dict[int, Counted] = {}


def answered_counts(session: Session, heads: Sequence[Head]) -> dict[int, int]:
    """How many items of each part have an answer."""
    if len(known) > MOST_PARTS:
        known.clear()
    begun = [head for head in heads if head.seq]
    behind = {head.part_id: head.seq - seen(head).seq for head in begun if seen(head).chain != head.chain}
    if behind:
        # Nobody is further behind. The event counted last is read again, to see that it is still the same one.
        lost = catch_up(session, behind, AttemptPart.last_seq - max(behind.values()))
        if lost:
            for part_id in lost:
                known.pop(part_id, None)
            catch_up(session, lost, literal(1))
    return {head.part_id: len(seen(head).items) if head.seq else 0 for head in heads}


def seen(head: Head) -> Counted:
    return known.get(head.part_id, NOTHING)


def catch_up(session: Session, part_ids: Collection[int], first: ColumnElement[int]) -> set[int]:
    """Count on, from the event with the number ``first``; the parts whose events do not follow what was counted."""
    answer = case((ResponseEvent.kind != EventKind.ANSWER, None), (ResponseEvent.value != "", 1), else_=0)
    rows = session.execute(
        select(
            ResponseEvent.part_id, ResponseEvent.seq, ResponseEvent.item, ResponseEvent.chain, answer
        )
        .join(AttemptPart, AttemptPart.id == ResponseEvent.part_id)
        .where(ResponseEvent.part_id.in_(part_ids), ResponseEvent.seq >= first)
        .order_by(ResponseEvent.part_id, ResponseEvent.seq)
    )  # fmt: skip
    lost = set(part_ids)
    for part_id, events in groupby((Logged._make(row) for row in rows), key=attrgetter("part_id")):
        counted = count_on(known.get(part_id, NOTHING), list(events))
        if counted:
            known[part_id] = counted
            lost.discard(part_id)
    return lost


def count_on(before: Counted, events: list[Logged]) -> Counted | None:
    """The count after these events; None when they do not follow ``before``."""
    if before.seq:
        events = [event for event in events if event.seq >= before.seq]
    if not events or events[0].seq != max(before.seq, 1) or (before.seq and events[0].chain != before.chain):
        return None
    items = set(before.items)
    for event in events:
        if event.answer:
            items.add(event.item)
        elif event.answer == 0:
            items.discard(event.item)
    return Counted(events[-1].seq, events[-1].chain, frozenset(items))
