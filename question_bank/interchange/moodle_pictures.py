"""The pictures of Moodle's questions: files in base64 beside the text that shows them."""

import re
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote

from lxml import etree, html

from question_bank.errors import RuleViolation
from question_bank.interchange.file_pictures import NOT_IN_FILE, FilePictures, LeftOut
from question_bank.interchange.parsed import MAX_TEXT
from question_bank.item_text import picture_line

HOLDERS = ("questiontext", "answer", "subquestion")
PLAIN_TEXT = "plain_text"
# It cannot run past the next tag, so time grows with the length of the text only.
SHOWN = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
BESIDE = "@@PLUGINFILE@@/"


@dataclass
class Placed:
    """The pictures of a question by the names in their lines, and those that are none."""

    found: dict[str, bytes] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)


def place_pictures(question: etree._Element, pictures: FilePictures) -> Placed:
    """Put the line of each picture where the texts show it.

    One that is none that is accepted stays as it is, and is left out with the rest of the markup.
    """
    placed = Placed()
    for holder in question.iter(*HOLDERS):
        if holder.get("format") == PLAIN_TEXT:
            continue
        files = {file.get("name", ""): file.text or "" for file in holder.findall("file")}
        text = holder.find("text")
        # One that is longer is refused, whatever it shows.
        if text is not None and text.text and len(text.text) <= 10 * MAX_TEXT:
            text.text = with_lines(text.text, files, pictures, placed)
    return placed


def with_lines(text: str, files: dict[str, str], pictures: FilePictures, placed: Placed) -> str:
    """The text with the line of each picture in place of its tag; a tag stays when there is no such picture."""

    def line_of(tag: re.Match[str]) -> str:
        try:
            shown = html.fragment_fromstring(tag[0])
        except etree.LxmlError:
            return tag[0]
        name = unquote(shown.get("src", "").partition("?")[0].removeprefix(BESIDE))
        picture = pictures.find(files[name]) if name in files else NOT_IN_FILE
        if isinstance(picture, RuleViolation):
            placed.left_out.add(name, picture)
            return tag[0]
        placed.found[picture.sha256] = picture.data
        return escape(picture_line(picture.sha256, shown.get("alt", "")), quote=False)

    return SHOWN.sub(line_of, text)
