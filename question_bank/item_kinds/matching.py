"""Premises, each of which is matched with one of the options."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from question_bank.errors import sentence as _
from question_bank.item_kinds.contents import (
    OPTION_IDS,
    PREMISE_IDS,
    MarkingRule,
    Option,
    Premise,
    Question,
    id_of,
    repeated,
    sentences_of,
)

PAIR = re.compile(r"([1-8])\W*([A-H])")


class Matching(Question):
    """A stem, premises, options, and which option each premise goes with; several premises may share an option.

    An answer, and the key, is the pairs in the order of the premises: ``"1:b,2:a"``; what is still open is not in it.
    """

    asks: ClassVar[str] = _("Choose an option for each line. An option may be chosen more than once, or not at all.")
    typed_as: ClassVar[str] = _("Number and letter of each line, such as 1B 2A.")

    premises: list[Premise] = Field(default_factory=list, max_length=len(PREMISE_IDS))
    options: list[Option] = Field(default_factory=list, max_length=len(OPTION_IDS))
    key: Annotated[str, StringConstraints(pattern=r"^([1-8]:[a-h](,[1-8]:[a-h])*)?$")] = ""
    marking: MarkingRule = MarkingRule.PARTIAL

    def texts(self) -> dict[str, str]:
        return {
            **self.asked(),
            **{premise.id: premise.text for premise in self.premises},
            **{option.id: option.text for option in self.options},
        }

    def problems(self) -> list[str]:
        premises, options = [p.text for p in self.premises], [o.text for o in self.options]
        ids, pairs = {option.id for option in self.options}, pairs_in(self.key)
        return sentences_of(
            (
                (not self.stem.strip(), _("Write the stem.")),
                (len(premises) < 2, _("Give at least two lines to be matched.")),
                (len(options) < 3, _("Give at least three options.")),
                (any(not text.strip() for text in [*premises, *options]), _("Fill or remove the empty line.")),
                (repeated(premises), _("Two lines to be matched say the same.")),
                (repeated(options), _("Two options say the same.")),
                (
                    any(pairs.get(premise.id) not in ids for premise in self.premises),
                    _("Match every line with an option."),
                ),
                (
                    not pairs.keys() <= {premise.id for premise in self.premises},
                    _("The key matches a line that is not there. Match the lines again."),
                ),
                (self.marking is MarkingRule.PARTIAL_WITH_PENALTY, _("A matching item has no marks to take away.")),
            )
        )

    def offered(self) -> list[Option]:
        return self.options

    def premises_offered(self) -> list[Premise]:
        return self.premises

    def key_text(self) -> str:
        return self.key

    @property
    def rule(self) -> MarkingRule:
        return self.marking

    @classmethod
    def mark(cls, key: str, rule: MarkingRule, response: str) -> Fraction:
        """An answer that names a premise twice, which no page sends, has for it what it names last."""
        pairs, given = pairs_in(key), pairs_in(response)
        right = sum(given.get(premise) == option for premise, option in pairs.items())
        return Fraction(right == len(pairs)) if rule is MarkingRule.ALL_OR_NOTHING else Fraction(right, len(pairs))

    @classmethod
    def parts(cls, answer: str) -> list[str]:
        return [f"{premise}:{option}" for premise, option in pairs_in(answer).items()]

    @classmethod
    def shown(cls, answer: str, marks: Mapping[str, str]) -> str:
        known = [(marks[one], marks[other]) for one, other in pairs_in(answer).items() if {one, other} <= marks.keys()]
        return ", ".join(f"{number} {letter}" for number, letter in sorted(known))

    @classmethod
    def read(cls, typed: str, marks: Mapping[str, str]) -> str | None:
        found = PAIR.findall(typed.upper())
        pairs = {id_of(number, marks): id_of(letter, marks) for number, letter in found}
        unread = PAIR.sub("", typed.upper()).strip(" ,;.")
        if unread or len(pairs) < len(found) or None in {*pairs.keys(), *pairs.values()}:
            return None
        return ",".join(f"{premise}:{option}" for premise, option in sorted(pairs.items()))


def pairs_in(answer: str) -> dict[str, str]:
    """Premise id -> option id, of an answer or a key."""
    return dict(pair.split(":", 1) for pair in answer.split(",") if ":" in pair)
