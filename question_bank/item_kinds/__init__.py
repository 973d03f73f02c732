"""The kinds of items: one file each says what its content looks like, how it is checked, and how it is marked.

A new kind is a new file, a name in `ItemKind` and a line in `CONTENT_OF`.
"""

from collections.abc import Mapping
from typing import Any

from question_bank.item_kinds.contents import (
    AS_WRITTEN,
    OPTION_IDS,
    PREMISE_IDS,
    Content,
    ItemContent,
    MarkingRule,
    Option,
    Premise,
    Question,
    Text,
    Translation,
    Translations,
)
from question_bank.item_kinds.essay import RUBRIC_LEVELS, Essay, Rubric, RubricDimension, RubricLevel
from question_bank.item_kinds.matching import Matching
from question_bank.item_kinds.multiple_response import MultipleResponse
from question_bank.item_kinds.short_text import ShortText
from question_bank.item_kinds.single_best_answer import SingleBestAnswer
from question_bank.item_kinds.true_false import TrueFalse
from question_bank.items import ItemKind

__all__ = [
    "AS_WRITTEN",
    "CONTENT_OF",
    "OPTION_IDS",
    "PREMISE_IDS",
    "QUESTIONS",
    "RUBRIC_LEVELS",
    "Content",
    "Essay",
    "ItemContent",
    "MarkingRule",
    "Matching",
    "MultipleResponse",
    "Option",
    "Premise",
    "Question",
    "Rubric",
    "RubricDimension",
    "RubricLevel",
    "ShortText",
    "SingleBestAnswer",
    "Text",
    "Translation",
    "Translations",
    "TrueFalse",
    "content_of",
]

# The kinds that are marked by their key, and so may stand in Part One.
QUESTIONS: dict[ItemKind, type[Question]] = {
    ItemKind.SINGLE_BEST_ANSWER: SingleBestAnswer,
    ItemKind.MULTIPLE_RESPONSE: MultipleResponse,
    ItemKind.TRUE_FALSE: TrueFalse,
    ItemKind.MATCHING: Matching,
    ItemKind.SHORT_TEXT: ShortText,
}
CONTENT_OF: dict[ItemKind, type[ItemContent]] = {**QUESTIONS, ItemKind.ESSAY: Essay}


def content_of(kind: ItemKind, content: Mapping[str, Any]) -> ItemContent:
    """The content of an item as it is stored.

    Raises pydantic.ValidationError when the shape itself is wrong, which no page of ours produces.
    """
    return CONTENT_OF[kind].model_validate(content)
