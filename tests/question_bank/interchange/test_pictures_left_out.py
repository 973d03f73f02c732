"""A picture that does not come along from a file is named, with the reason that the page for pictures gives."""

from base64 import b64encode
from io import BytesIO
from zipfile import ZipFile

import pytest

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
SHOWN = '<img src="../media/a%20room.png" alt="A room"/>'


def in_moodle(picture: bytes | None, *, shown: str = "@@PLUGINFILE@@/a%20room.png", kept: str = "") -> ParsedItem:
    encoded = b64encode(picture).decode() if picture is not None else ""
    file = f'<file name="a room.png" encoding="base64">{kept or encoded}</file>' if kept or encoded else ""
    text = f'<text><![CDATA[<p>See <img src="{shown}"></p>]]></text>'
    question = f'<question type="essay"><questiontext format="html">{text}{file}</questiontext></question>'
    return read(f"<quiz>{question}</quiz>".encode(), "quiz.xml", largest_picture=100 * 1024).items[0]


def in_package(picture: bytes | None, **files: str) -> ParsedItem:
    resources = '<resource identifier="q" type="imsqti_item_xmlv2p1" href="items/q.xml"/>'
    made = BytesIO()
    with ZipFile(made, "w") as package:
        package.writestr("imsmanifest.xml", f"<manifest><resources>{resources}</resources></manifest>")
        for name, text in files.items():
            package.writestr(f"items/{name}.xml", text)
        if picture is not None:
            package.writestr("media/a room.png", picture)
    return read(made.getvalue(), "bank.zip", largest_picture=100 * 1024).items[0]


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
    stimulus = f"<assessmentStimulus><stimulusBody><p>A story {SHOWN}</p></stimulusBody></assessmentStimulus>"
    reference = '<assessmentStimulusRef identifier="s" href="s.xml"/>'
    item = in_package(b"none", q=CHOICE.format(stimulus=reference, picture=""), s=stimulus)
    assert "A story" in item.stimulus
    assert [str(said)[:46] for said in item.reasons] == ["The picture “../media/a room.png” was left out"]


def test_an_option_that_was_only_a_picture_is_refused_with_the_reason() -> None:
    answers = '<answer fraction="{}" format="html"><text><![CDATA[{}]]></text></answer>'
    asked = '<questiontext format="html"><text>Which?</text></questiontext>'
    both = answers.format(100, '<img src="@@PLUGINFILE@@/x.png">') + answers.format(0, "No")
    (item,) = read(f'<quiz><question type="multichoice">{asked}{both}</question></quiz>'.encode(), "quiz.xml").items
    assert (item.status, str(item.reasons[0])) == (RowStatus.REFUSED, "One of its options is empty.")
    assert "“x.png” was left out" in str(item.reasons[1])
