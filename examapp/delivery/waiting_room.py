"""The waiting room: who may come early, when each page shows the start, and who has been heard of there."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from examapp.delivery.progress import Progress, Stage
from examapp.registration.models import Administration, Registration

# How long before the window candidates may come in.
EARLY = timedelta(minutes=60)
# At the opening the pages show the start one after the other within this time, so that not all are started at once.
# Nobody loses any: the clock of a part runs from its own start.
SPREAD_SECONDS = 15
# A page is heard of at most so often.
HEARD_EVERY = timedelta(seconds=15)


class WaitingState(StrEnum):
    """What the page shows in the place where the start will be."""

    EARLY = "early"  # the window has not opened
    ADMITTED = "admitted"  # nor has it, but the proctor has admitted the candidate
    WAITING = "waiting"  # it is open, and the proctor has not admitted the candidate
    OPENING = "opening"  # within seconds
    RELEASED = "released"


def opens_at(administration: Administration) -> datetime:
    return administration.opens_at - EARLY


def may_wait(progress: Progress, at: datetime) -> bool:
    """Whether this candidate belongs in the waiting room: until the first part is started."""
    if any(mine.part for mine in progress.parts):
        return False
    early = progress.stage is Stage.UPCOMING and at >= opens_at(progress.registration.administration)
    return early or progress.stage in (Stage.WAITING, Stage.READY)


def release_at(registration: Registration) -> datetime:
    """When the page of this candidate shows the start: always the same fraction of the spread after the opening."""
    fraction = int.from_bytes(sha256(registration.code.encode()).digest()[:4]) / 2**32
    return registration.administration.opens_at + timedelta(seconds=SPREAD_SECONDS * fraction)


def state_of(progress: Progress, at: datetime) -> WaitingState:
    if progress.stage is Stage.UPCOMING:
        return WaitingState.ADMITTED if progress.registration.admitted_at else WaitingState.EARLY
    if progress.stage is Stage.WAITING:
        return WaitingState.WAITING
    return WaitingState.RELEASED if at >= release_at(progress.registration) else WaitingState.OPENING


def note_presence(session: Session, registration: Registration, *, at: datetime) -> None:
    """The page of this candidate has been heard of. Several windows together write no more often than one."""
    session.execute(
        update(Registration)
        .where(
            Registration.id == registration.id,
            or_(Registration.waiting_seen_at.is_(None), Registration.waiting_seen_at <= at - HEARD_EVERY),
        )
        .values(waiting_seen_at=at)
        .execution_options(synchronize_session=False)
    )
