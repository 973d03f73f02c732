"""Word documents with numbered questions."""

import time
from contextlib import suppress
from html import escape
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.errors import RuleViolation
from question_bank.interchange import FileFormat, ParsedItem, RowStatus, read
from question_bank.interchange.parsed import FULL_MARK, NO_MARK
from question_bank.item_kinds import MarkingRule
from question_bank.items import ItemKind

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LISTS = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="5">
  <w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="upperLetter"/></w:lvl>
  </w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num></w:numbering>"""


def p(text: str, *, level: int | None = None, look: str = "") -> str:
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>' if level is not None else ""
    runs = f"<w:r><w:rPr>{look}</w:rPr><w:t>{escape(text)}</w:t></w:r>"
    return f"<w:p><w:pPr>{number}</w:pPr>{runs}</w:p>"


def word(*paragraphs: str) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>")
        archive.writestr("word/numbering.xml", LISTS)
    return stream.getvalue()


def items(*paragraphs: str) -> list[ParsedItem]:
    return read(word(*paragraphs), "test.docx").items


def typed(text: str) -> list[ParsedItem]:
    return items(*map(p, text.split("\n")))


def key(item: ParsedItem) -> list[str]:
    return [text for text, fraction in item.options if fraction == FULL_MARK]


def test_typed_numbers_letters_and_answer_lines_are_read() -> None:
    reading = read(
        word(*map(p, ["Quiz", "1. What comes", "first?", "A. Tell", "(b) Ask", "Answer: B", "2) And then?"])), ""
    )
    first, second = reading.items
    assert (reading.format, first.status, first.line) == (FileFormat.WORD, RowStatus.ACCEPTED, 2)
    assert (first.stem, first.options) == ("What comes\nfirst?", [("Tell", NO_MARK), ("Ask", FULL_MARK)])
    assert (second.stem, second.status) == ("And then?", RowStatus.REFUSED)


def test_the_text_of_a_box_is_read_once() -> None:
    box = p("1. What comes first?").replace("</w:p>", f"<w:r><w:pict>{p('A. Tell')}</w:pict></w:r></w:p>")
    (item,) = items(box, p("B. Ask"), p("C. Wait"), p("Answer: B"))
    assert (item.stem, [text for text, _mark in item.options]) == ("What comes first?", ["Tell", "Ask", "Wait"])


@pytest.mark.parametrize("look", ["<w:b/>", '<w:highlight w:val="yellow"/>', '<w:u w:val="single"/>'])
def test_numbers_by_word_and_a_key_that_looks_different_are_read(look: str) -> None:
    (item,) = items(p("What first?", level=0), p("Tell", level=1), p("Ask", level=1, look=look))
    assert (item.stem, key(item)) == ("What first?", ["Ask"])


@pytest.mark.parametrize(
    "text",
    [
        "1. Q?\nA. x\n*B. y",
        "1. Q?\nA. x\nB. *y",
        "1. Q?\nA. x\nB. y\nCorrect answer: b",
        "1. Q?\nA. x\nB. y\nAnswer key\n1. B",
    ],
)
def test_the_key_may_be_marked_in_several_ways(text: str) -> None:
    item = typed(text)[0]
    assert (item.status, key(item)) == (RowStatus.ACCEPTED, ["y"])


@pytest.mark.parametrize("text", ["1. Q?\n*A. x\n*B. y\nC. z", "1. Q?\nA. x\nB. y\nC. z\nAnswers: A and B"])
def test_several_marked_keys_are_all_to_be_chosen(text: str) -> None:
    item = typed(text)[0]
    assert (item.kind, item.marking) == (ItemKind.MULTIPLE_RESPONSE, MarkingRule.ALL_OR_NOTHING)
    assert [(text, int(fraction)) for text, fraction in item.options] == [("x", 50), ("y", 50), ("z", 0)]


@pytest.mark.parametrize("text", ["1. Babies dream.\nAnswer: True", "1. Babies dream.\n*A. True\nB. False"])
def test_a_statement_is_told_by_its_words(text: str) -> None:
    item = typed(text)[0]
    assert (item.kind, item.options) == (ItemKind.TRUE_FALSE, [("True", FULL_MARK), ("False", NO_MARK)])


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("Answer: C. A family assessment", ["c"]),
        ("Answer: B (a good one)", ["b"]),
        ("Correct answer: B. E-mail the family", ["b"]),
        ("Answer: (B) and (C).", ["b", "c"]),
        ("Answers: A, C & E", ["a", "c", "e"]),
        ("Respuesta correcta, key: A", []),
        ("Answer: A - C", []),
    ],
)
def test_a_letter_that_is_a_word_after_the_key_is_no_key(line: str, keys: list[str]) -> None:
    (item,) = typed(f"1. Q?\nA. a\nB. b\nC. c\nD. d\nE. e\n{line}")
    assert [text for text, fraction in item.options if fraction > NO_MARK] == keys


@pytest.mark.parametrize(("words", "key_"), [(("True", "False"), "True"), (("False.", "true"), "True")])
def test_the_word_of_an_answer_names_the_option_that_says_it(words: tuple[str, str], key_: str) -> None:
    (item,) = typed("1. Babies dream.\nA. {}\nB. {}\nAnswer: True".format(*words))
    assert (item.kind, key(item)) == (ItemKind.TRUE_FALSE, [key_])
    (item,) = typed("1. Q?\n*A. x\nB. y\nAnswer: True".replace("*", ""))
    assert item.reasons == ("Its key names no option.",)


def test_what_is_said_after_the_options_is_kept() -> None:
    (item,) = typed("1. Q?\nA. x\nB. y\nKey: B\nRationale: Because.\nArea: Reflection\nBy Ana")
    assert item.tags == {"rationale": "Because.", "area": "Reflection", "note": "Also in the file: By Ana"}


def test_what_cannot_be_told_is_refused() -> None:
    assert typed("1. Q?\nA. x\nB. y")[0].reasons == ("No option is marked as the key.",)
    assert typed("1. Q?\nA. x\nB. y\nAnswer: D")[0].reasons == ("Its key names no option.",)
    assert (
        items(p("1. Q?", look="<w:b/>"), p("A. x", look="<w:b/>"), p("B. y", look="<w:b/>"))[0].status
        is RowStatus.REFUSED
    )


@settings(max_examples=100)
@given(st.lists(st.text("12AB.*) ?:Answerkey\n", max_size=12), max_size=12))
def test_no_text_makes_it_fail(texts: list[str]) -> None:
    with suppress(RuleViolation):
        for item in items(*map(p, texts)):
            assert item.status is RowStatus.REFUSED or key(item)


@pytest.mark.parametrize(
    "text", ["1" + " " * 200_000 + "x", "1. A " * 60_000 + "x", "question " * 40_000, "*" * 200_000]
)
def test_time_grows_with_size_only(text: str) -> None:
    start = time.perf_counter()
    items(p("1. Q?"), p(text), p("A. x"))
    assert time.perf_counter() - start < 5
