"""What one candidate gets of a sealed form: one part, and of Part Two only the slot groups of their level and track."""

from dataclasses import dataclass, field

from examapp.delivery.responses import PartResponses
from question_bank.exam_policy import PART_ONE
from question_bank.sealed_documents import SealedDocument, SealedEssay, SealedItem, SealedSlotGroup


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
    language: str
    items: list[SealedItem] = field(default_factory=list)
    groups: list[EssayGroup] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        """The items an answer may name."""
        return {item.code for item in self.items} | {essay.code for group in self.groups for essay in group.essays}

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
        return PartContent(document.language, items=document.part_one)
    groups = document.slot_groups_for(level, track)
    essays = [EssayGroup(group, [document.essays[code] for code in group.essays]) for group in groups]
    return PartContent(document.language, groups=essays)
