"""Recomputing the chain of every part from the rows of the log: what was stored is checked, not believed.

The rows come as a stream, so the memory it takes does not grow with the log.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Row, Select, String, Table, select, type_coerce
from sqlalchemy.orm import Session

from examapp.delivery.log import EVENT, PART, first_link, link
from examapp.delivery.models import Attempt
from examapp.registration.models import Registration

ATTEMPT = cast(Table, Attempt.__table__)
REGISTRATION = cast(Table, Registration.__table__)

ROWS_AT_A_TIME = 2_000


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row: with a change of the log, or, where ``seq`` is None, with the row of the part."""

    seq: int | None
    sentence: str


@dataclass
class PartCheck:
    """One part of one attempt, as its rows tell it."""

    registration: str
    part: str
    # Recomputed from the start of the part and the changes alone.
    chain: str
    events: int = 0
    faults: list[Fault] = field(default_factory=list)


class Chain:
    """Follows the log of one part, change by change."""

    def __init__(self, start: str, check: PartCheck) -> None:
        # What may stand before the next change: more than one value after a row that does not fit, so that
        # a single row that was changed is named alone; none after a gap, where nothing is known.
        self.before: tuple[str, ...] = (start,)
        self.seq = 0
        self.check = check

    def follow(self, row: Row[Any]) -> None:
        check = self.check
        if row.seq < 1:
            check.faults.append(Fault(row.seq, f"Change {row.seq} has no place in a log."))
            return
        if row.seq != self.seq + 1:
            check.faults.append(Fault(self.seq + 1, missing(self.seq + 1, row.seq - 1)))
            self.before = ()
        content = (row.seq, row.kind, row.item, row.value, row.client_ms)
        found = link(self.before[0], *content) if self.before else row.row_chain
        if found == row.row_chain:
            self.before = (row.row_chain,)
        else:
            links = [link(chain, *content) for chain in self.before]
            if row.row_chain not in links:
                check.faults.append(Fault(row.seq, changed(row.seq)))
            self.before = tuple(dict.fromkeys((row.row_chain, links[-1])))
        check.chain = row.row_chain if not check.faults else link(check.chain, *content)
        check.events += 1
        self.seq = row.seq

    def end(self, row: Row[Any]) -> None:
        """Compare the head of the log that the part's row keeps."""
        faults = self.check.faults
        if row.last_seq > self.seq:
            faults.append(Fault(self.seq + 1, missing(self.seq + 1, row.last_seq)))
        elif row.last_seq < self.seq:
            faults.append(Fault(None, f"The part counts {row.last_seq} changes, but there are {self.seq}."))
        elif self.before and row.chain not in self.before:
            faults.append(Fault(None, "The part does not agree with the digest of its last change."))


def missing(first: int, last: int) -> str:
    return f"Change {first} is missing." if first == last else f"Changes {first} to {last} are missing."


def changed(seq: int) -> str:
    if seq == 1:  # the first link holds the attempt, the part, its form and its start
        return "Change 1 does not agree with its digest, or the start or the form of the part was changed."
    return f"Change {seq} does not agree with its digest."


def check_parts(session: Session, part_id: int | None = None) -> Iterator[PartCheck]:
    """Check one part, or every part there is: one statement, so that a part being written is seen as of one moment."""
    # All of them do not fit into memory; and one part is read by pages, which have no transaction for a cursor.
    options = {} if part_id else {"stream_results": True, "yield_per": ROWS_AT_A_TIME}
    rows = session.execute(statement(part_id), execution_options=options)
    for _, of_part in groupby(rows, key=attrgetter("id")):
        yield check_of(of_part)


def check_of(rows: Iterator[Row[Any]]) -> PartCheck:
    row = next(rows)
    start = first_link(row.attempt_id, row.part, row.form_sha256, row.started_at)
    chain = Chain(start, PartCheck(row.code, row.part, chain=start))
    if row.seq is not None:
        chain.follow(row)
    for following in rows:
        chain.follow(following)
    chain.end(row)
    return chain.check


def statement(part_id: int | None) -> Select[Any]:
    """Every part with its changes in order; a part without any comes once."""
    query = (
        select(
            PART.c.id, PART.c.attempt_id, PART.c.part, PART.c.started_at, PART.c.last_seq, PART.c.chain,
            ATTEMPT.c.form_sha256, REGISTRATION.c.code,
            # As text: a kind that somebody has made up is to be found, not stumbled over.
            EVENT.c.seq, type_coerce(EVENT.c.kind, String).label("kind"), EVENT.c.item, EVENT.c.value,
            EVENT.c.client_ms, EVENT.c.chain.label("row_chain"),
        )
        .join(ATTEMPT, ATTEMPT.c.id == PART.c.attempt_id)
        .join(REGISTRATION, REGISTRATION.c.id == ATTEMPT.c.registration_id)
        .outerjoin(EVENT, EVENT.c.part_id == PART.c.id)
        .order_by(PART.c.id, EVENT.c.seq)
    )  # fmt: skip
    return query if part_id is None else query.where(PART.c.id == part_id)
