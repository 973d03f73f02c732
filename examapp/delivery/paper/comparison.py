"""Where two entries of one answer sheet differ. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from examapp.delivery.models import PaperEntry
from examapp.delivery.numbering import Numbering
from examapp.word_changes import Piece, word_changes


class DifferenceKind(StrEnum):
    STARTED = "started"
    ENDED = "ended"
    LETTER = "letter"
    CHOICE = "choice"
    ESSAY = "essay"


@dataclass(frozen=True)
class Difference:
    """One place of the sheet, as the first and as the second have it."""

    kind: DifferenceKind
    # Of the question or essay; 0 for the times.
    number: int = 0
    first: str = ""
    second: str = ""
    # Of the times.
    times: tuple[datetime | None, datetime | None] = (None, None)

    @property
    def pieces(self) -> list[Piece]:
        return word_changes(self.first, self.second)


def differences(first: PaperEntry, second: PaperEntry, numbering: Numbering) -> list[Difference]:
    """In the order of the sheet; nothing when the two agree."""
    found = []
    if first.started_at != second.started_at:
        found.append(Difference(DifferenceKind.STARTED, times=(first.started_at, second.started_at)))
    if first.ended_at != second.ended_at:
        found.append(Difference(DifferenceKind.ENDED, times=(first.ended_at, second.ended_at)))
    for item, number in numbering.numbers.items():
        ticked = item in first.chosen, item in second.chosen
        if ticked[0] != ticked[1]:
            first_tick, second_tick = ("1" if tick else "" for tick in ticked)
            found.append(Difference(DifferenceKind.CHOICE, number, first_tick, second_tick))
        one, other = first.answers.get(item, ""), second.answers.get(item, "")
        if one == other:
            continue
        if numbering.is_question(item):
            letters = numbering.shown(item, one), numbering.shown(item, other)
            found.append(Difference(DifferenceKind.LETTER, number, *letters))
        else:
            found.append(Difference(DifferenceKind.ESSAY, number, one, other))
    return found
