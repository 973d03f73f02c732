"""The room as a proctor sees it: who waits, who writes, how long still, what looks odd. Never an answer.

The live page asks for all of a room every few seconds, so a room is read in a fixed number of plain statements,
whatever the number of candidates.
"""

import json
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from sqlalchemy.orm import Session

from examapp.delivery.clock import seconds_left
from examapp.delivery.models import StopKind
from examapp.proctoring.anomalies import Anomaly, anomalies_of
from examapp.proctoring.answered import Head, answered_counts
from examapp.proctoring.roll import OUT_OF_TOUCH, PartTaken, Registered, parts_of, registrations_of
from examapp.registration.models import Administration
from examapp.registration.paper import codes_on_paper


class SeatState(StrEnum):
    """In the order in which they ask for the proctor's eye."""

    WAITING = "waiting"  # in the waiting room, to be admitted
    OFFLINE = "offline"  # writing, but out of touch
    CLOSING = "closing"  # the time is up, what is on its way is still taken
    PAUSED = "paused"  # the proctor has stopped the clock
    BREAK = "break"  # the candidate has
    WRITING = "writing"
    READY = "ready"  # may start the first part
    BETWEEN = "between"  # one part is handed in, the next not started
    ABSENT = "absent"  # not heard of yet
    CLOSED = "closed"  # every part is handed in
    ENDED = "ended"  # withdrawn or void


class Seat(NamedTuple):
    """One candidate in the room, with the part they are in or took last; as the live page reads it."""

    code: str
    name: str
    state: SeatState
    part: str
    answered: int | None
    # Seconds left while a part is open.
    left: int | None
    # When the page of somebody who writes was last heard of, in milliseconds since 1970.
    seen: int | None
    anomalies: list[Anomaly]
    # A copy was printed for them, or their answer sheet is being typed in.
    paper: bool


def seats_of(session: Session, administration: Administration, *, reader: int, at: datetime) -> list[Seat]:
    """Everybody of the room but the reader: nobody is their own proctor."""
    parts = parts_of(session, administration, at)
    answered = answered_counts(session, [Head(part.id, part.last_seq, part.chain) for part in parts])
    taken: dict[int, list[PartTaken]] = {}
    for part in parts:
        taken.setdefault(part.registration_id, []).append(part)
    paper = codes_on_paper(session, administration)
    return [
        seat_of(
            one, taken.get(one.id, []), answered, proctored=administration.proctored, paper=one.code in paper, at=at
        )
        for one in registrations_of(session, administration, at)
        if one.candidate_id != reader
    ]


@cache
def number_of(parts: str) -> int:
    """How many a list in JSON holds. A room has two or three different ones, and hundreds of each."""
    return len(json.loads(parts))


def seat_of(
    registration: Registered,
    parts: list[PartTaken],
    answered: dict[int, int],
    *,
    proctored: bool,
    paper: bool,
    at: datetime,
) -> Seat:
    last = parts[-1] if parts else None
    open_part = last if last and last.open else None
    state = state_of(registration, parts, open_part, proctored, at)
    return Seat(
        code=registration.code,
        name=registration.name,
        state=state,
        part=last.part if last else "",
        answered=answered[last.id] if last else None,
        left=seconds_left(open_part.deadline_at, open_part.stopped_left, at) if open_part else None,
        seen=int(open_part.last_seen_at.timestamp() * 1000) if open_part else None,
        anomalies=anomalies_of(registration, parts, open_part, at) if state is not SeatState.ENDED else [],
        paper=paper,
    )


def state_of(
    registration: Registered, parts: list[PartTaken], open_part: PartTaken | None, proctored: bool, at: datetime
) -> SeatState:
    if open_part and not registration.ended:
        return state_of_writer(open_part, at)
    if not open_part and len(parts) >= number_of(registration.parts):
        return SeatState.CLOSED
    if registration.ended:
        return SeatState.ENDED
    if parts:
        return SeatState.BETWEEN
    if proctored and not registration.admitted:
        return SeatState.WAITING if registration.waiting else SeatState.ABSENT
    return SeatState.READY if registration.waiting or proctored else SeatState.ABSENT


def state_of_writer(part: PartTaken, at: datetime) -> SeatState:
    if part.stopped_left is not None:
        return SeatState.BREAK if part.stop is StopKind.BREAK else SeatState.PAUSED
    if part.deadline_at <= at:
        return SeatState.CLOSING
    return SeatState.OFFLINE if at - part.last_seen_at > OUT_OF_TOUCH else SeatState.WRITING
