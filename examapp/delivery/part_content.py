"""What one candidate gets of a sealed form: one part, and of Part Two only the slot groups of their level and track."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from examapp.delivery.responses import PartResponses
from question_bank.exam_policy import PART_ONE
from question_bank.item_text import digests_in
from question_bank.sealed_documents import (
    Asked,
    SealedDocument,
    SealedEssay,
    SealedItem,
    SealedSlotGroup,
    told_together,
)


@dataclass(frozen=True)
class EssayGroup:
    """A slot group with the essays it offers."""

    group: SealedSlotGroup
    essays: list[SealedEssay]

    @property
    def compulsory(self) -> bool:
        return self.group.choose >= len(self.essays)


@dataclass(frozen=True)
class PartContent:
    part: str
    language: str
    items: list[SealedItem] = field(default_factory=list)
    groups: list[EssayGroup] = field(default_factory=list)
    # Texts by language, code and place: of the languages in which all of this part can be read.
    translations: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    @property
    def languages(self) -> list[str]:
        """The language of the exam, and after it those of the translations."""
        return [self.language, *self.translations]

    def said(self, code: str, place: str, text: str) -> list[tuple[str, str]]:
        """This text of an item or essay in each of the languages, as (language, text)."""
        return [(self.language, text), *((language, of[code][place]) for language, of in self.translations.items())]

    def told_together(self, one: Asked) -> dict[int, Asked]:
        """By number, the questions or essays about its vignette; none where it is the only one."""
        return told_together(self.items or self.essays, one)

    @property
    def essays(self) -> list[SealedEssay]:
        return [essay for group in self.groups for essay in group.essays]

    @cached_property
    def codes(self) -> set[str]:
        """The items an answer may name."""
        return {item.code for item in self.items} | {essay.code for essay in self.essays}

    @cached_property
    def pictures(self) -> set[str]:
        """The digests of the pictures it shows, in any language."""
        translated = (of[code].values() for of in self.translations.values() for code in self.codes)
        return digests_in(chain(*(item.texts for item in self.items), *(e.texts for e in self.essays), *translated))

    @property
    def answers_expected(self) -> int:
        return len(self.items) + sum(group.group.choose for group in self.groups)

    def answered(self, responses: PartResponses) -> int:
        """How many of the answers expected are there: of essays, those chosen and written."""
        compulsory = {e.code for group in self.groups if group.compulsory for e in group.essays}
        essays = {code for code in compulsory.union(responses.chosen) & self.codes if responses.answers.get(code)}
        return sum(item.code in responses.answers for item in self.items) + len(essays)


def content_of(document: SealedDocument, part: str, level: int, track: str) -> PartContent:
    if part == PART_ONE:
        content = PartContent(part, document.language, items=document.part_one)
    else:
        groups = document.slot_groups_for(level, track)
        essays = [EssayGroup(group, [document.essays[code] for code in group.essays]) for group in groups]
        content = PartContent(part, document.language, groups=essays)
    return replace(content, translations=document.whole_translations(content.codes))
