"""What pages show of the Spanish beside the English of an item."""

from collections.abc import Mapping
from dataclasses import dataclass

from examapp.authoring.views.routes import bp
from examapp.word_changes import Piece, word_changes
from question_bank.item_kinds import ItemContent, Question, content_of
from question_bank.items import ItemVersion
from question_bank.sealed_documents import LANGUAGE
from question_bank.translations import SPANISH, missing, outdated, source_texts


@dataclass(frozen=True)
class Mark:
    """What is wrong with the Spanish of one text: it is missing, or its English has changed since."""

    changes: list[Piece]

    @property
    def missing(self) -> bool:
        return not self.changes


@dataclass(frozen=True)
class Reading:
    """What a candidate reads of an item in one language, by place."""

    language: str
    texts: dict[str, str]
    marks: dict[str, Mark]
    # What candidates are told to do, where it does not go without saying.
    asks: str = ""

    @property
    def out_of_date(self) -> bool:
        return any(not mark.missing for mark in self.marks.values())


@bp.app_template_global()
def readings(version: ItemVersion) -> list[Reading]:
    """The English of an item, and its Spanish when there is any."""
    content = content_of(version.item.kind, version.content)
    source = source_texts(content, version.title)
    asks = content.asks if isinstance(content, Question) else ""
    english = Reading(LANGUAGE, {**source, **fixed_texts(content, LANGUAGE)}, {}, asks)
    spanish = content.translations.get(SPANISH)
    if spanish is None:
        return [english]
    marks = {place: Mark([]) for place in missing(spanish, source)}
    for place in outdated(spanish, source):
        marks[place] = Mark(word_changes(spanish.of.get(place, ""), source[place]))
    texts = {place: spanish.texts.get(place, "") for place in source}
    return [english, Reading(SPANISH, {**texts, **fixed_texts(content, SPANISH)}, marks, asks)]


def fixed_texts(content: ItemContent, language: str) -> Mapping[str, str]:
    """What every item of the kind says, such as True and False."""
    return content.fixed_texts.get(language, {}) if isinstance(content, Question) else {}
