"""What a rule is, and reading text into words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from question_bank.item_kinds import Question

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SENTENCE_END = re.compile(r"(?<=[.?!])[\"”’')]*\s+")

COMMON_WORDS = frozenset(
    "about after again against among and another are because been before being best between both but can could did "
    "does during each following for from had has have having her hers him his how into its itself more most much "
    "not now off once one other others our out over own same she should some such than that the their them then "
    "there these they this those through too two under until very was were what when where which while who whom "
    "why will with would you your".split()
)


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True)
class Rule:
    """``places`` answers where a question of these kinds breaks the rule: option ids, "stem" or "options"."""

    code: str
    severity: Severity
    kinds: tuple[type[Question], ...]
    message: str
    places: Callable[[Question], list[str]]


@dataclass(frozen=True)
class TextRule:
    """A rule about any text of an item."""

    code: str
    severity: Severity
    message: str
    applies: Callable[[str], bool]


def words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def content_words(text: str) -> set[str]:
    """The words that carry meaning."""
    return {word for word in words(text) if len(word) > 2 and word not in COMMON_WORDS}


def sentences(text: str) -> list[str]:
    return [part for part in SENTENCE_END.split(text.strip()) if part]


def lead_in(stem: str) -> str:
    """The last sentence of the stem: the question itself, after the vignette."""
    return next(reversed(sentences(stem)), "")


def pattern(*alternatives: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """Any of these as whole words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?!\w)", flags)
