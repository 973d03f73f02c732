"""Everything that happened in one part, in order: changes of the log, the clock, the room, and what came late.

The texts of the log are left out here; they are read only for the entries that are shown.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import merge

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from examapp.delivery.messages import messages_to
from examapp.delivery.models import AttemptPart, ClockStop, EventKind, LateEvent, PaperEntry, ResponseEvent
from examapp.proctoring.models import Incident
from examapp.registration.models import WindowExtension
from question_bank.audit import AuditEvent


class EntryKind(StrEnum):
    # Changes of the log have the values of EventKind.
    ANSWER = "answer"
    CHOOSE = "choose"
    FLAG = "flag"
    NOTE = "note"
    STRIKE = "strike"
    LATE = "late"
    STARTED = "started"
    TIME = "time"
    STOPPED = "stopped"
    RESUMED = "resumed"
    WINDOW = "window"
    TAKEN_OVER = "taken_over"
    MESSAGE = "message"
    INCIDENT = "incident"
    CLOSED = "closed"
    PAPER = "paper"  # typed in from paper


class Group(StrEnum):
    """What a reader may ask to see alone."""

    ANSWERS = "answers"
    MARKS = "marks"
    CLOCK = "clock"
    ROOM = "room"
    LATE = "late"


GROUPS = {
    Group.ANSWERS: {EntryKind.ANSWER, EntryKind.CHOOSE},
    Group.MARKS: {EntryKind.FLAG, EntryKind.NOTE, EntryKind.STRIKE},
    Group.CLOCK: {
        EntryKind.STARTED, EntryKind.TIME, EntryKind.STOPPED, EntryKind.RESUMED, EntryKind.WINDOW, EntryKind.CLOSED,
    },
    Group.ROOM: {EntryKind.TAKEN_OVER, EntryKind.MESSAGE, EntryKind.INCIDENT, EntryKind.PAPER},
    Group.LATE: {EntryKind.LATE},
}  # fmt: skip


# Typing is drawn together up to a pause of this length, and into lines of no more than that.
PAUSE = timedelta(seconds=30)
LONGEST_BURST = timedelta(minutes=3)


@dataclass(frozen=True)
class Entry:
    """One thing that happened; what does not belong to its kind is empty."""

    at: datetime
    kind: EntryKind
    # Of a change: its number in the log (not of a late one), its item, and what the device's clock said.
    seq: int | None = None
    item: str = ""
    client_ms: str = ""
    # Of a late change: its kind and value.
    late_kind: EventKind | None = None
    late_value: str = ""
    # Of everything else: what people wrote, a word of the code that says which kind, an amount of time, and who.
    text: str = ""
    word: str = ""
    seconds: int | None = None
    by: int | None = None


@dataclass(frozen=True)
class Row:
    """One line of a replay: an entry, or changes to one essay that follow close on each other."""

    first: Entry
    last: Entry
    count: int = 1


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    # The changes of the log alone, by number.
    log: list[Entry]

    def showing(self, group: Group | None, item: str | None) -> list[Entry]:
        kinds = GROUPS[group] if group else set(EntryKind)
        return [entry for entry in self.entries if entry.kind in kinds and item in (None, entry.item)]


def bursts(entries: Iterable[Entry], typed: Collection[str]) -> list[Row]:
    """The entries with the typing in one essay or answer drawn together: nobody reads a line for every second."""
    rows: list[Row] = []
    for entry in entries:
        previous = rows[-1] if rows else None
        if previous and entry.item in typed and continues(previous, entry):
            rows[-1] = Row(previous.first, entry, previous.count + 1)
        else:
            rows.append(Row(entry, entry))
    return rows


def continues(row: Row, entry: Entry) -> bool:
    typing = entry.kind is row.last.kind is EntryKind.ANSWER and entry.item == row.last.item
    return typing and entry.at - row.last.at <= PAUSE and entry.at - row.first.at <= LONGEST_BURST


def timeline_of(session: Session, part: AttemptPart) -> Timeline:
    log = list(log_of(session, part))
    others = sorted([*clock_of(session, part), *room_of(session, part), *late_of(session, part)], key=moment)
    return Timeline(list(merge(log, others, key=moment)), log)


def moment(entry: Entry) -> datetime:
    return entry.at


def log_of(session: Session, part: AttemptPart) -> Iterator[Entry]:
    rows = session.execute(
        select(
            ResponseEvent.seq, ResponseEvent.kind, ResponseEvent.item, ResponseEvent.client_ms,
            ResponseEvent.received_at,
        )
        .where(ResponseEvent.part_id == part.id)
        .order_by(ResponseEvent.seq)
    )  # fmt: skip
    for seq, kind, item, client_ms, at in rows:
        yield Entry(at, EntryKind(kind.value), seq=seq, item=item, client_ms=client_ms)


def clock_of(session: Session, part: AttemptPart) -> Iterator[Entry]:
    """The start, the time ledger, the stops, longer windows, and the end."""
    yield Entry(part.started_at, EntryKind.STARTED)
    for row in part.adjustments:
        # Only of what somebody gave is the reason typed; of the others the kind says it, in every language.
        reason = row.reason if row.by_id else ""
        yield Entry(row.at, EntryKind.TIME, text=reason, word=row.kind.value, seconds=row.seconds, by=row.by_id)
    for stop in session.scalars(select(ClockStop).where(ClockStop.part_id == part.id)):
        yield Entry(stop.started_at, EntryKind.STOPPED, text=stop.reason, word=stop.kind.value, by=stop.started_by_id)
        if stop.ended_at:
            yield Entry(stop.ended_at, EntryKind.RESUMED, word=stop.kind.value, by=stop.ended_by_id)
    administration_id = part.attempt.registration.administration_id
    for longer in session.scalars(select(WindowExtension).filter_by(administration_id=administration_id)):
        if during(part, longer.at):
            yield Entry(longer.at, EntryKind.WINDOW, text=longer.reason, seconds=longer.seconds, by=longer.by_id)
    if part.closed_at and part.closed_by:
        deed = next(iter(deeds(session, part, ["part.closed"])), None)
        reason, by = (str(deed.details.get("reason", "")), deed.actor_id) if deed else ("", None)
        yield Entry(part.closed_at, EntryKind.CLOSED, text=reason, word=part.closed_by.value, by=by)


def room_of(session: Session, part: AttemptPart) -> Iterator[Entry]:
    """Other windows, messages and incidents: those about this candidate, and those about everybody meanwhile; and who
    typed in what was written on paper."""
    registration = part.attempt.registration
    for entry in transferred_entries(session, part):
        yield Entry(entry.entered_at, EntryKind.PAPER, by=entry.entered_by_id)
    for deed in deeds(session, part, ["part.lease_taken_over"]):
        yield Entry(deed.at, EntryKind.TAKEN_OVER, by=deed.actor_id)
    for message in messages_to(session, registration):
        if during(part, message.at):
            word = "one" if message.registration_id else "all"
            yield Entry(message.at, EntryKind.MESSAGE, text=message.text, word=word, by=message.by_id)
    about = or_(Incident.registration_id == registration.id, Incident.registration_id.is_(None))
    found = select(Incident).where(Incident.administration_id == registration.administration_id, about)
    for incident in session.scalars(found):
        if during(part, incident.at):
            word = incident.category.value
            yield Entry(incident.at, EntryKind.INCIDENT, text=incident.description, word=word, by=incident.by_id)


def transferred_entries(session: Session, part: AttemptPart) -> Sequence[PaperEntry]:
    """The entries that became this part; none of a part taken on the screen."""
    return session.scalars(
        select(PaperEntry)
        .where(
            PaperEntry.registration_id == part.attempt.registration_id,
            PaperEntry.part == part.part,
            PaperEntry.transferred_at.is_not(None),
        )
        .order_by(PaperEntry.id)
    ).all()


def late_of(session: Session, part: AttemptPart) -> Iterator[Entry]:
    for event in session.scalars(select(LateEvent).where(LateEvent.part_id == part.id).order_by(LateEvent.id)):
        yield Entry(
            event.received_at, EntryKind.LATE, item=event.item, client_ms=event.client_ms, late_kind=event.kind,
            late_value=event.value,
        )  # fmt: skip


def during(part: AttemptPart, at: datetime) -> bool:
    return part.started_at <= at and (part.closed_at is None or at <= part.closed_at)


def deeds(session: Session, part: AttemptPart, actions: Collection[str]) -> Sequence[AuditEvent]:
    return session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.target_kind == "attempt_part", AuditEvent.target_id == str(part.id),
            AuditEvent.action.in_(actions),
        )
        .order_by(AuditEvent.id)
    ).all()  # fmt: skip
