"""The two documents of a sealed form: what the candidate sees, and the keys, kept apart.

Pure schemas; `exam_forms.py` stores them. The first never holds a key, a rationale, a rubric or a pretest mark.
"""

from typing import Final, Literal

from question_bank.framework import Document
from question_bank.item_kinds import Option, Rubric

LANGUAGE: Final = "en"  # in which items and vignettes are written


class SealedItem(Document):
    code: str
    version: int
    kind: Literal["single_best_answer"]
    stem: str
    options: list[Option]


class SealedEssay(Document):
    code: str
    version: int
    title: str
    stimulus: str
    prompt: str


class SealedSlotGroup(Document):
    """Of these essays a candidate of this level and track answers ``choose``."""

    code: str
    level: int
    track: str | None
    title: str
    choose: int
    essays: list[str]


class SealedDocument(Document):
    schema_version: Literal[1]
    # Of the words of the exam. A page in another language says so, for the voice of a screen reader.
    language: Literal["en"] = LANGUAGE
    title: str
    purpose: str
    part_one: list[SealedItem]
    slot_groups: list[SealedSlotGroup]
    # Every essay of any slot group, once, by code: two groups may share a vignette.
    essays: dict[str, SealedEssay]

    def slot_groups_for(self, level: int, track: str | None) -> list[SealedSlotGroup]:
        return [group for group in self.slot_groups if (group.level, group.track) == (level, track or None)]


class ItemKey(Document):
    key: str
    area: str
    terms: list[str]
    pretest: bool = False


class EssayKey(Document):
    rubric: Rubric
    area: str


class KeyDocument(Document):
    items: dict[str, ItemKey]
    essays: dict[str, EssayKey]
