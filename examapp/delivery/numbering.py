"""How one candidate knows the items of a part: by the number on the page, and options by the letter they saw."""

from collections.abc import Mapping
from dataclasses import dataclass

from examapp.delivery.option_order import option_order
from examapp.delivery.part_content import PartContent
from examapp.registration.models import Registration
from question_bank.item_kinds import Question
from question_bank.sealed_documents import SealedItem

OPTION_LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Numbering:
    # By code of the item, counted from 1.
    numbers: Mapping[str, int]
    # By code of the question: what its kind says, the letter of each option by its id, and those letters with the
    # number of each premise.
    questions: Mapping[str, type[Question]]
    letters: Mapping[str, Mapping[str, str]]
    marks: Mapping[str, Mapping[str, str]]

    def letter(self, item: str, option: str) -> str:
        return self.letters.get(item, {}).get(option, "")

    def shown(self, item: str, answer: str) -> str:
        """An answer to a question as its candidate knows it."""
        return self.questions[item].shown(answer, self.marks[item])

    def read(self, item: str, typed: str) -> str | None:
        """The answer that is shown so; None when it cannot be one."""
        return self.questions[item].read(typed, self.marks[item])

    def is_question(self, item: str) -> bool:
        return item in self.questions


def numbering_of(registration: Registration, content: PartContent) -> Numbering:
    shuffled = registration.administration.shuffle_options
    letters = {item.code: letters_of(item, registration.code if shuffled else None) for item in content.items}
    premises = {
        item.code: {one.id: str(number) for number, one in enumerate(item.premises, 1)} for item in content.items
    }
    essays = [essay.code for group in content.groups for essay in group.essays]
    return Numbering(
        numbers={code: number for number, code in enumerate([*letters, *essays], start=1)},
        questions={item.code: item.question for item in content.items},
        letters=letters,
        marks={code: {**letters[code], **premises[code]} for code in letters},
    )


def letters_of(item: SealedItem, shuffled_for: str | None) -> dict[str, str]:
    order = option_order(shuffled_for, item) if shuffled_for else [option.id for option in item.options]
    return dict(zip(order, OPTION_LETTERS, strict=False))
