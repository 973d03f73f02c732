"""GIFT, as teachers write it and as nobody should."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.interchange import ParsedItem, RowStatus
from question_bank.interchange.gift import read_gift
from question_bank.items import ItemKind

ACCEPTED, CHANGED, REFUSED = RowStatus


def one(text: str) -> ParsedItem:
    (item,) = read_gift(text)
    return item


def right(item: ParsedItem) -> list[str]:
    return [text for text, fraction in item.options if fraction == 100]


def test_a_multiple_choice_question_is_accepted_as_it_is() -> None:
    item = one("$CATEGORY: Bank/Reflection\n\n::Q1::What comes first?{\n  ~Advice\n  =A question\n  ~Silence\n}")
    assert (item.status, item.line, item.title, item.stem) == (ACCEPTED, 3, "Q1", "What comes first?")
    assert [text for text, _ in item.options] == ["Advice", "A question", "Silence"]
    assert right(item) == ["A question"]
    assert item.tags == {"category": "Reflection", "note": "Category: Bank/Reflection"}


def test_escapes_are_read_as_the_characters_they_stand_for() -> None:
    item = one(r"::a\:b::2 \= 2 \{sic\} \~ \# C:\\ and\nmore{=yes \=) ~no \# one}")
    assert item.title == "a:b"
    assert item.stem == "2 = 2 {sic} ~ # C:\\ and\nmore"
    assert [text for text, _ in item.options] == ["yes =)", "no # one"]


def test_comments_and_blank_lines_are_not_part_of_a_question() -> None:
    items = read_gift("// by Ana\n\nFirst{=a ~b}\n// {\n\n\n\nSecond\n goes on{\n\n=a\n\n~b\n}\n::Third::T{=a~b}")
    assert [(item.stem, item.line, len(item.options)) for item in items] == [
        ("First", 3, 2), ("Second\ngoes on", 8, 2), ("T", 15, 2),
    ]  # fmt: skip


def test_feedback_becomes_the_rationale() -> None:
    item = one("Q{=a#Well done ~b#Too early ~c####Ask first.}")
    assert (item.status, right(item)) == (CHANGED, ["a"])
    assert item.tags["rationale"] == "Ask first.\na: Well done\nb: Too early"


def test_one_full_weight_is_the_key_and_part_marks_are_dropped() -> None:
    item = one("Q{~%100%a ~%50%b ~%-25.5%c}")
    assert item.status is CHANGED
    assert item.options == [("a", Decimal(100)), ("b", Decimal(0)), ("c", Decimal(0))]


@pytest.mark.parametrize("answer", ["T", "TRUE", "true#wrong#right"])
def test_true_or_false_becomes_two_options(answer: str) -> None:
    item = one(f"Babies dream.{{{answer}}}")
    assert (item.status, right(item)) == (CHANGED, ["True"])


def test_empty_braces_are_an_essay() -> None:
    item = one("::Ana::What do you see?{}")
    assert (item.status, item.kind, item.title, item.options) == (ACCEPTED, ItemKind.ESSAY, "Ana", [])


def test_a_missing_word_becomes_a_blank() -> None:
    item = one("The {=first ~last} step is to listen.")
    assert (item.status, item.stem) == (CHANGED, "The _____ step is to listen.")


def test_markup_is_taken_out_and_a_picture_refused() -> None:
    item = one("[html]<p>What <b>comes</b> first?</p>{=a &amp; b ~<i>c</i>}")
    assert (item.status, item.stem) == (CHANGED, "What comes first?")
    assert [text for text, _ in item.options] == ["a & b", "c"]
    assert one("If x <y and y> z?{=a ~b}").status is ACCEPTED
    assert one("[html]<p>R &amp; D?</p>{=a ~b}").reasons == ()
    assert one("[plain]Is <b> a tag?{=a ~b}").stem == "Is <b> a tag?"
    assert one("[html]See <img src\\=x>this{=a ~b}").reasons == ("The picture was left out.",)
    assert "recording" in str(one("[html]Hear <audio src\\=x>{=a ~b}").reasons[0])


def test_a_program_in_a_text_is_left_out_with_all_that_is_in_it() -> None:
    item = one("[html]Be<script type\\=x>alert(1) <b>x</b></script>fore<style>p{=a<script> ~b}")
    assert (item.stem, [text for text, _ in item.options]) == ("Before", ["a", "b"])


def test_comments_may_hold_tags_as_moodle_writes_them() -> None:
    (first, second) = read_gift(
        "// [id:7] [tag:level: 4] [tag:a \\] b]\n::Q::Q?{=a ~b####Why.\\nReference\\: Book}\n\nR?{=a ~b}"
    )
    assert first.tags == {"levels": "4", "note": "Tags: a ] b", "rationale": "Why.", "reference": "Book"}
    assert second.tags == {}


def test_an_arrow_beside_wrong_answers_makes_no_matching() -> None:
    assert one("Which way?{=a -> b ~b -> a}").status is ACCEPTED


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Only a text.", "description"),
        ("Q{=a ~b", "closing brace"),
        ("Q{=a =b}", "short-answer"),
        ("Q{=a -> 1 =b -> 2}", "matching"),
        ("Q{#5:1}", "numerical"),
        ("Q{~%50%a ~%50%b ~c}", "several right"),
        ("Q{=a =b ~c}", "several right"),
        ("Q{~a ~b}", "key"),
        ("Q{perhaps}", "begin with"),
        ("{=a ~b}", "no text"),
        ("Q{=a ~}", "empty"),
        ("Q{=a" + " ~b" * 8 + "}", "eight options"),
        ("One {=a ~b} two {=c ~d}", "more than one place to answer"),
        ("Q " + "x" * 20_001 + "{=a ~b}", "20,000"),
    ],
)
def test_what_the_bank_cannot_hold_is_refused_by_name(text: str, word: str) -> None:
    item = one(text)
    assert item.status is REFUSED
    assert word in str(item.reasons[0])


def test_an_open_brace_does_not_swallow_the_next_question() -> None:
    items = read_gift("::1::First{=a ~b\n\n::2::Second{=a ~b}\n\nThird{=a ~b\n\nFourth{=a ~b}")
    assert [(item.stem, item.status) for item in items] == [
        ("First", REFUSED), ("Second", ACCEPTED), ("Third", REFUSED), ("Fourth", ACCEPTED),
    ]  # fmt: skip


@given(st.text(alphabet="ab \n\\{}=~#:%$/<>-T0\ue000", max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    for item in read_gift(text):
        assert item.status is REFUSED or item.stem


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="<&"), min_size=1).map(
    lambda text: " ".join(text.split())
)


@given(stem=PLAIN.filter(bool), options=st.lists(PLAIN.filter(bool), min_size=2, max_size=8), title=PLAIN)
def test_what_is_written_escaped_is_read_back(stem: str, options: list[str], title: str) -> None:
    def escaped(text: str) -> str:
        return "".join(f"\\{char}" if char in "\\~=#{}:" else char for char in text).replace("//", "/\\n/")

    rest = "".join(f"~{escaped(text)}" for text in options[1:])
    item = one(f"::{escaped(title)}::{escaped(stem)}{{={escaped(options[0])}{rest}}}")
    wanted = [text.replace("//", "/\n/") for text in (stem, *options)]
    if not any(text.startswith("[") or "->" in text for text in (stem, *options)):
        assert [item.stem, *(text for text, _ in item.options)] == wanted


HOSTILE = {
    "10,000 questions": "Q{=a ~b}\n\n" * 10_000,
    "braces": "{" * 200_000,
    "backslashes": "\\" * 200_000,
    "marks": "~" * 100_000 + "{=" * 50_000,
    "colons": "::" * 200_000,
    "feedback": "Q{" + "=a#" * 60_000 + "}",
    "labels": "//" + "[tag:" * 60_000,
    "tags": "[html]" + "<a " * 60_000 + "{=a ~b}",
    "comments": "".join(f"Q{n} <b>x</b>{'<!--' * 4_000}{{=a ~b}}\n\n" for n in range(100)),
    "declarations": "".join(f"Q{n} <b>x</b>{'<![' * 5_000}{{=a ~b}}\n\n" for n in range(100)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_size_only(text: str) -> None:
    start = time.perf_counter()
    read_gift(text)
    assert time.perf_counter() - start < 5
