"""Which texts say nearly the same. Pure: no database.

Two texts are as similar as the words they share: twice their number, divided by the words of both (Dice). Their order
does not count, so shuffled options change nothing; small words and endings do not count either.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

from question_bank.lint.rules import content_words

# Measured on 160 questions of a textbook: of copies with two of four options replaced, or a fifth of the stem reworded,
# 95 of 100 are found; of questions meant as different ones only those 4 of 100 that share most options.
SIMILAR = 0.6
# With fewer words a text is not far enough to be compared.
ENOUGH_WORDS = 5
BEGINNING = 6  # letters of a word that count: attachment, attached


class Match(NamedTuple):
    key: int
    similarity: float


def features(text: str) -> frozenset[str]:
    """The words that count, by their beginning."""
    return frozenset(word[:BEGINNING] for word in content_words(text))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


class TextIndex:
    """Texts by key, and for each word the texts that hold it."""

    def __init__(self) -> None:
        self.texts: dict[int, frozenset[str]] = {}
        self.holders: defaultdict[str, set[int]] = defaultdict(set)

    def put(self, key: int, text: str) -> None:
        """Add a text, or replace it."""
        self.remove(key)
        self.texts[key] = features(text)
        for word in self.texts[key]:
            self.holders[word].add(key)

    def remove(self, key: int) -> None:
        for word in self.texts.pop(key, ()):
            self.holders[word].discard(key)

    def similar(self, text: str, *, at_least: float = SIMILAR) -> list[Match]:
        """The texts that are at least so similar, the most similar first."""
        wanted = features(text)
        if len(wanted) < ENOUGH_WORDS:
            return []
        compared = ((key, similarity(wanted, self.texts[key])) for key in self.candidates(wanted, at_least))
        found = [Match(key, value) for key, value in compared if value >= at_least]
        return sorted(found, key=lambda match: (-match.similarity, match.key))

    def candidates(self, wanted: frozenset[str], at_least: float) -> set[int]:
        """Every text that may be similar enough: it shares so many words that one is among the rarest of these.

        So the long lists of the most common words are never read.
        """
        shared = ceil(round(at_least * len(wanted) / (2 - at_least), 9))
        rarest = sorted(wanted, key=self.count)[: len(wanted) - max(shared, 1) + 1]
        return set().union(*self.holding(rarest))

    def count(self, word: str) -> int:
        return len(self.holders.get(word, ()))

    def holding(self, found: Iterable[str]) -> Iterable[set[int]]:
        return (self.holders.get(word, set()) for word in found)
