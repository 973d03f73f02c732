"""The log of response events: the save path that everybody uses at once.

Saving is one conditional UPDATE of the part and one INSERT of the batch, in SQLAlchemy Core. Only when the UPDATE
matches nothing is the reason looked for; nothing a browser sends in good faith is ever thrown away.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Row, Table, func, insert, select, update
from sqlalchemy.orm import Session

from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import AttemptPart, LateEvent, ResponseEvent
from examapp.delivery.tokens import Ticket
from question_bank.rule_documents import canonical_json, sha256_of

PART = cast(Table, AttemptPart.__table__)
EVENT = cast(Table, ResponseEvent.__table__)
LATE = cast(Table, LateEvent.__table__)


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
    return sha256_of(canonical_json([attempt_id, part, form_sha256, started_at.isoformat()]))


def links(chain: str, after: int, events: list[Event]) -> list[str]:
    """The chain after each event: SHA-256 over the chain before it and the event."""
    result = []
    for seq, event in enumerate(events, start=after + 1):
        chain = sha256_of(chain + canonical_json({"seq": seq, **asdict(event)}))
        result.append(chain)
    return result


def save(session: Session, ticket: Ticket, batch: Batch, *, at: datetime) -> Answer:
    """Store the batch, or say exactly why not."""
    return append(session, ticket, batch, at=at) or diagnose(session, ticket, batch, at=at)


def append(session: Session, ticket: Ticket, batch: Batch, *, at: datetime) -> Answer | None:
    """The fast path: two statements. None when the part is not as the browser believes."""
    chains = links(batch.chain, batch.after, batch.events)
    head = chains[-1] if chains else batch.chain
    last_seq = batch.after + len(batch.events)
    deadline = session.execute(
        update(PART)
        .where(
            PART.c.id == ticket.part_id,
            PART.c.chain == batch.chain,
            PART.c.last_seq == batch.after,
            PART.c.lease_epoch == ticket.epoch,
            PART.c.lease_holder == ticket.holder,
            PART.c.closed_at.is_(None),
            PART.c.accepts_until > at,
        )
        .values(last_seq=last_seq, chain=head, last_seen_at=at)
        .returning(PART.c.deadline_at)
    ).scalar()
    if deadline is None:
        return None
    if batch.events:
        rows = [
            {**asdict(event), "part_id": ticket.part_id, "seq": seq, "received_at": at, "chain": chain}
            for seq, (event, chain) in enumerate(zip(batch.events, chains, strict=True), start=batch.after + 1)
        ]
        session.execute(insert(EVENT), rows)
    return Answer(Verdict.SAVED, receipt(last_seq, head, deadline, at))


def receipt(seq: int, chain: str, deadline: datetime, at: datetime) -> dict[str, Any]:
    return {"seq": seq, "chain": chain, "deadline": deadline.isoformat(), "now": at.isoformat()}


# The slow path


def diagnose(session: Session, ticket: Ticket, batch: Batch, *, at: datetime) -> Answer:
    """Why the update matched nothing. What is stored already counts as saved, whatever happened since."""
    part = session.execute(select(PART).where(PART.c.id == ticket.part_id)).one_or_none()
    if part is None:
        return Answer(Verdict.GONE, {"reason": Verdict.GONE})
    stored = stored_already(session, part, batch)
    rest = batch.events[len(stored) :]
    if batch.events and not rest:
        return Answer(Verdict.SAVED, receipt(batch.after + len(stored), stored[-1], part.deadline_at, at))
    if part.closed_at is not None or part.accepts_until <= at:
        return keep_late(session, part, ticket, batch.after + len(stored), rest, at=at)
    if (part.lease_epoch, part.lease_holder) != (ticket.epoch, ticket.holder):
        return Answer(Verdict.LEASE, {"reason": Verdict.LEASE})
    if stored and (part.last_seq, part.chain) == (batch.after + len(stored), stored[-1]):
        remainder = append(session, ticket, Batch(part.last_seq, part.chain, rest), at=at)
        if remainder:
            return remainder
    return Answer(
        Verdict.GAP,
        {"reason": Verdict.GAP, "seq": part.last_seq, "chain": part.chain, "stored": len(stored)},
    )


def stored_already(session: Session, part: Row[Any], batch: Batch) -> list[str]:
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


def keep_late(
    session: Session, part: Row[Any], ticket: Ticket, after: int, events: list[Event], *, at: datetime
) -> Answer:
    """Keep what came too late apart from the answers; the same batch twice is kept once."""
    known = {
        row.seq: Event(row.kind, row.item, row.value, row.client_ms)
        for row in session.execute(
            select(LATE).where(LATE.c.part_id == part.id, LATE.c.lease_epoch == ticket.epoch).order_by(LATE.c.seq)
        )
    }
    new = [(seq, event) for seq, event in enumerate(events, start=after + 1) if known.get(seq) != event]
    # Another change under a number that is taken is no copy: it gets the next free one.
    free = max([*known, after + len(events)], default=0)
    rows = []
    for seq, event in new:
        free += seq in known
        number = free if seq in known else seq
        rows.append(
            {**asdict(event), "part_id": part.id, "seq": number, "lease_epoch": ticket.epoch, "received_at": at}
        )
    if rows:
        session.execute(insert(LATE), rows)
    return Answer(Verdict.LATE, {"reason": Verdict.LATE, "late": bool(events)})


def late_count(session: Session, part_id: int) -> int:
    return session.scalar(select(func.count()).select_from(LATE).where(LATE.c.part_id == part_id)) or 0
