"""The pictures that come with a file."""

from base64 import b64decode
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.parsed import PICTURE_LEFT_OUT, ParsedItem, RowStatus, UnreadableFile, clean
from question_bank.pictures import clean_picture, damaged_picture

MOST_PICTURES = 500
# Of a picture that is written into its own address more would be of no use to anybody.
SHOWN_OF_NAME = 80


class FilePicture(NamedTuple):
    sha256: str
    data: bytes


class FilePictures:
    """Each picture of a file is looked at once, however many questions show it: unpacking one takes its time."""

    def __init__(self, largest: int | None) -> None:
        """``largest`` bounds the files of pictures; what our own bank wrote has pixels that are bounded already."""
        self.largest = largest
        self.known: dict[str, FilePicture | RuleViolation] = {}

    def find(self, encoded: str) -> FilePicture | RuleViolation:
        """The picture in this base64, or why it is none that is accepted.

        Raises UnreadableFile when the file has too many.
        """
        return self.look_at(encoded, lambda: b64decode(encoded))

    def look_at(self, name: str, read: Callable[[], bytes]) -> FilePicture | RuleViolation:
        """The same of what is read under a name."""
        if name not in self.known:
            if len(self.known) == MOST_PICTURES:
                raise UnreadableFile(_("This file shows more than 500 pictures. Divide it, and upload the parts."))
            self.known[name] = accepted(read, self.largest)
        return self.known[name]


def accepted(read: Callable[[], bytes], largest: int | None) -> FilePicture | RuleViolation:
    try:
        data = read()
        clean_picture(data, largest=largest)
    except RuleViolation as refusal:
        return refusal
    except ValueError:  # what is no base64
        return damaged_picture()
    return FilePicture(sha256(data).hexdigest(), data)


def not_in_file() -> RuleViolation:
    return RuleViolation("The file names it, but does not hold it.")


def left_out(name: str, refusal: RuleViolation) -> RuleViolation:
    """That the picture of this name does not come along, and why."""
    shown = name if len(name) <= SHOWN_OF_NAME else f"{name[:SHOWN_OF_NAME]}…"
    return RuleViolation("The picture “%(name)s” was left out. %(reason)s", name=clean(shown), reason=refusal)


def saying_why(item: ParsedItem, refused: Iterable[RuleViolation]) -> ParsedItem:
    """The item with the reason for each picture that was left out, in place of the bare fact."""
    named = tuple(refused)
    if not named or item.foreign:
        return item
    others = tuple(reason for reason in item.reasons if reason != PICTURE_LEFT_OUT)
    status = RowStatus.REFUSED if item.status is RowStatus.REFUSED else RowStatus.CHANGED
    return replace(item, status=status, reasons=(*others, *named))
