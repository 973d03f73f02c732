"""Items as Moodle XML, every text as plain text."""

from collections.abc import Iterable

from lxml import etree
from lxml.builder import E

from question_bank.interchange.parsed import clean
from question_bank.item_export.entries import Entry
from question_bank.items import ItemKind

PLAIN = {"format": "plain_text"}


def moodle_xml_of(entries: Iterable[Entry]) -> bytes:
    quiz = E.quiz(*map(question, entries))
    return etree.tostring(quiz, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def question(entry: Entry) -> etree._Element:
    essay = entry.kind is ItemKind.ESSAY
    text = "\n\n".join(part for part in (entry.stimulus, entry.stem) if part)
    return E.question(
        {"type": "essay" if essay else "multichoice"},
        E.name(words(entry.name)),
        E.questiontext(PLAIN, words(text)),
        E.generalfeedback(PLAIN, words(entry.explanation)),
        E.defaultgrade("1"),
        E.penalty("0"),
        E.hidden("0"),
        E.idnumber(entry.code),
        *(essay_parts() if essay else choice_parts(entry)),
        E.tags(*(E.tag(words(label)) for label in entry.labels)),
    )


def choice_parts(entry: Entry) -> list[etree._Element]:
    return [
        E.single("true"),
        E.shuffleanswers("true"),
        E.answernumbering("ABCD"),
        *(
            E.answer(
                {"fraction": "100" if letter == entry.key else "0", **PLAIN}, words(text), E.feedback(PLAIN, words(""))
            )
            for letter, text in entry.options
        ),
    ]


def essay_parts() -> list[etree._Element]:
    return [
        E.responseformat("plain"),
        E.responserequired("1"),
        E.responsefieldlines("30"),
        E.attachments("0"),
        E.attachmentsrequired("0"),
        E.graderinfo(PLAIN, words("")),
        E.responsetemplate(PLAIN, words("")),
    ]


def words(text: str) -> etree._Element:
    return E.text(clean(text))
