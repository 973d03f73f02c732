"""A picture that does not come along from a file is named, with the reason that the page for pictures gives."""

import json
from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZipFile

import pytest

from question_bank.errors import RuleViolation
from question_bank.interchange import RowStatus, read
from question_bank.interchange.parsed import ParsedItem
from tests.picture_files import picture_file

LARGE = picture_file("PNG", (300, 300), compress_level=0)
WIDE = picture_file("PNG", (4001, 1))
REASONS = [
    (b"<svg/>", "This is not a picture of a kind that is accepted: PNG, JPEG, GIF or WebP."),
    (picture_file("BMP"), "This is not a picture of a kind that is accepted: PNG, JPEG, GIF or WebP."),
    (picture_file("PNG")[:60], "The picture is damaged and cannot be read. Save it again."),
    (LARGE, "The picture is larger than 100 KB. Save it smaller."),
    (WIDE, "The picture is wider or higher than 4000 pixels. Save it smaller."),
    (None, "The file names it, but does not hold it."),
]
IDS = ["drawing", "other kind", "damaged", "large", "wide", "missing"]
CHOICE = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q" title="Q">
  <responseDeclaration identifier="R" cardinality="single"><correctResponse><value>a</value></correctResponse>
  </responseDeclaration>{stimulus}<itemBody><p>See {picture}</p><choiceInteraction responseIdentifier="R">
  <simpleChoice identifier="a">Ask</simpleChoice><simpleChoice identifier="b">Tell</simpleChoice>
  </choiceInteraction></itemBody></assessmentItem>"""
REFERENCE = '<assessmentStimulusRef identifier="s" href="s.xml"/>'
STIMULUS = "<assessmentStimulus><stimulusBody><p>A story {}</p></stimulusBody></assessmentStimulus>"
SHOWN = '<img src="../media/a%20room.png" alt="A room"/>'


def in_moodle(picture: bytes | None, *, shown: str = "@@PLUGINFILE@@/a%20room.png", kept: str = "") -> ParsedItem:
    encoded = b64encode(picture).decode() if picture is not None else ""
    file = f'<file name="a room.png" encoding="base64">{kept or encoded}</file>' if kept or encoded else ""
    text = f'<text><![CDATA[<p>See <img src="{shown}"></p>]]></text>'
    question = f'<question type="essay"><questiontext format="html">{text}{file}</questiontext></question>'
    return read(f"<quiz>{question}</quiz>".encode(), "quiz.xml", largest_picture=100 * 1024).items[0]


def in_package(picture: bytes | None, **files: str) -> ParsedItem:
    return package(picture, **files)[0]


def package(picture: bytes | None, items: Sequence[str] = ("q",), **files: str) -> list[ParsedItem]:
    resources = "".join(f'<resource type="imsqti_item_xmlv2p1" href="items/{name}.xml"/>' for name in items)
    resources += '<resource type="imsqti_test_xmlv2p1" href="items/test.xml"/>'
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("imsmanifest.xml", f"<manifest><resources>{resources}</resources></manifest>")
        for name, text in files.items():
            archive.writestr(f"items/{name}.xml", text)
        if picture is not None:
            archive.writestr("media/a room.png", picture)
    return read(made.getvalue(), "bank.zip", largest_picture=100 * 1024).items


@pytest.mark.parametrize(("picture", "reason"), REASONS, ids=IDS)
def test_moodle_xml_says_why_a_picture_is_left_out(picture: bytes | None, reason: str) -> None:
    item = in_moodle(picture)
    assert (item.status, item.stem, item.pictures) == (RowStatus.CHANGED, "See", {})
    assert [str(said) for said in item.reasons] == [f"The picture “a room.png” was left out. {reason}"]


def test_moodle_xml_says_what_is_no_base64() -> None:
    assert "damaged" in str(in_moodle(None, kept="Q").reasons[0])


@pytest.mark.parametrize(
    ("address", "name"),
    [("https://example.org/a.png", "https://example.org/a.png"), ("data:image/png;base64," + 90 * "A", "data:image")],
)
def test_an_address_elsewhere_is_named_as_far_as_anybody_needs_it(address: str, name: str) -> None:
    said = str(in_moodle(None, shown=address).reasons[0])
    assert said.startswith(f"The picture “{name}")
    assert len(said) < 180


def test_plain_text_shows_no_picture_whatever_stands_in_it() -> None:
    asked = '<questiontext format="plain_text"><text>What does &lt;img src="a.png"&gt; do?</text></questiontext>'
    (item,) = read(f'<quiz><question type="essay">{asked}</question></quiz>'.encode(), "quiz.xml").items
    assert (item.status, item.reasons, item.stem) == (RowStatus.ACCEPTED, (), 'What does <img src="a.png"> do?')


@pytest.mark.parametrize(("picture", "reason"), REASONS, ids=IDS)
def test_a_package_says_why_a_picture_is_left_out(picture: bytes | None, reason: str) -> None:
    item = in_package(picture, q=CHOICE.format(stimulus="", picture=SHOWN))
    assert (item.status, item.pictures) == (RowStatus.CHANGED, {})
    assert [str(said) for said in item.reasons] == [f"The picture “../media/a room.png” was left out. {reason}"]


def test_the_picture_of_a_shared_stimulus_is_named_with_each_item() -> None:
    item = in_package(b"none", q=CHOICE.format(stimulus=REFERENCE, picture=""), s=STIMULUS.format(SHOWN))
    assert "A story" in item.stimulus
    assert [str(said)[:46] for said in item.reasons] == ["The picture “../media/a room.png” was left out"]


PASSAGE = """<assessmentTest><testPart><assessmentSection>
  <rubricBlock view="candidate" class="passage"><p>A story {}</p></rubricBlock>
  <assessmentItemRef href="q.xml"/></assessmentSection></testPart></assessmentTest>"""


def test_the_picture_of_a_passage_comes_along() -> None:
    item = in_package(picture_file(), q=CHOICE.format(stimulus="", picture=""), test=PASSAGE.format(SHOWN))
    (digest,) = item.pictures
    assert (item.status, item.stimulus) == (RowStatus.ACCEPTED, f"A story ![A room](picture:{digest})")


@pytest.mark.parametrize("passage", [PASSAGE, PASSAGE.replace("A story", "")])
def test_the_picture_of_a_passage_is_named_when_it_is_left_out(passage: str) -> None:
    item = in_package(b"none", q=CHOICE.format(stimulus="", picture=""), test=passage.format(SHOWN))
    assert (item.status, item.pictures) == (RowStatus.CHANGED, {})
    assert [str(said)[:46] for said in item.reasons] == ["The picture “../media/a room.png” was left out"]


def test_json_names_the_pictures_that_are_not_in_the_file() -> None:
    content = {"slot": "clinical", "stimulus": "A story ![A room](picture:f00d)", "prompt": "What now?"}
    document = {"format": "items of an item bank", "version": 1, "items": [{"kind": "essay", "content": content}]}
    (item,) = read(json.dumps(document).encode(), "bank.json").items
    assert (item.status, [str(said) for said in item.reasons]) == (
        RowStatus.CHANGED,
        ["The picture “f00d” was left out. The file names it, but does not hold it."],
    )


def test_an_option_that_was_only_a_picture_is_refused_with_the_reason() -> None:
    answers = '<answer fraction="{}" format="html"><text><![CDATA[{}]]></text></answer>'
    asked = '<questiontext format="html"><text>Which?</text></questiontext>'
    both = answers.format(100, '<img src="@@PLUGINFILE@@/x.png">') + answers.format(0, "No")
    (item,) = read(f'<quiz><question type="multichoice">{asked}{both}</question></quiz>'.encode(), "quiz.xml").items
    assert (item.status, str(item.reasons[0])) == (RowStatus.REFUSED, "One of its options is empty.")
    assert "“x.png” was left out" in str(item.reasons[1])


def missing(count: int, name: str = "") -> str:
    return "".join(f'<img src="{name}{number}.png"/>' for number in range(count))


def test_of_many_pictures_the_first_ten_are_named_and_the_others_counted() -> None:
    asked = f"<questiontext><text><![CDATA[See {missing(5_000)} {missing(10)}]]></text></questiontext>"
    (item,) = read(f'<quiz><question type="essay">{asked}</question></quiz>'.encode(), "quiz.xml").items
    assert [str(said)[:20] for said in item.reasons[:2]] == ["The picture “0.png” ", "The picture “1.png” "]
    assert [str(said) for said in item.reasons[10:]] == ["Further pictures left out: 4990."]


def test_the_pictures_of_an_item_and_of_its_stimulus_are_counted_together() -> None:
    question = CHOICE.format(stimulus=REFERENCE, picture=missing(8, "own"))
    item = in_package(None, q=question, s=STIMULUS.format(missing(12)))
    assert [str(said)[13:18] for said in item.reasons[6:10]] == ["own6.", "own7.", "0.png", "1.png"]
    assert [str(said) for said in item.reasons[10:]] == ["Further pictures left out: 10."]


@pytest.mark.parametrize(("picture", "reason"), REASONS[:-1], ids=IDS[:-1])
def test_what_is_said_of_a_picture_does_not_keep_what_was_unpacked_of_it(picture: bytes, reason: str) -> None:
    (said,) = in_moodle(picture).reasons
    assert isinstance(said, RuleViolation)
    why = said.values["reason"]
    assert isinstance(why, RuleViolation)
    assert (str(why), why.__traceback__, why.__context__) == (reason, None, None)


def test_what_is_said_of_a_stimulus_is_kept_once_however_many_items_refer_to_it() -> None:
    files = {f"q{number}": CHOICE.format(stimulus=REFERENCE, picture="") for number in range(100)}
    items = package(None, list(files), **files, s=STIMULUS.format(missing(5_000)))
    assert {len(item.reasons) for item in items} == {11}
    assert len({id(said) for item in items for said in item.reasons[:10]}) == 10
