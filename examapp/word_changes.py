"""What changed from one text to the next, word by word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(r"\s+|\S+")

# Where more than this has changed (words before times words after), the whole stretch counts as replaced.
MOST_COMPARED = 250_000


class Change(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that was kept, added or removed."""

    change: Change
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())


def word_changes(before: str, after: str) -> list[Piece]:
    """The pieces in order. Without the removed ones they are the text after, without the added ones the text before."""
    old, new = WORD.findall(before), WORD.findall(after)
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    middle = pieces(old[head : len(old) - tail], new[head : len(new) - tail])
    ends = Piece(Change.KEPT, "".join(new[:head])), Piece(Change.KEPT, "".join(new[len(new) - tail :]))
    return [piece for piece in (ends[0], *middle, ends[1]) if piece.text]


def common(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    return next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) * len(new) > MOST_COMPARED:
        yield from (Piece(Change.REMOVED, "".join(old)), Piece(Change.ADDED, "".join(new)))
        return
    for tag, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Change.KEPT, "".join(new[begin:end]))
        else:
            yield Piece(Change.REMOVED, "".join(old[first:last]))
            yield Piece(Change.ADDED, "".join(new[begin:end]))


def words(changes: Iterable[Piece], kind: Change) -> int:
    """How many words were kept, added or removed."""
    return sum(piece.words for piece in changes if piece.change is kind)
