"""Complete drafts of items, for tests that change one thing about them."""

from collections.abc import Sequence
from typing import Any

from question_bank.item_kinds import RUBRIC_LEVELS
from question_bank.item_writing import ItemDraft
from question_bank.items import CognitiveLevel

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
    options = {f"options-{row}": text for row, text in enumerate([*OPTIONS, ""])}
    return {
        "action": "save", "edit_count": 0, "stem": STEM, **options, "key": "a", "area": "reflection",
        "levels": ["3", "4"], "primary_term": "curiosity", "tracks": ["clinical"], "responsibility_codes": ["C"],
        "competency": "RF-01", "cognitive_level": "application", "rationale": "Curiosity comes before advice.",
        "reference": "Invented, A. (2020). A book. Press.", **changes,
    }  # fmt: skip
