"""Aiken, the plainest format of Moodle: a question, options that begin with a letter, and "ANSWER: B"."""

import re
from dataclasses import dataclass, field, replace

from question_bank.errors import sentence as _
from question_bank.interchange.parsed import (
    FULL_MARK,
    MAX_QUESTIONS,
    NO_MARK,
    ParsedItem,
    plain,
    too_many,
)

OPTION = re.compile(r"([A-Za-z])[.)]\s+(\S.*)|([A-Z])[.)]$")
ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)


@dataclass
class Draft:
    """What has been read of a question so far."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)  # letter, text


def looks_like_aiken(text: str) -> bool:
    lines = [line.strip() for line in text[:20_000].split("\n")]
    return any(map(ANSWER.match, lines)) and any(map(OPTION.match, lines)) and "{" not in text[:20_000]


def read_aiken(text: str) -> list[ParsedItem]:
    """Every question of the file; one that another begins before its answer is named too."""
    items, draft = list[ParsedItem](), Draft()
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        answer, option = ANSWER.match(line), OPTION.match(line)
        if len(items) > MAX_QUESTIONS:
            raise too_many()
        if answer and (draft.stem or draft.options):
            items.append(finished(draft, answer[1]))
            draft = Draft()
        elif option and draft.stem:
            draft.options.append((option[1] or option[3], option[2] or ""))
        elif line and draft.options:
            items.append(finished(draft, ""))
            draft = Draft(number, [line])
        elif line:
            draft = draft if draft.stem else Draft(number)
            draft.stem.append(line)
    if draft.stem:
        items.append(finished(draft, ""))
    return items


def finished(draft: Draft, answer: str) -> ParsedItem:
    item = ParsedItem(line=draft.line, stem="\n".join(draft.stem))
    letters = [letter.upper() for letter, _text in draft.options]
    keys = re.findall(r"\b[A-Z]\b", answer.upper())
    item = replace(
        item,
        options=[
            (text, FULL_MARK if letter in keys else NO_MARK)
            for letter, (_label, text) in zip(letters, draft.options, strict=True)
        ],
    )
    if not answer:
        return item.refused(_("It has no line that says ANSWER: and a letter."))
    if len(set(letters)) < len(letters):
        return item.refused(_("Two of its options have the same letter."))
    if not set(keys) & set(letters):
        return item.refused(_("Its key names no option."))
    return plain(item).checked()
