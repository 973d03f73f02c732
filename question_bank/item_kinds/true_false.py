"""A statement that is true or false."""

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, Literal

from question_bank.errors import sentence as _
from question_bank.item_kinds.contents import MarkingRule, Option, Question, sentences_of

TRUE, FALSE = "a", "b"


class TrueFalse(Question):
    """The statement, and whether it is true. An answer is the id of the option, which has the same words everywhere."""

    shuffled: ClassVar[bool] = False
    fixed_texts: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {TRUE: "True", FALSE: "False"},
        "es": {TRUE: "Verdadero", FALSE: "Falso"},
    }

    asks: ClassVar[str] = _("Is this true or false?")

    key: Literal["a", "b", ""] = ""

    def texts(self) -> dict[str, str]:
        return self.asked()

    def problems(self) -> list[str]:
        return sentences_of(
            (
                (not self.stem.strip(), _("Write the statement.")),
                (not self.key, _("Say whether the statement is true or false.")),
            )
        )

    def offered(self) -> list[Option]:
        return [Option(id=id_, text=text) for id_, text in self.fixed_texts["en"].items()]

    def key_text(self) -> str:
        return self.key

    @classmethod
    def mark(cls, key: str, rule: MarkingRule, response: str) -> Fraction:
        return Fraction(response == key)
