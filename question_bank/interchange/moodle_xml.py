"""Moodle XML: a ``<quiz>`` of ``<question type="…">``."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from lxml import etree

from question_bank.interchange.answers import all_of, typed, weighted
from question_bank.interchange.file_pictures import FilePictures, saying_why
from question_bank.interchange.labels import tags_from_labels
from question_bank.interchange.moodle_pictures import PLAIN_TEXT, place_pictures
from question_bank.interchange.parsed import (
    CAPITALS_IGNORED,
    FEEDBACK_MOVED,
    FULL_MARK,
    MAX_QUESTIONS,
    NO_MARK,
    PART_MARKS_DROPPED,
    PICTURE_LEFT_OUT,
    ForeignKind,
    ParsedItem,
    clean,
    plain,
    too_many,
)
from question_bank.interchange.xml import elements
from question_bank.items import ItemKind
from question_bank.pictures import LARGEST_FILE

FOREIGN = {
    "randomsamatch": ForeignKind.MATCHING,
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


def read_moodle_xml(data: bytes, largest_picture: int = LARGEST_FILE) -> list[ParsedItem]:
    return list(questions(data, largest_picture))


def questions(data: bytes, largest_picture: int) -> Iterator[ParsedItem]:
    category, count, pictures = "", 0, FilePictures(largest_picture)
    for element in elements(data, "question"):
        if element.get("type") == "category":
            category = text_at(element, "category")
        elif count == MAX_QUESTIONS:
            raise too_many()
        else:
            count += 1
            yield parse(element, category, pictures)


def parse(element: etree._Element, category: str, in_file: FilePictures) -> ParsedItem:
    explanation = text_at(element, "generalfeedback")
    tags = tags_from_labels((clean(tag) for tag in element.xpath("tags/tag/text/text()")), explanation)
    if category:
        note = "\n".join(part for part in (tags.get("note", ""), f"Category: {category}") if part)
        tags = {**tags, "category": category.rpartition("/")[2].strip(), "note": note}
    pictures = place_pictures(element, in_file)
    item = ParsedItem(
        line=element.sourceline or 0,
        title=text_at(element, "name")[:200],
        stem=text_at(element, "questiontext"),
        tags=tags,
        pictures=pictures.found,
    )
    item = of_type(item, element, element.get("type", ""))
    if element.find("questiontext/file") is not None and not pictures.found and "<img" not in item.stem:
        item = item.changed(PICTURE_LEFT_OUT)
    formats = {part.get("format", "html") for part in element.iter("questiontext", "subquestion", "answer")}
    bare = item if formats == {PLAIN_TEXT} else plain(item, html_meant=True)
    return saying_why(bare.checked(), pictures.left_out)


def of_type(item: ParsedItem, element: etree._Element, type_: str) -> ParsedItem:
    """The item with what its type adds."""
    reader = READERS.get(type_)
    return reader(item, element) if reader else item.of_foreign_kind(FOREIGN.get(type_, ForeignKind.OTHER))


def multiple_choice(item: ParsedItem, element: etree._Element) -> ParsedItem:
    item = with_options(item, element)
    full = sum(fraction == FULL_MARK for _text, fraction in item.options)
    single = (element.findtext("single") or "true").strip() in ("true", "1")
    partly = any(fraction not in (FULL_MARK, NO_MARK) for _text, fraction in item.options)
    # Several right answers share the mark; one that gets all of it is the key, whatever the question allows.
    if not single and (full != 1 or any(NO_MARK < fraction < FULL_MARK for _text, fraction in item.options)):
        return weighted(item, item.options)
    if partly and full:
        options = [(text, fraction if fraction == FULL_MARK else NO_MARK) for text, fraction in item.options]
        return replace(item, options=options).changed(PART_MARKS_DROPPED)
    return item


def all_or_nothing(item: ParsedItem, element: etree._Element) -> ParsedItem:
    item = with_options(item, element)
    return all_of(item, [(text, fraction > NO_MARK) for text, fraction in item.options])


def true_false(item: ParsedItem, element: etree._Element) -> ParsedItem:
    item = with_options(item, element)
    marks = {text.casefold(): fraction for text, fraction in item.options}
    options = [(word, marks.get(word.casefold(), NO_MARK)) for word in ("True", "False")]
    return replace(item, kind=ItemKind.TRUE_FALSE, options=options)


def matching(item: ParsedItem, element: etree._Element) -> ParsedItem:
    parts = element.findall("subquestion")
    return replace(item, kind=ItemKind.MATCHING, pairs=[(text_at(part), text_at(part, "answer")) for part in parts])


def short_answer(item: ParsedItem, element: etree._Element) -> ParsedItem:
    item = with_options(item, element)
    item = typed(item, item.options)
    capitals = (element.findtext("usecase") or "0").strip() in ("1", "true")
    return item.changed(CAPITALS_IGNORED) if capitals else item


def essay(item: ParsedItem, _element: etree._Element) -> ParsedItem:
    return replace(item, kind=ItemKind.ESSAY)


READERS = {
    "multichoice": multiple_choice,
    "multichoiceset": all_or_nothing,
    "truefalse": true_false,
    "matching": matching,
    "shortanswer": short_answer,
    "essay": essay,
}


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
    return item.changed(FEEDBACK_MOVED)


def fraction_of(answer: etree._Element) -> Decimal:
    try:
        fraction = Decimal(answer.get("fraction", "0"))
    except InvalidOperation:
        return NO_MARK
    return fraction if fraction.is_finite() else NO_MARK


def text_at(element: etree._Element, name: str = "") -> str:
    return clean(element.findtext(f"{name}/text" if name else "text") or "").strip()
