"""GIFT, as teachers write it and as nobody should."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.interchange import ParsedItem, RowStatus
from question_bank.interchange.contents import content_of
from question_bank.interchange.gift import read_gift
from question_bank.item_kinds import MarkingRule
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


@pytest.mark.parametrize(("answer", "status"), [("T", ACCEPTED), ("TRUE", ACCEPTED), ("true#wrong#right", CHANGED)])
def test_a_statement_is_true_or_false(answer: str, status: RowStatus) -> None:
    item = one(f"Babies dream.{{{answer}}}")
    assert (item.kind, item.status, right(item)) == (ItemKind.TRUE_FALSE, status, ["True"])


@pytest.mark.parametrize(
    ("text", "kind", "answers"),
    [
        ("Q{=a -> 1 =b -> 2 = -> 3}", ItemKind.MATCHING, [("a -> 1", 50), ("b -> 2", 50), ("-> 3", 0)]),
        ("Q{=a =%100%b#Well done}", ItemKind.SHORT_TEXT, [("a", 100), ("b", 100)]),
        ("Q{=2 \\* 3}", ItemKind.SHORT_TEXT, [("2 * 3", 100)]),
        ("Q{~%50%a ~%50%b ~%-50%c}", ItemKind.MULTIPLE_RESPONSE, [("a", 50), ("b", 50), ("c", -50)]),
    ],
)
def test_other_kinds_are_told_by_their_answers(text: str, kind: ItemKind, answers: list[tuple[str, int]]) -> None:
    item = one(text)
    assert item.status is not REFUSED
    assert item.kind is kind
    assert [(text, int(fraction)) for text, fraction in item.answers] == answers


@pytest.mark.parametrize(
    ("weights", "rule", "words"),
    [
        ("~%50%a ~%50%b ~%-50%c", MarkingRule.PARTIAL_WITH_PENALTY, []),
        ("~%33.33333%a ~%33.33333%b ~%33.33333%c", MarkingRule.PARTIAL, []),
        ("~%50%a ~%50%b ~c", MarkingRule.PARTIAL, ["more options than there are keys"]),
        ("~%60%a ~%40%b ~%-100%c", MarkingRule.PARTIAL_WITH_PENALTY, ["evened out", "takes one share"]),
    ],
)
def test_weights_say_how_several_keys_are_marked(weights: str, rule: MarkingRule, words: list[str]) -> None:
    item = one(f"Q{{{weights}}}")
    assert item.marking is rule
    assert len(item.reasons) == len(words)
    assert all(word in str(reason) for word, reason in zip(words, item.reasons, strict=True))


def test_a_label_says_how_it_is_marked() -> None:
    (item,) = read_gift("// [tag:marking: all or nothing]\nQ{~%50%a ~%50%b ~%-100%c}")
    assert (item.status, item.marking) == (ACCEPTED, MarkingRule.ALL_OR_NOTHING)
    (item,) = read_gift("// [tag:marking: by dice]\nQ{~%50%a ~%50%b ~%-100%c}")
    assert "by dice" in str(item.reasons[0])


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
        ("Q{=a* =b}", "wildcard"),
        ("Q{=%50%a}", "no accepted answer"),
        ("Q{=a -> 1 =b}", "some are not"),
        ("Q{=a -> =b -> 2}", "goes with no option"),
        ("Q{=a -> x =a -> y =b -> z}", "goes with several"),
        ("Q{" + "=a -> 1" * 9 + "}", "eight lines"),
        ("Q{=<img src\\=x> -> 1 =b -> 2}", "only a picture"),
        ("Q{#5:1}", "numerical"),
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


def test_a_way_of_marking_is_named_once() -> None:
    (item,) = read_gift("// [tag:marking: by dice]\nQ{=a -> 1 =b -> 2}")
    assert str(item.reasons[0]).endswith("Write one of: part marks, all or nothing.")


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


def test_the_options_of_a_matching_question_stand_in_no_telling_order() -> None:
    content = content_of(one("Q{=a -> tell =b -> ask =c -> tell = -> Be}"))
    assert [option["text"] for option in content["options"]] == ["ask", "Be", "tell"]
    assert content["key"] == "1:c,2:a,3:c"
