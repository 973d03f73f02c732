"""The two documents of a sealed form: what the candidate sees, and the keys, kept apart.

Pure schemas; `exam_forms.py` stores them. The first never holds a key, a rationale, a rubric or a pretest mark.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any, Final, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from question_bank.framework import Document
from question_bank.item_kinds import QUESTIONS, MarkingRule, Option, Premise, Question, Rubric
from question_bank.items import ItemKind

LANGUAGE: Final = "en"  # in which items and vignettes are written


class SealedItem(Document):
    """A question; ``premises`` are what each is to be matched with an option."""

    code: str
    version: int
    kind: ItemKind
    stem: str
    options: list[Option]
    premises: list[Premise] = Field(default_factory=list)
    # The same words in each question of a vignette set, which stand one after the other.
    stimulus: str = ""

    @property
    def question(self) -> type[Question]:
        """What its kind says of it."""
        return QUESTIONS[self.kind]

    @property
    def asked(self) -> dict[str, str]:
        """The texts before the options, by place."""
        return {"stimulus": self.stimulus, "stem": self.stem} if self.stimulus else {"stem": self.stem}

    @property
    def texts(self) -> list[str]:
        """What candidates read of it."""
        return [
            *self.asked.values(),
            *(option.text for option in self.options),
            *(premise.text for premise in self.premises),
        ]

    @model_serializer(mode="wrap")
    def as_sealed(self, fields: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without what it has not, so that a form has the same digest as before there were such fields."""
        document: dict[str, Any] = fields(self)
        for name in ("premises", "stimulus"):
            if not document[name]:
                del document[name]
        return document


class SealedEssay(Document):
    code: str
    version: int
    title: str
    stimulus: str
    prompt: str

    @property
    def texts(self) -> list[str]:
        """What candidates read of it under its title."""
        return [self.stimulus, self.prompt]


Asked = SealedItem | SealedEssay


def told_together(asked: Sequence[Asked], one: Asked) -> dict[int, Asked]:
    """By number, those about the vignette of this one that stand in one piece with it; none where it stands alone.

    The same words further off are a chance: a vignette set stands in one piece.
    """
    runs = (dict(run) for _, run in groupby(enumerate(asked, start=1), key=lambda numbered: numbered[1].stimulus))
    found = next((run for run in runs if one.code in {other.code for other in run.values()}), {})
    return found if one.stimulus and len(found) > 1 else {}


class SealedSlotGroup(Document):
    """Of these essays a candidate of this level and track answers ``choose``."""

    code: str
    level: int
    track: str | None
    title: str
    choose: int
    essays: list[str]


class SealedDocument(Document):
    """Version 1 is in English only; version 2 has translations too."""

    schema_version: Literal[1, 2]
    # Of the words of the exam. A page in another language says so, for the voice of a screen reader.
    language: Literal["en"] = LANGUAGE
    title: str
    purpose: str
    part_one: list[SealedItem]
    slot_groups: list[SealedSlotGroup]
    # Every essay of any slot group, once, by code: two groups may share a vignette.
    essays: dict[str, SealedEssay]
    # By language, code and place: of the items and essays that had a whole translation when the form was sealed.
    translations: dict[Literal["es"], dict[str, dict[str, str]]] = Field(default_factory=dict)

    @model_serializer(mode="wrap")
    def as_sealed(self, fields: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A form in English only has the same bytes, and so the same digest, as before there were translations."""
        document: dict[str, Any] = fields(self)
        if not self.translations:
            del document["translations"]
        return document

    def whole_translations(self, codes: Collection[str]) -> dict[str, dict[str, dict[str, str]]]:
        """The translations in which every one of these items and essays can be read."""
        return {
            language: texts for language, texts in self.translations.items() if codes and texts.keys() >= set(codes)
        }

    @property
    def codes(self) -> set[str]:
        """Every item and vignette on it."""
        return {item.code for item in self.part_one} | self.essays.keys()

    def slot_groups_for(self, level: int, track: str | None) -> list[SealedSlotGroup]:
        return [group for group in self.slot_groups if (group.level, group.track) == (level, track or None)]


class ItemKey(Document):
    """The key of a question, in the form in which its answers are kept (see item_kinds)."""

    kind: ItemKind = ItemKind.SINGLE_BEST_ANSWER
    key: str
    rule: MarkingRule = MarkingRule.ALL_OR_NOTHING
    area: str
    terms: list[str]
    pretest: bool = False

    @property
    def question(self) -> type[Question]:
        """What its kind says of it."""
        return QUESTIONS[self.kind]

    def mark(self, response: str) -> Fraction:
        """What an answer is worth: from nothing to one mark."""
        return self.question.mark(self.key, self.rule, response)


class EssayKey(Document):
    rubric: Rubric
    area: str


class KeyDocument(Document):
    items: dict[str, ItemKey]
    essays: dict[str, EssayKey]
