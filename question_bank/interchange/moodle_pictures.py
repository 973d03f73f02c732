"""The pictures of Moodle's questions: files in base64 beside the text that shows them."""

import re
from base64 import b64decode
from hashlib import sha256
from html import escape
from urllib.parse import unquote

from lxml import etree, html

from question_bank.errors import RuleViolation
from question_bank.item_text import picture_line
from question_bank.pictures import clean_picture

HOLDERS = ("questiontext", "answer", "subquestion")
SHOWN = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
BESIDE = "@@PLUGINFILE@@/"


def place_pictures(question: etree._Element) -> dict[str, bytes]:
    """Put the line of each picture where the texts show it. Returns the pictures by the names in these lines.

    One that is none that is accepted stays as it is, and is left out with the rest of the markup.
    """
    found: dict[str, bytes] = {}
    for holder in question.iter(*HOLDERS):
        files = {file.get("name", ""): file.text or "" for file in holder.findall("file")}
        text = holder.find("text")
        if files and text is not None and text.text:
            for tag in set(SHOWN.findall(text.text)):
                text.text = text.text.replace(tag, line_of(tag, files, found))
    return found


def line_of(tag: str, files: dict[str, str], found: dict[str, bytes]) -> str:
    """The line of a picture in place of its tag; the tag when there is no such picture."""
    try:
        shown = html.fragment_fromstring(tag)
        name = unquote(shown.get("src", "").partition("?")[0].removeprefix(BESIDE))
        data = b64decode(files[name])
        clean_picture(data)
    except (etree.LxmlError, KeyError, ValueError, RuleViolation):
        return tag
    digest = sha256(data).hexdigest()
    found[digest] = data
    return escape(picture_line(digest, shown.get("alt", "")), quote=False)
