"""How invented candidates write: a change every minute or so, second thoughts, flags, essays that grow. Repeatable."""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from examapp.delivery import leases, log, tokens
from examapp.delivery.attempts import close_part, start_part
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import AttemptPart, ClosedBy, EventKind
from examapp.registration.models import Registration
from question_bank.sealed_documents import SealedItem

# A change, and after how many minutes of the part it was made.
Moment = tuple[float, Event]

EVENTS_A_BATCH = 3
MINUTES = 75
SENTENCE = re.compile(r"(?<=[.?!])\s+")


def choose_options(name: str, answers: Sequence[tuple[SealedItem, str]]) -> Iterator[Moment]:
    """Each question in turn; some are first answered otherwise, some are flagged for a while."""
    for place, (item, answer) in enumerate(answers):
        draw = random.Random(f"{name} writes {item.code}")  # nosec B311 # invented data, not a secret
        minute = MINUTES * (place + draw.random() * 0.6) / len(answers)
        if draw.random() < 0.1:
            yield minute, change(EventKind.FLAG, item.code, "1")
            yield MINUTES + draw.random(), change(EventKind.FLAG, item.code, "")
        if answer and draw.random() < 0.15:
            yield minute + 0.1, change(EventKind.ANSWER, item.code, draw.choice([option.id for option in item.options]))
        if answer:
            yield minute + 0.4, change(EventKind.ANSWER, item.code, answer)


def write_essays(name: str, essays: Sequence[tuple[str, str]]) -> Iterator[Moment]:
    """Each essay chosen, then written sentence by sentence; now and then the last sentence is taken back first."""
    for place, (code, text) in enumerate(essays):
        draw = random.Random(f"{name} writes {code}")  # nosec B311 # as above
        begins, length = MINUTES * place / len(essays), MINUTES / len(essays)
        yield begins, change(EventKind.CHOOSE, code, "1")
        ends = [found.start() for found in SENTENCE.finditer(text)]
        drafts = [text[:end] for end in ends[1::3]]
        drafts = [
            draft for kept in drafts for draft in ([kept, kept[: kept.rfind(" ")]] if draw.random() < 0.2 else [kept])
        ]
        for number, draft in enumerate([*drafts, text], start=1):
            yield begins + length * number / (len(drafts) + 1.5), change(EventKind.ANSWER, code, draft)


def change(kind: EventKind, item: str, value: str) -> Event:
    return Event(kind, item, value, "0")


def begin_part(session: Session, registration: Registration, part_code: str, *, at: datetime) -> AttemptPart:
    part = start_part(session, registration, part_code, at=at, accepts_honour=True)
    leases.acquire(session, part, "demonstration", take_over=False, at=at)
    return part


def write(session: Session, part: AttemptPart, moments: Iterable[Moment]) -> None:
    """Save these changes through the log, a few at a time."""
    ordered = sorted(moments, key=minute_of)
    for first in range(0, len(ordered), EVENTS_A_BATCH):
        save(session, part, ordered[first : first + EVENTS_A_BATCH])


def minute_of(moment: Moment) -> float:
    return moment[0]


def save(session: Session, part: AttemptPart, moments: Sequence[Moment], *, arrive: float | None = None) -> None:
    """Save changes right after the last of them was made, or in the minute in which they arrive."""
    session.refresh(part)
    registration, begins = part.attempt.registration, part.started_at
    ticket = tokens.Ticket(
        part_id=part.id, epoch=part.lease_epoch, holder=part.lease_holder, part=part.part,
        form_sha256=part.attempt.form_sha256, level=registration.level, track=registration.track,
    )  # fmt: skip
    events = [
        Event(event.kind, event.item, event.value, str(int((begins + timedelta(minutes=minute)).timestamp() * 1000)))
        for minute, event in moments
    ]
    arrives = begins + timedelta(minutes=moments[-1][0] + 0.02 if arrive is None else arrive)
    log.save(session, ticket, Batch(part.last_seq, part.chain, events), at=arrives)
    session.refresh(part)


def hand_in(session: Session, part: AttemptPart) -> None:
    close_part(session, part, closed_by=ClosedBy.CANDIDATE, at=part.started_at + timedelta(minutes=MINUTES + 3))
