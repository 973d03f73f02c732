"""Multiple choice with one best answer: the kind of Part One."""

from fractions import Fraction

from pydantic import Field

from question_bank.errors import sentence as _
from question_bank.item_kinds.contents import (
    OPTION_IDS,
    MarkingRule,
    Option,
    Question,
    repeated,
    sentences_of,
)


class SingleBestAnswer(Question):
    """A stem, options in the order shown, and the one key. An answer is the id of an option."""

    options: list[Option] = Field(default_factory=list, max_length=len(OPTION_IDS))
    key: str = ""

    def texts(self) -> dict[str, str]:
        return {**self.asked(), **{option.id: option.text for option in self.options}}

    def problems(self) -> list[str]:
        texts = [option.text for option in self.options]
        return sentences_of(
            (
                (not self.stem.strip(), _("Write the stem.")),
                (len(texts) < 3, _("Give at least three options.")),
                (any(not text.strip() for text in texts), _("Fill or remove the empty option.")),
                (repeated(texts), _("Two options say the same.")),
                (self.key not in {option.id for option in self.options}, _("Mark one option as the key.")),
            )
        )

    def offered(self) -> list[Option]:
        return self.options

    def key_text(self) -> str:
        return self.key

    @classmethod
    def mark(cls, key: str, rule: MarkingRule, response: str) -> Fraction:
        return Fraction(response == key)
