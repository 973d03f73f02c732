"""Multiple choice with several right answers, all of which are to be chosen."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from question_bank.errors import sentence as _
from question_bank.item_kinds.contents import (
    OPTION_IDS,
    MarkingRule,
    Option,
    Question,
    id_of,
    repeated,
    sentences_of,
    split,
)


class MultipleResponse(Question):
    """A stem, options, and the keys among them. An answer is the ids chosen, in order, as in the key: ``"a,c"``."""

    asks: ClassVar[str] = _("Choose all that apply.")
    typed_as: ClassVar[str] = _("Every letter that is filled in, such as AC.")

    options: list[Option] = Field(default_factory=list, max_length=len(OPTION_IDS))
    key: Annotated[str, StringConstraints(pattern=r"^([a-h](,[a-h])*)?$")] = ""
    marking: MarkingRule = MarkingRule.ALL_OR_NOTHING

    def texts(self) -> dict[str, str]:
        return {**self.asked(), **{option.id: option.text for option in self.options}}

    def problems(self) -> list[str]:
        texts = [option.text for option in self.options]
        ids, keys = {option.id for option in self.options}, split(self.key)
        return sentences_of(
            (
                (not self.stem.strip(), _("Write the stem.")),
                (len(texts) < 3, _("Give at least three options.")),
                (any(not text.strip() for text in texts), _("Fill or remove the empty option.")),
                (repeated(texts), _("Two options say the same.")),
                (len(keys) < 2 or not keys <= ids, _("Mark at least two options as keys.")),
                (bool(ids) and keys >= ids, _("Leave at least one option that is not a key.")),
            )
        )

    def offered(self) -> list[Option]:
        return self.options

    def key_text(self) -> str:
        return self.key

    @property
    def rule(self) -> MarkingRule:
        return self.marking

    @classmethod
    def mark(cls, key: str, rule: MarkingRule, response: str) -> Fraction:
        """Of partial marks: the right choices; without penalty, each choice more than there are keys undoes one.

        Otherwise whoever chose everything would be right. The same rule as Moodle's "OU multiple response".
        """
        keys, chosen = split(key), split(response)
        right, wrong = len(chosen & keys), len(chosen - keys)
        match rule:
            case MarkingRule.ALL_OR_NOTHING:
                return Fraction(chosen == keys)
            case MarkingRule.PARTIAL:
                earned = right - max(0, len(chosen) - len(keys))
            case MarkingRule.PARTIAL_WITH_PENALTY:
                earned = right - wrong
        return Fraction(max(0, earned), len(keys))

    @classmethod
    def parts(cls, answer: str) -> list[str]:
        return sorted(split(answer))

    @classmethod
    def shown(cls, answer: str, marks: Mapping[str, str]) -> str:
        return ", ".join(sorted(marks[option] for option in split(answer) if option in marks))

    @classmethod
    def read(cls, typed: str, marks: Mapping[str, str]) -> str | None:
        options = {id_of(letter, marks) for letter in typed.upper() if letter not in " ,"}
        return None if None in options else ",".join(sorted(filter(None, options)))
