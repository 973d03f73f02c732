"""How one candidate knows the items of a part: by the number on the page, and options by the letter they saw."""

from dataclasses import dataclass

from examapp.delivery.option_order import option_order
from examapp.delivery.part_content import PartContent
from examapp.registration.models import Registration

OPTION_LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Numbering:
    # By code of the item, counted from 1.
    numbers: dict[str, int]
    # By code of the question and id of the option.
    letters: dict[str, dict[str, str]]

    def letter(self, item: str, option: str) -> str:
        return self.letters.get(item, {}).get(option, "")

    def is_question(self, item: str) -> bool:
        return item in self.letters


def numbering_of(registration: Registration, content: PartContent) -> Numbering:
    shuffled = registration.administration.shuffle_options
    letters = {}
    for item in content.items:
        order = option_order(registration.code, item) if shuffled else [option.id for option in item.options]
        letters[item.code] = dict(zip(order, OPTION_LETTERS, strict=False))
    essays = [essay.code for group in content.groups for essay in group.essays]
    return Numbering({code: number for number, code in enumerate([*letters, *essays], start=1)}, letters)
