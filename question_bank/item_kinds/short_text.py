"""A question that is answered with a few typed words."""

import string
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from question_bank.errors import sentence as _
from question_bank.item_kinds.contents import Content, MarkingRule, Option, Question, Text, repeated, sentences_of

MOST_ACCEPTED = 50
LONGEST_ANSWER = 200
# Signs that look alike, of which a keyboard chooses one by itself, and signs that nobody sees.
ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ´`", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff"),
    }
)
# What may stand around an answer; a sign before a number, or after it, belongs to it.
AROUND = ".,;:!?¿¡…()[]{}\"'*_" + string.whitespace


class AcceptedAnswer(Content):
    text: Text


class ShortText(Question):
    """A stem, and every answer that is accepted, in whatever language. An answer is the text as it was typed.

    The key holds one accepted answer a line. Capitals, spaces and marks around the answer make no difference.
    """

    asks: ClassVar[str] = _("Answer in a few words.")
    typed_as: ClassVar[str] = _("Word for word, mistakes too.")

    longest: ClassVar[int] = LONGEST_ANSWER

    accepted: list[AcceptedAnswer] = Field(default_factory=list, max_length=MOST_ACCEPTED)

    def texts(self) -> dict[str, str]:
        return self.asked()

    def problems(self) -> list[str]:
        folded = [as_compared(answer.text) for answer in self.accepted]
        return sentences_of(
            (
                (not self.stem.strip(), _("Write the stem.")),
                (not any(folded), _("Give at least one accepted answer.")),
                (bool(folded) and not all(folded), _("Fill or remove the empty answer.")),
                (repeated(folded), _("Two accepted answers are the same.")),
                (
                    any(len(answer.text) > LONGEST_ANSWER for answer in self.accepted),
                    _("Shorten the accepted answers to 200 characters."),
                ),
            )
        )

    def offered(self) -> list[Option]:
        return []

    def key_text(self) -> str:
        return "\n".join(" ".join(answer.text.split()) for answer in self.accepted)

    @classmethod
    def mark(cls, key: str, rule: MarkingRule, response: str) -> Fraction:
        answer = as_compared(response)
        return Fraction(bool(answer) and answer in cls.parts(key))

    @classmethod
    def parts(cls, answer: str) -> list[str]:
        return [as_compared(line) for line in answer.split("\n") if line.strip()]

    @classmethod
    def shown(cls, answer: str, marks: Mapping[str, str]) -> str:
        return " / ".join(answer.split("\n"))

    @classmethod
    def read(cls, typed: str, marks: Mapping[str, str]) -> str | None:
        answer = " ".join(typed.split())
        return answer if len(answer) <= LONGEST_ANSWER else None


def as_compared(answer: str) -> str:
    """An answer without what makes no difference. Accents make one: they may be what is asked."""
    written = unicodedata.normalize("NFKC", answer.translate(ALIKE)).translate(ALIKE)
    return " ".join(written.casefold().split()).strip(AROUND)
