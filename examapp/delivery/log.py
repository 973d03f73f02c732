"""The log of response events: the save path that everybody uses at once.

Saving is one conditional UPDATE of the part and one INSERT of the batch, in SQLAlchemy Core. Only when the UPDATE
matches nothing is the reason looked for; nothing a browser sends in good faith is ever thrown away.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Row,
    Table,
    bindparam,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from examapp.db import Database, rows_of_json
from examapp.delivery.batches import LARGEST_NUMBER, Batch, Event
from examapp.delivery.clock import seconds_left
from examapp.delivery.models import AttemptPart, LateEvent, ResponseEvent
from examapp.delivery.tokens import Ticket
from question_bank.rule_documents import canonical_json, sha256_of

PART = cast(Table, AttemptPart.__table__)
EVENT = cast(Table, ResponseEvent.__table__)
LATE = cast(Table, LateEvent.__table__)

# What the device tells of itself with a batch: evidence for the room, it decides nothing. What is not told stays.
REPORTED = {
    "unsent": func.coalesce(bindparam("told_unsent", type_=PART.c.unsent.type), PART.c.unsent),
    "clock_offset_ms": func.coalesce(
        bindparam("told_offset", type_=PART.c.clock_offset_ms.type), PART.c.clock_offset_ms
    ),
}
# Built once: building them costs more than carrying them out.
ADVANCE = (
    update(PART)
    .where(
        PART.c.id == bindparam("of_part"),
        PART.c.chain == bindparam("after_chain"),
        PART.c.last_seq == bindparam("after_seq"),
        PART.c.lease_epoch == bindparam("epoch"),
        PART.c.lease_holder == bindparam("holder"),
        PART.c.closed_at.is_(None),
        PART.c.accepts_until > bindparam("at"),
    )
    .values(
        last_seq=bindparam("to_seq"),
        chain=bindparam("to_chain"),
        last_seen_at=bindparam("at"),
        **REPORTED,
    )
    .returning(PART.c.deadline_at, PART.c.stopped_left, PART.c.messages)
)
APPEND = insert(EVENT)


# On PostgreSQL a save is these two as one statement without a transaction around it, because there every way to the
# server costs more than the work it asks for. SQLite has no such statement, and no way to go.
ADVANCED = ADVANCE.returning(PART.c.id).cte("advanced")
SENT = rows_of_json("sent", EVENT.c["seq", "kind", "item", "value", "client_ms", "chain"])
RECEIVED = select(ADVANCED.c.id, bindparam("at", type_=EVENT.c.received_at.type), *SENT.c)
APPENDED = insert(EVENT).from_select(
    ["part_id", "received_at", *SENT.c.keys()], RECEIVED.select_from(ADVANCED.join(SENT, true()))
)
AT_ONCE = select(ADVANCED).add_cte(APPENDED.cte("appended"))


class Verdict(StrEnum):
    SAVED = "saved"
    GAP = "gap"  # the batch does not follow what is stored: the browser replays from the answer's seq and chain
    LEASE = "lease"  # another tab or device writes now
    LATE = "late"  # the part is closed or past its time: the changes are kept apart
    GONE = "gone"  # no such part


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    body: dict[str, Any]


def first_link(attempt_id: int, part: str, form_sha256: str, started_at: datetime) -> str:
    """The chain before the first event."""
    return sha256_of(canonical_json([attempt_id, part, form_sha256, started_at.astimezone(UTC).isoformat()]))


def link(chain: str, seq: int, kind: str, item: str, value: str, client_ms: str) -> str:
    """The chain after an event: SHA-256 over the chain before it and the event."""
    event = {"seq": seq, "kind": kind, "item": item, "value": value, "client_ms": client_ms}
    return sha256_of(chain + canonical_json(event))


def links(chain: str, after: int, events: list[Event]) -> list[str]:
    """The chain after each of these events."""
    result = []
    for seq, event in enumerate(events, start=after + 1):
        chain = link(chain, seq, event.kind, event.item, event.value, event.client_ms)
        result.append(chain)
    return result


def save(session: Session | Connection, ticket: Ticket, batch: Batch, *, at: datetime) -> Answer:
    """Store the batch, or say exactly why not."""
    return append(session, ticket, batch, at=at) or diagnose(session, ticket, batch, at=at)


def save_alone(database: Database, ticket: Ticket, batch: Batch, *, at: datetime) -> Answer:
    """The same in a transaction of its own: all that a save by a browser is."""
    if database.autocommit:
        with database.autocommit.connect() as connection:
            answer = append(connection, ticket, batch, at=at, at_once=True)
        if answer:
            return answer
    with database.engine.begin() as connection:
        return save(connection, ticket, batch, at=at)


def append(
    session: Session | Connection, ticket: Ticket, batch: Batch, *, at: datetime, at_once: bool = False
) -> Answer | None:
    """The fast path: two statements, or ``at_once`` one. None when the part is not as the browser believes."""
    chains = links(batch.chain, batch.after, batch.events)
    head = chains[-1] if chains else batch.chain
    last_seq = batch.after + len(batch.events)
    believed = {
        "of_part": ticket.part_id,
        "after_chain": batch.chain,
        "after_seq": batch.after,
        "epoch": ticket.epoch,
        "holder": ticket.holder,
        "at": at,
    }
    moved = {**believed, "to_seq": last_seq, "to_chain": head, **report(batch, at)}
    rows = [
        {"seq": seq, "kind": e.kind.value, "item": e.item, "value": e.value, "client_ms": e.client_ms, "chain": chain}
        for seq, (e, chain) in enumerate(zip(batch.events, chains, strict=True), start=batch.after + 1)
    ]
    if at_once:
        told = session.execute(AT_ONCE, {**moved, "sent": rows}).one_or_none()
    else:
        told = session.execute(ADVANCE, moved).one_or_none()
        if told and rows:
            session.execute(APPEND, [{**row, "part_id": ticket.part_id, "received_at": at} for row in rows])
    return Answer(Verdict.SAVED, receipt(last_seq, head, told, at)) if told else None


def report(batch: Batch, at: datetime) -> dict[str, int | None]:
    """The changes the device still keeps, and how far its clock is ahead of ours, in milliseconds."""
    offset = None
    if batch.client_ms is not None:
        ahead = batch.client_ms - round(at.timestamp() * 1000)
        offset = max(-LARGEST_NUMBER, min(ahead, LARGEST_NUMBER))
    return {"told_unsent": batch.unsent, "told_offset": offset}


def receipt(seq: int, chain: str, part: AttemptPart | Row[Any], at: datetime) -> dict[str, Any]:
    """The proof of what is stored, with all that a page must know of its part."""
    return {
        "seq": seq,
        "chain": chain,
        "deadline": part.deadline_at.isoformat(),
        "now": at.isoformat(),
        "stopped_left": None if part.stopped_left is None else seconds_left(part.deadline_at, part.stopped_left, at),
        "messages": part.messages,
    }


# The slow path


def diagnose(session: Session | Connection, ticket: Ticket, batch: Batch, *, at: datetime) -> Answer:
    """Why the update matched nothing. What is stored already counts as saved, whatever happened since."""
    part = session.execute(select(PART).where(PART.c.id == ticket.part_id)).one_or_none()
    if part is None:
        return Answer(Verdict.GONE, {"reason": Verdict.GONE})
    stored = stored_already(session, part, batch)
    rest = batch.events[len(stored) :]
    if batch.events and not rest:
        return Answer(Verdict.SAVED, receipt(batch.after + len(stored), stored[-1], part, at))
    if part.closed_at is not None or part.accepts_until <= at:
        return keep_late(session, part, ticket, following(batch, stored), at=at)
    if not holds_lease(part, ticket):
        return Answer(Verdict.LEASE, {"reason": Verdict.LEASE})
    if stored and (part.last_seq, part.chain) == (batch.after + len(stored), stored[-1]):
        remainder = append(session, ticket, following(batch, stored), at=at)
        if remainder:
            return remainder
    return Answer(
        Verdict.GAP,
        {"reason": Verdict.GAP, "seq": part.last_seq, "chain": part.chain, "stored": len(stored)},
    )


def holds_lease(part: Row[Any], ticket: Ticket) -> bool:
    return (part.lease_epoch, part.lease_holder) == (ticket.epoch, ticket.holder)


def following(batch: Batch, stored: list[str]) -> Batch:
    """What of a batch is not in the log yet."""
    chain = stored[-1] if stored else batch.chain
    return replace(batch, after=batch.after + len(stored), chain=chain, events=batch.events[len(stored) :])


def stored_already(session: Session | Connection, part: Row[Any], batch: Batch) -> list[str]:
    """The chain after each event of the batch that is in the log already, up to the first that is not."""
    chains = links(batch.chain, batch.after, batch.events)
    rows: Iterable[str] = session.scalars(
        select(EVENT.c.chain)
        .where(EVENT.c.part_id == part.id, EVENT.c.seq > batch.after, EVENT.c.seq <= batch.after + len(chains))
        .order_by(EVENT.c.seq)
    )
    matching = []
    for expected, found in zip(chains, rows, strict=False):
        if expected != found:
            break
        matching.append(found)
    return matching


def keep_late(session: Session | Connection, part: Row[Any], ticket: Ticket, batch: Batch, *, at: datetime) -> Answer:
    """Keep what came too late apart from the answers; the same batch twice is kept once."""
    # Holds the row, so that the same batch sent twice at once finds what the other has kept.
    hold = update(PART).where(PART.c.id == part.id).values(last_seq=PART.c.last_seq)
    if holds_lease(part, ticket):
        session.execute(hold.values(**REPORTED), report(batch, at))
    else:
        session.execute(hold)
    known = {
        row.seq: Event(row.kind, row.item, row.value, row.client_ms)
        for row in session.execute(
            select(LATE).where(LATE.c.part_id == part.id, LATE.c.lease_epoch == ticket.epoch).order_by(LATE.c.seq)
        )
    }
    # Another change under a number that is taken is no copy: it gets the next free one.
    free = max([*known, batch.after + len(batch.events)], default=0)
    rows = []
    for seq, event in enumerate(batch.events, start=batch.after + 1):
        if seq in known:
            if event in known.values():
                continue
            free += 1
        number = free if seq in known else seq
        rows.append(
            {**asdict(event), "part_id": part.id, "seq": number, "lease_epoch": ticket.epoch, "received_at": at}
        )
    if rows:
        session.execute(insert(LATE), rows)
    return Answer(Verdict.LATE, {"reason": Verdict.LATE, "late": bool(batch.events)})
