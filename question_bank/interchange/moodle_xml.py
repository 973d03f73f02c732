"""Moodle XML: a ``<quiz>`` of ``<question type="…">``."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from lxml import etree

from question_bank.errors import sentence as _
from question_bank.interchange.labels import tags_from_labels
from question_bank.interchange.parsed import (
    FULL_MARK,
    MAX_QUESTIONS,
    NO_MARK,
    ForeignKind,
    ParsedItem,
    clean,
    plain,
    too_many,
)
from question_bank.interchange.xml import elements
from question_bank.items import ItemKind

PLAIN_TEXT = "plain_text"
FOREIGN = {
    "matching": ForeignKind.MATCHING,
    "randomsamatch": ForeignKind.MATCHING,
    "shortanswer": ForeignKind.SHORT_TEXT,
    "numerical": ForeignKind.NUMERICAL,
    "calculated": ForeignKind.NUMERICAL,
    "calculatedsimple": ForeignKind.NUMERICAL,
    "calculatedmulti": ForeignKind.NUMERICAL,
    "cloze": ForeignKind.CLOZE,
    "multianswer": ForeignKind.CLOZE,
    "gapselect": ForeignKind.CLOZE,
    "ddwtos": ForeignKind.DRAG_AND_DROP,
    "ddmarker": ForeignKind.DRAG_AND_DROP,
    "ddimageortext": ForeignKind.DRAG_AND_DROP,
    "ordering": ForeignKind.ORDERING,
    "description": ForeignKind.DESCRIPTION,
}


def read_moodle_xml(data: bytes) -> list[ParsedItem]:
    return list(questions(data))


def questions(data: bytes) -> Iterator[ParsedItem]:
    category, count = "", 0
    for element in elements(data, "question"):
        if element.get("type") == "category":
            category = text_at(element, "category")
        elif count == MAX_QUESTIONS:
            raise too_many()
        else:
            count += 1
            yield parse(element, category).checked()


def parse(element: etree._Element, category: str) -> ParsedItem:
    explanation = text_at(element, "generalfeedback")
    tags = tags_from_labels((clean(tag) for tag in element.xpath("tags/tag/text/text()")), explanation)
    if category:
        note = "\n".join(part for part in (tags.get("note", ""), f"Category: {category}") if part)
        tags = {**tags, "category": category.rpartition("/")[2].strip(), "note": note}
    item = ParsedItem(
        line=element.sourceline or 0,
        title=text_at(element, "name")[:200],
        stem=text_at(element, "questiontext"),
        tags=tags,
    )
    item = of_type(item, element, element.get("type", ""))
    if element.find("questiontext/file") is not None and "<img" not in item.stem:
        item = item.changed(_("The picture was left out."))
    formats = {part.get("format", "html") for part in element.iter("questiontext", "answer")}
    return item if formats == {PLAIN_TEXT} else plain(item, html_meant=True)


def of_type(item: ParsedItem, element: etree._Element, type_: str) -> ParsedItem:
    """The item with what its type adds."""
    if type_ == "multichoice":
        return multiple_choice(item, element)
    if type_ == "truefalse":
        item = with_options(item, element)
        return item.changed(_("True or false became two options; review asks for three."))
    if type_ == "essay":
        return replace(item, kind=ItemKind.ESSAY)
    return item.of_foreign_kind(FOREIGN.get(type_, ForeignKind.OTHER))


def multiple_choice(item: ParsedItem, element: etree._Element) -> ParsedItem:
    item = with_options(item, element)
    full = sum(fraction == FULL_MARK for _text, fraction in item.options)
    single = (element.findtext("single") or "true").strip() in ("true", "1")
    partly = any(fraction not in (FULL_MARK, NO_MARK) for _text, fraction in item.options)
    # Several right answers share the mark; one that gets all of it is the key, whatever the question allows.
    if not single and (full != 1 or any(NO_MARK < fraction < FULL_MARK for _text, fraction in item.options)):
        return item.of_foreign_kind(ForeignKind.MULTIPLE_RESPONSE)
    if partly and full:
        options = [(text, fraction if fraction == FULL_MARK else NO_MARK) for text, fraction in item.options]
        item = replace(item, options=options)
        return item.changed(_("Part marks were dropped: the key gets the mark, the others none."))
    return item


def with_options(item: ParsedItem, element: etree._Element) -> ParsedItem:
    """The item with its answers as options, and what is said about each of them in the rationale."""
    answers = element.findall("answer")
    options = [(text_at(answer), fraction_of(answer)) for answer in answers]
    said = "\n".join(
        f"{text}: {feedback}"
        for answer, (text, _fraction) in zip(answers, options, strict=True)
        if (feedback := text_at(answer, "feedback"))
    )
    item = replace(item, options=options)
    if not said:
        return item
    rationale = "\n".join(part for part in (item.tags.get("rationale", ""), said) if part)
    item = replace(item, tags={**item.tags, "rationale": rationale})
    return item.changed(_("The feedback to options was moved to the rationale."))


def fraction_of(answer: etree._Element) -> Decimal:
    try:
        fraction = Decimal(answer.get("fraction", "0"))
    except InvalidOperation:
        return NO_MARK
    return fraction if fraction.is_finite() else NO_MARK


def text_at(element: etree._Element, name: str = "") -> str:
    return clean(element.findtext(f"{name}/text" if name else "text") or "").strip()
