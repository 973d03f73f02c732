"""GIFT, the text format of Moodle.

Read in one pass over the lines, then over the characters of each question, so that time grows with the size of the
file only. A backslash escape becomes a placeholder character first; after that, marks are marks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from question_bank.errors import sentence as _
from question_bank.interchange.answers import typed, weighted
from question_bank.interchange.labels import tags_from_labels
from question_bank.interchange.parsed import (
    FEEDBACK_MOVED,
    FULL_MARK,
    MAX_QUESTIONS,
    NO_MARK,
    PART_MARKS_DROPPED,
    ForeignKind,
    ParsedItem,
    plain,
    too_many,
)
from question_bank.items import ItemKind

ESCAPED = "\\~=#{}:"
HIDE = {f"\\{char}": chr(0xE000 + place) for place, char in enumerate(ESCAPED)} | {"\\n": "\n"}
SHOW = str.maketrans({chr(0xE000 + place): char for place, char in enumerate(ESCAPED)})
ESCAPE = re.compile(r"\\[\\~=#{}:n]")
WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,7})?)%")
# In a comment before a question.
LABEL = re.compile(r"\[tag:((?:\\\]|[^\[\]<>`])+)\]")
TEXT_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
ARROW = "->"
TRUE_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass(frozen=True)
class Block:
    """One question as it stands in the file, escapes hidden."""

    line: int
    category: str
    text: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    text: str
    fraction: Decimal
    feedback: str
    is_wrong: bool  # a ~ stands before it


class BadAnswersError(Exception):
    """What stands in the braces cannot be understood; the message says why."""


def looks_like_gift(text: str) -> bool:
    sample = text[:20_000]
    return "{" in sample or any(line.lstrip().startswith(("::", "$CATEGORY:")) for line in sample.split("\n"))


def read_gift(text: str) -> list[ParsedItem]:
    """Every question of the file, in its order."""
    items = list[ParsedItem]()
    for block in blocks(text):
        if len(items) == MAX_QUESTIONS:
            raise too_many()
        items.append(parse(block))
    return items


def blocks(text: str) -> Iterator[Block]:
    """The questions of a file: they end at a blank line outside braces, or where another one begins."""
    category, start, held, depth, blank = "", 0, list[str](), 0, False
    labels, of_held = list[str](), list[str]()
    for number, raw in enumerate(text.split("\n"), start=1):
        if raw.lstrip().startswith("//"):
            labels += [label.replace("\\]", "]") for label in LABEL.findall(raw)]
            continue
        line = ESCAPE.sub(lambda match: HIDE[match.group()], raw.strip())
        titled = line.startswith(("::", "$CATEGORY:"))
        # A new question inside braces means that the brace before was left open: it must not swallow the rest.
        unclosed = depth > 0 and (titled or (blank and "{" in line))
        if held and ((not line and depth == 0) or titled or unclosed):
            yield Block(start, category, "\n".join(held), tuple(of_held))
            held, depth = [], 0
        if line.startswith("$CATEGORY:"):
            category = line.removeprefix("$CATEGORY:").strip().translate(SHOW)
        elif line or held:
            if not held:
                start, of_held, labels = number, labels, []
            held.append(line)
            depth = max(0, depth + line.count("{") - line.count("}"))
        blank = not line
    if held:
        yield Block(start, category, "\n".join(held), tuple(of_held))


def parse(block: Block) -> ParsedItem:
    title, text = split_title(block.text.strip())
    item = ParsedItem(line=block.line, title=shown(title)[:200], tags=tags_of_block(block))
    before, opened, rest = text.partition("{")
    marked = TEXT_FORMAT.match(before.lstrip())
    item = replace(item, stem=shown(before))
    if not opened:
        return item.of_foreign_kind(ForeignKind.DESCRIPTION)
    inside, closed, after = rest.partition("}")
    if not closed or "{" in inside:
        return item.refused(_("Its answer part has no closing brace."))
    if "{" in after:
        return item.of_foreign_kind(ForeignKind.COMPOSITE)
    try:
        item = with_answers(item, inside.strip())
    except BadAnswersError as refusal:
        return item.refused(str(refusal))
    if shown(after):
        item = replace(item, stem=f"{item.stem} _____ {shown(after)}".strip())
        item = item.changed(_("The missing word became a blank in the stem."))
    meant = marked[1] if marked else ""
    return (item if meant == "plain" else plain(item, html_meant=meant == "html")).checked()


def split_title(text: str) -> tuple[str, str]:
    if text.startswith("::"):
        title, found, rest = text[2:].partition("::")
        if found:
            return title, rest
    return "", text


def tags_of_block(block: Block) -> dict[str, str]:
    """What comments say; the last part of a category may be an area, and the whole of it is kept as a note."""
    tags, category = tags_from_labels(block.labels), block.category
    if not category:
        return tags
    note = "\n".join(part for part in (tags.get("note", ""), f"Category: {category}") if part)
    return {**tags, "category": category.rpartition("/")[2].strip(), "note": note}


def shown(text: str) -> str:
    """A text as it is read: without the mark of its format, with its escapes as characters."""
    text = text.strip()
    marked = TEXT_FORMAT.match(text)
    return (text[marked.end() :] if marked else text).translate(SHOW).strip()


def with_answers(item: ParsedItem, inside: str) -> ParsedItem:
    """The item with what stands in its braces. Raises BadAnswersError when they make no sense."""
    inside, general = split_general_feedback(inside)
    if general:
        item = replace(item, tags={**item.tags, **tags_from_labels((), general)})
    word, _mark, feedback = inside.partition("#")
    if not inside:
        return replace(item, kind=ItemKind.ESSAY)
    if inside.startswith("#"):
        return item.of_foreign_kind(ForeignKind.NUMERICAL)
    if word.strip().upper() in TRUE_FALSE:
        return true_false(item, TRUE_FALSE[word.strip().upper()], [shown(part) for part in feedback.split("#")])
    return chosen_or_typed(item, answers(inside))


def split_general_feedback(inside: str) -> tuple[str, str]:
    answers_part, found, general = inside.partition("####")
    return (answers_part.strip(), shown(general)) if found else (inside, "")


def true_false(item: ParsedItem, truth: bool, feedback: list[str]) -> ParsedItem:
    options = [("True", FULL_MARK if truth else NO_MARK), ("False", NO_MARK if truth else FULL_MARK)]
    item = replace(item, kind=ItemKind.TRUE_FALSE, options=options)
    return with_feedback(item, " ".join(text for text in feedback if text))


def chosen_or_typed(item: ParsedItem, found: list[Answer]) -> ParsedItem:
    item = with_feedback(item, "\n".join(f"{shown(a.text)}: {a.feedback}" for a in found if a.feedback))
    if any(answer.is_wrong for answer in found):
        return chosen(item, [(shown(answer.text), answer.fraction) for answer in found])
    arrows = [ARROW in answer.text for answer in found]
    if any(arrows) and not all(arrows):
        raise BadAnswersError(_("Some of its answers are pairs with an arrow, and some are not."))
    if not any(arrows):
        return typed(item, [(shown(answer.text), answer.fraction) for answer in found])
    pairs = [answer.text.partition(ARROW) for answer in found]
    return replace(item, kind=ItemKind.MATCHING, pairs=[(shown(line), shown(option)) for line, _arrow, option in pairs])


def chosen(item: ParsedItem, options: list[tuple[str, Decimal]]) -> ParsedItem:
    """One option with the whole mark is the key; without one, those with part of it are the keys."""
    fractions = {fraction for _text, fraction in options}
    if fractions <= {FULL_MARK, NO_MARK}:
        return replace(item, options=options)
    if FULL_MARK not in fractions:
        return weighted(item, options)
    options = [(text, fraction if fraction == FULL_MARK else NO_MARK) for text, fraction in options]
    return replace(item, options=options).changed(PART_MARKS_DROPPED)


def with_feedback(item: ParsedItem, said: str) -> ParsedItem:
    """The item with what is said about its answers in the rationale."""
    if not said:
        return item
    return replace(item, tags=with_rationale(item.tags, said)).changed(FEEDBACK_MOVED)


def with_rationale(tags: dict[str, str], text: str) -> dict[str, str]:
    return {**tags, "rationale": "\n".join(part for part in (tags.get("rationale", ""), text) if part)}


def answers(inside: str) -> list[Answer]:
    """Each answer begins with = (right) or ~ (wrong), either with a weight in percent, and may end in feedback."""
    found = []
    for part in re.split(r"(?=[=~])", inside):
        if not part.strip():
            continue
        mark, text = part[0], part[1:].strip()
        if mark not in "=~":
            raise BadAnswersError(_("Its answer part does not begin with = or ~."))
        weight = WEIGHT.match(text)
        text, _mark, feedback = (text[weight.end() :] if weight else text).partition("#")
        default = FULL_MARK if mark == "=" else NO_MARK
        found.append(Answer(text, fraction_of(weight, default), shown(feedback), mark == "~"))
    return found


def fraction_of(weight: re.Match[str] | None, default: Decimal) -> Decimal:
    try:
        return Decimal(weight[1]) if weight else default
    except InvalidOperation:
        raise BadAnswersError(_("A weight in it is not a number.")) from None
