"""The answers as they stood after any change of the log, and what that change did."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart, ResponseEvent
from examapp.delivery.responses import PartResponses, fold
from examapp.reporting.replay.timeline import Entry, Row
from examapp.word_changes import Change, Piece, word_changes, words

# So many characters of a change are shown in a line.
EXCERPT = 80


@dataclass(frozen=True)
class ChangedValue:
    """What one change of the log made of an item: the value before it and after it."""

    before: str
    after: str

    @property
    def pieces(self) -> list[Piece]:
        return word_changes(self.before, self.after)

    @property
    def words(self) -> tuple[int, int]:
        """How many words were added and removed."""
        pieces = self.pieces
        return words(pieces, Change.ADDED), words(pieces, Change.REMOVED)

    @property
    def excerpt(self) -> str:
        """The first words that were added, else removed."""
        pieces = [piece for kind in (Change.ADDED, Change.REMOVED) for piece in self.pieces if piece.change is kind]
        text = " ".join(next((piece.text for piece in pieces if piece.text.strip()), "").split())
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"


@dataclass(frozen=True)
class Moment:
    """The answers after so many changes."""

    step: int
    # The change that led to it; None before the first.
    change: Entry | None
    changed: ChangedValue | None
    responses: PartResponses


def changes_of(session: Session, part: AttemptPart, log: list[Entry], rows: Iterable[Row]) -> dict[int, ChangedValue]:
    """What each of these lines did, by the number of its last change."""
    wanted = {row.last.seq: before(log, row.first) for row in rows if row.last.seq is not None}
    values = values_of(session, part, {*wanted, *(seq for seq in wanted.values() if seq is not None)})
    return {seq: ChangedValue(values.get(earlier, ""), values[seq]) for seq, earlier in wanted.items()}


def before(log: list[Entry], entry: Entry) -> int | None:
    """The number of the last change of the same kind to the same item."""
    earlier = (other.seq for other in reversed(log) if same(other, entry) and (other.seq or 0) < (entry.seq or 0))
    return next(earlier, None)


def same(one: Entry, other: Entry) -> bool:
    return (one.kind, one.item) == (other.kind, other.item)


def moment_of(session: Session, part: AttemptPart, log: list[Entry], step: int) -> Moment:
    past = [entry for entry in log if (entry.seq or 0) <= step]
    last = {(entry.kind, entry.item): entry.seq for entry in past}
    rows = session.execute(
        select(ResponseEvent.kind, ResponseEvent.item, ResponseEvent.value)
        .where(ResponseEvent.part_id == part.id, ResponseEvent.seq.in_(last.values()))
        .order_by(ResponseEvent.seq)
    )
    responses = fold((kind, item, value) for kind, item, value in rows)
    change = past[-1] if past else None
    changed = changes_of(session, part, log, [Row(change, change)]).get(change.seq or 0) if change else None
    return Moment(step, change, changed, responses)


def values_of(session: Session, part: AttemptPart, seqs: Collection[int]) -> dict[int | None, str]:
    rows = session.execute(
        select(ResponseEvent.seq, ResponseEvent.value).where(
            ResponseEvent.part_id == part.id, ResponseEvent.seq.in_(seqs)
        )
    )
    return dict(rows.all())
