"""Items as Moodle XML: every text as plain text, or as HTML where it shows a picture."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from html import escape

from lxml import etree
from lxml.builder import E

from question_bank.interchange.answers import with_wildcards_escaped
from question_bank.interchange.moodle_pictures import BESIDE, HOLDERS
from question_bank.interchange.parsed import FULL_MARK, NO_MARK, clean
from question_bank.item_export.entries import Entry
from question_bank.item_text import picture_line, pictures_in
from question_bank.items import ItemKind
from question_bank.pictures import extension_of

PLAIN = {"format": "plain_text"}


def moodle_xml_of(entries: Iterable[Entry], pictures: Mapping[str, bytes]) -> bytes:
    quiz = E.quiz(*map(question, entries))
    for asked in quiz:
        place_pictures(asked, pictures)
    return etree.tostring(quiz, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def question(entry: Entry) -> etree._Element:
    type_, parts = PARTS[entry.kind]
    return E.question(
        {"type": type_},
        E.name(words(entry.name)),
        E.questiontext(PLAIN, words(entry.one_text)),
        E.generalfeedback(PLAIN, words(entry.explanation)),
        E.defaultgrade("1"),
        E.penalty("0"),
        E.hidden("0"),
        E.idnumber(entry.code),
        *parts(entry),
        E.tags(*(E.tag(words(label)) for label in entry.labels)),
    )


def one_key(entry: Entry) -> list[etree._Element]:
    answers = (answer(text, FULL_MARK if letter == entry.key else NO_MARK) for letter, text in entry.options)
    return [E.single("true"), E.shuffleanswers("true"), E.answernumbering("ABCD"), *answers]


def several_keys(entry: Entry) -> list[etree._Element]:
    answers = (answer(text, entry.share if letter in entry.keys else entry.other) for letter, text in entry.options)
    return [E.single("false"), E.shuffleanswers("true"), E.answernumbering("ABCD"), *answers]


def statement(entry: Entry) -> list[etree._Element]:
    return [answer(text.lower(), FULL_MARK if letter == entry.key else NO_MARK) for letter, text in entry.options]


def matching(entry: Entry) -> list[etree._Element]:
    pairs = (E.subquestion(PLAIN, words(line), E.answer(PLAIN, words(option))) for line, option in entry.pairs)
    return [E.shuffleanswers("true"), *pairs]


def typed(entry: Entry) -> list[etree._Element]:
    return [E.usecase("0"), *(answer(with_wildcards_escaped(text), FULL_MARK) for text in entry.accepted)]


def place_pictures(question: etree._Element, pictures: Mapping[str, bytes]) -> None:
    """A question that shows pictures becomes HTML, with their files beside the texts."""
    holders = list(question.iter(*HOLDERS))
    shown = [[one for one in pictures_in(h.findtext("text") or "") if one.sha256 in pictures] for h in holders]
    for holder, placed in zip(holders, shown, strict=True) if any(shown) else ():
        text = escape(holder.findtext("text") or "", quote=False).replace("\n\n", "<br><br>")
        for one in placed:
            name = f"{one.sha256}.{extension_of(pictures[one.sha256])}"
            tag = f'<img src="{BESIDE}{name}" alt="{escape(one.description)}">'
            text = text.replace(escape(picture_line(one.sha256, one.description), quote=False), tag)
            holder.append(
                E.file({"name": name, "path": "/", "encoding": "base64"}, b64encode(pictures[one.sha256]).decode())
            )
        holder.set("format", "html")
        for said in holder.findall("text"):
            said.text = text


def answer(text: str, fraction: Decimal) -> etree._Element:
    return E.answer({"fraction": f"{fraction:f}", **PLAIN}, words(text), E.feedback(PLAIN, words("")))


def essay(_entry: Entry) -> list[etree._Element]:
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


PARTS: dict[ItemKind, tuple[str, Callable[[Entry], list[etree._Element]]]] = {
    ItemKind.SINGLE_BEST_ANSWER: ("multichoice", one_key),
    ItemKind.MULTIPLE_RESPONSE: ("multichoice", several_keys),
    ItemKind.TRUE_FALSE: ("truefalse", statement),
    ItemKind.MATCHING: ("matching", matching),
    ItemKind.SHORT_TEXT: ("shortanswer", typed),
    ItemKind.ESSAY: ("essay", essay),
}
