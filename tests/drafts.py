"""Complete drafts of items, for tests that change one thing about them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from question_bank.item_kinds import RUBRIC_LEVELS
from question_bank.item_writing import ItemDraft
from question_bank.items import CognitiveLevel, ItemKind

STEM = "A mother says that her baby cries at every visit. What does the specialist ask about first?"
OPTIONS = ("What happens before", "Who is in the room", "How the baby sleeps", "When the visit begins")


def choice_content(stem: str = STEM, options: Sequence[str] = OPTIONS, key: str = "a") -> dict[str, Any]:
    pairs = zip("abcdefgh", options, strict=False)
    return {"stem": stem, "options": [{"id": letter, "text": text} for letter, text in pairs], "key": key}


def complete_draft(*, stem: str = STEM, options: Sequence[str] = OPTIONS, key: str = "a", **changes: Any) -> ItemDraft:
    """A multiple-choice item in which nothing is missing."""
    tags = {
        "area": "reflection",
        "terms": ["curiosity"],
        "levels": [3, 4],
        "tracks": ["clinical"],
        "responsibility_codes": ["C"],
        "competency": "RF-01",
        "cognitive_level": CognitiveLevel.APPLICATION,
        "rationale": "Curiosity comes before advice.",
        "reference": "Invented, A. (2020). A book. Press.",
    }
    return ItemDraft(content=choice_content(stem, options, key), **{**tags, **changes})


def complete_essay(**changes: Any) -> ItemDraft:
    """A vignette with prompt and rubric in which nothing is missing."""
    levels = [{"level": n, "title": f"Level {n}", "descriptor": f"Does it {n}"} for n in range(1, RUBRIC_LEVELS + 1)]
    rubric = {"dimensions": [{"code": "insight", "title": "Insight", "description": "", "levels": levels}]}
    content = {"slot": "clinical", "stimulus": "Ana visits.", "prompt": "What do you see?", "rubric": rubric}
    tags = {"title": "Ana", "area": "reflection", "terms": ["curiosity"], "levels": [3, 4], "tracks": ["clinical"]}
    return ItemDraft(content=content, **{**tags, **changes})


def typed(**changes: Any) -> dict[str, Any]:
    """A complete multiple-choice item as the editor posts it."""
    options = {f"options-{row}-english": text for row, text in enumerate([*OPTIONS, ""])}
    stood = {f"options-{row}-stood": letter for row, letter in enumerate("abcd")}
    return {
        "action": "save", "edit_count": 0, "stem": STEM, **options, **stood, "key": "a", "area": "reflection",
        "levels": ["3", "4"], "primary_term": "curiosity", "tracks": ["clinical"], "responsibility_codes": ["C"],
        "competency": "RF-01", "cognitive_level": "application", "rationale": "Curiosity comes before advice.",
        "reference": "Invented, A. (2020). A book. Press.", **changes,
    }  # fmt: skip


def complete_question(kind: ItemKind, **changes: Any) -> ItemDraft:
    """A question of this kind in which nothing is missing."""
    return replace(complete_draft(**changes), content=CONTENTS[kind])


CONTENTS: dict[ItemKind, dict[str, Any]] = {
    ItemKind.SINGLE_BEST_ANSWER: choice_content(),
    ItemKind.MULTIPLE_RESPONSE: {
        "stem": "A baby cries at every visit. Which two questions does the specialist ask first?",
        "options": choice_content()["options"],
        "key": "a,c",
        "marking": "partial_with_penalty",
    },
    ItemKind.TRUE_FALSE: {"stem": "A newborn turns to the voice of the mother.", "key": "a"},
    ItemKind.MATCHING: {
        "stem": "Which author described what?",
        "premises": [{"id": "1", "text": "Secure base"}, {"id": "2", "text": "Good enough mother"}],
        "options": [
            {"id": id_, "text": name} for id_, name in zip("abc", ("Bowlby", "Winnicott", "Freud"), strict=True)
        ],
        "key": "1:a,2:b",
        "marking": "partial",
    },
    ItemKind.SHORT_TEXT: {
        "stem": "What is the bond between a child and a caregiver called?",
        "accepted": [{"text": "attachment"}, {"text": "el apego"}],
    },
}
