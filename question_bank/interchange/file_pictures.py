"""The pictures that come with a file."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.parsed import (
    PICTURE_LEFT_OUT,
    ParsedItem,
    RowStatus,
    UnreadableFile,
    clean,
    shortened,
)
from question_bank.pictures import clean_picture, damaged_picture

MOST_PICTURES = 500
# Of the pictures that a question shows and that do not come along: a file may show a million of them.
MOST_NAMED = 10
NOT_IN_FILE = RuleViolation("The file names it, but does not hold it.")


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
        return refusal.anew()
    except ValueError:  # what is no base64
        return damaged_picture()
    return FilePicture(sha256(data).hexdigest(), data)


class LeftOut:
    """What of the pictures of a text does not come along: the first of them with the reason, the others counted.

    Of those each counts as often as it is shown; to tell them apart, all of their names would have to be kept.
    """

    def __init__(self) -> None:
        self.named: dict[str, RuleViolation] = {}
        self.others = 0

    def add(self, name: str, reason: RuleViolation) -> None:
        known = name in self.named
        if not known and len(self.named) < MOST_NAMED:
            self.named[name] = left_out(name, reason)
        elif not known:
            self.others += 1


def left_out(name: str, reason: RuleViolation) -> RuleViolation:
    return RuleViolation("The picture “%(name)s” was left out. %(reason)s", name=clean(shortened(name)), reason=reason)


def saying_why(item: ParsedItem, *texts: LeftOut) -> ParsedItem:
    """The item with the reasons for the pictures that its texts left out, in place of the bare fact."""
    named = list({name: why for text in texts for name, why in text.named.items()}.values())
    if not named or item.foreign:
        return item
    others = tuple(reason for reason in item.reasons if reason != PICTURE_LEFT_OUT)
    more = sum(text.others for text in texts) + len(named[MOST_NAMED:])
    said = [RuleViolation("Further pictures left out: %(count)s.", count=more)] if more else []
    status = RowStatus.REFUSED if item.status is RowStatus.REFUSED else RowStatus.CHANGED
    return replace(item, status=status, reasons=(*others, *named[:MOST_NAMED], *said))
