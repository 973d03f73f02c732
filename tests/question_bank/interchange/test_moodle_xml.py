"""Moodle XML, as Moodle exports it."""

import time
from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.errors import RuleViolation
from question_bank.interchange import FileFormat, ParsedItem, RowStatus, file_pictures, read
from question_bank.interchange.moodle_xml import read_moodle_xml
from question_bank.interchange.parsed import FULL_MARK, NO_MARK, ForeignKind
from question_bank.items import ItemKind
from tests.picture_files import picture_file

ANSWERS = (
    '<answer fraction="100"><text>Ask</text></answer><answer fraction="0"><text>Tell &amp;lt;</text></answer>'
)  # fmt: skip


def question(type_: str = "multichoice", text: str = "What comes first?", inside: str = ANSWERS) -> str:
    return (
        f'<question type="{type_}"><name><text>Q1</text></name><questiontext format="html"><text><![CDATA[{text}]]>'
        f"</text></questiontext>{inside}</question>"
    )


def one(xml: str) -> ParsedItem:
    (item,) = read_moodle_xml(f"<quiz>{xml}</quiz>".encode())
    return item


def test_a_question_is_read_with_category_tags_and_explanation() -> None:
    category = '<question type="category"><category><text>$course$/Reflection</text></category></question>'
    more = (
        "<generalfeedback><text>Ask first.\nReference: Book</text></generalfeedback>"
        "<tags><tag><text>level: 4</text></tag><tag><text>hard</text></tag></tags>"
    )
    tagged = question(text="<p>What comes first?</p>", inside=ANSWERS + more)
    data = f"<?xml version='1.0'?><quiz>\n{category}\n{tagged}</quiz>"
    reading = read(data.encode(), "quiz.xml")
    (item,) = reading.items
    assert (reading.format, item.status, item.line, item.title) == (FileFormat.MOODLE_XML, RowStatus.ACCEPTED, 3, "Q1")
    assert (item.stem, item.options) == ("What comes first?", [("Ask", FULL_MARK), ("Tell <", NO_MARK)])
    assert item.tags["category"] == "Reflection"
    assert (item.tags["levels"], item.tags["rationale"], item.tags["reference"]) == ("4", "Ask first.", "Book")
    assert "Tags: hard" in item.tags["note"]


def test_an_essay_and_true_or_false_are_held() -> None:
    assert one(question("essay", inside="")).kind is ItemKind.ESSAY
    item = one(question("truefalse", inside=ANSWERS.replace("Ask", "true").replace("Tell &lt;", "false")))
    assert (item.status, item.kind, item.options[0]) == (RowStatus.ACCEPTED, ItemKind.TRUE_FALSE, ("True", FULL_MARK))


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("numerical", ForeignKind.NUMERICAL),
        ("cloze", ForeignKind.CLOZE),
        ("ddwtos", ForeignKind.DRAG_AND_DROP),
        ("description", ForeignKind.DESCRIPTION),
        ("wordselect", ForeignKind.OTHER),
    ],
)
def test_other_kinds_are_refused_by_name(type_: str, kind: ForeignKind) -> None:
    item = one(question(type_))
    assert (item.status, item.foreign) == (RowStatus.REFUSED, kind)


def test_several_right_answers_are_told_from_one_key() -> None:
    halves = '<single>false</single><answer fraction="50"><text>a</text></answer>' * 2
    assert one(question(inside=halves)).kind is ItemKind.MULTIPLE_RESPONSE
    assert one(question(inside="<single>false</single>" + ANSWERS)).status is RowStatus.ACCEPTED
    item = one(question(inside=ANSWERS + '<answer fraction="50"><text>c</text></answer>'))
    assert (item.status, item.options[2]) == (RowStatus.CHANGED, ("c", NO_MARK))


def test_pictures_and_formatting_are_named_and_programs_vanish() -> None:
    text = 'See <b>this</b> <img src="@@PLUGINFILE@@/x.png">now<script>alert("x")</script>'
    item = one(question(text=text))
    assert item.stem == "See this now"
    assert [str(reason) for reason in item.reasons] == [
        "Formatting was removed.",
        "The picture “x.png” was left out. The file names it, but does not hold it.",
    ]


def test_memory_and_time_stay_small_for_many_questions() -> None:
    start = time.perf_counter()
    items = read_moodle_xml(f"<quiz>{question() * 20_000}</quiz>".encode())
    assert len(items) == 20_000
    assert time.perf_counter() - start < 20
    with pytest.raises(RuleViolation, match="20,000 questions"):
        read_moodle_xml(f"<quiz>{question('essay', inside='') * 20_001}</quiz>".encode())


@settings(max_examples=150)
@given(st.data())
def test_no_damage_makes_it_fail(data: st.DataObject) -> None:
    whole = f"<quiz>{question()}{question('essay')}</quiz>"
    cut = data.draw(st.integers(0, len(whole)))
    odd = data.draw(st.text('<>&;/!\x00é[]"=', max_size=5))
    with suppress(RuleViolation):
        read((whole[:cut] + odd + whole[data.draw(st.integers(cut, len(whole))) :]).encode(), "quiz.xml")


def test_a_picture_stands_where_moodle_shows_it_and_one_that_is_none_is_left_out() -> None:
    data, none = b64encode(picture_file()).decode(), b64encode(b"no picture").decode()
    text = '<p>Look: <img src="@@PLUGINFILE@@/a%20room.png" alt="A &lt;room&gt;"> <img src="@@PLUGINFILE@@/b.png"></p>'
    files = f'<file name="a room.png" encoding="base64">{data}</file><file name="b.png" encoding="base64">{none}</file>'
    question = (
        f'<question type="essay"><questiontext format="html"><text><![CDATA[{text}]]></text>{files}</questiontext>'
    )
    (item,) = read_moodle_xml(f"<quiz>{question}</question></quiz>".encode())
    (digest,) = item.pictures
    assert item.pictures[digest] == picture_file()
    assert item.stem == f"Look: ![A <room>](picture:{digest})"
    assert "The picture “b.png” was left out. This is not a picture" in str(item.reasons[-1])


def test_a_line_that_is_only_a_picture_refuses_the_matching_question() -> None:
    pair = "<subquestion format='html'><text><![CDATA[{}]]></text><answer><text>{}</text></answer></subquestion>"
    pairs = [("<p>a</p>", "1"), ("<p></p>", "2"), ("<img src='x.png'>", "3")]
    item = one(question("matching", inside="".join(pair.format(*texts) for texts in pairs)))
    assert "only a picture" in str(item.reasons[0])
    item = one(question("matching", inside="".join(pair.format(*texts) for texts in pairs[:2])))
    assert (item.status, item.pairs) == (RowStatus.ACCEPTED, [("a", "1"), ("", "2")])


def shows(count: int, *, pictures: int = 1) -> str:
    """A question that shows pictures, each in many tags."""
    files = "".join(
        f'<file name="{n}.png">{b64encode(picture_file(size=(400, 300 - n))).decode()}</file>' for n in range(pictures)
    )
    tags = "".join(f'<img src="@@PLUGINFILE@@/{n % pictures}.png" alt="{n}">' for n in range(count))
    return (
        f'<question type="essay"><questiontext format="html"><text><![CDATA[Look. {tags}]]></text>{files}'
        "</questiontext></question>"
    )


def test_each_picture_is_looked_at_once_however_often_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = list[bytes]()
    monkeypatch.setattr(file_pictures, "clean_picture", lambda data, **_: looked_at.append(data))
    items = read_moodle_xml(f"<quiz>{shows(200, pictures=2)}{shows(200)}</quiz>".encode())
    assert len(looked_at) == 2
    assert [len(item.pictures) for item in items] == [2, 1]
    monkeypatch.setattr(file_pictures, "MOST_PICTURES", 1)
    with pytest.raises(RuleViolation, match="more than 500 pictures"):
        read_moodle_xml(f"<quiz>{shows(2, pictures=2)}</quiz>".encode())


@pytest.mark.parametrize("tags", ["<img " * 38_000, "<img src='@@PLUGINFILE@@/0.png'>" * 5_000])
def test_time_grows_with_the_tags_of_a_text_only(tags: str) -> None:
    start = time.perf_counter()
    read_moodle_xml(f"<quiz>{shows(1).replace('Look.', tags)}</quiz>".encode())
    assert time.perf_counter() - start < 5
