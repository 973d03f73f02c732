"""The pictures that come with a file."""

from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.parsed import UnreadableFile
from question_bank.pictures import clean_picture

MOST_PICTURES = 500


class FilePicture(NamedTuple):
    sha256: str
    data: bytes


class FilePictures:
    """Each picture of a file is looked at once, however many questions show it: unpacking one takes its time."""

    def __init__(self, largest: int | None) -> None:
        """``largest`` bounds the files of pictures; what our own bank wrote has pixels that are bounded already."""
        self.largest = largest
        self.known: dict[str, FilePicture | None] = {}

    def find(self, encoded: str) -> FilePicture | None:
        """The picture in this base64; None when it is none that is accepted.

        Raises UnreadableFile when the file has too many.
        """
        return self.look_at(encoded, lambda: b64decode(encoded))

    def look_at(self, name: str, read: Callable[[], bytes]) -> FilePicture | None:
        """The same of what is read under a name."""
        if name not in self.known:
            if len(self.known) == MOST_PICTURES:
                raise UnreadableFile(_("This file shows more than 500 pictures. Divide it, and upload the parts."))
            self.known[name] = accepted(read, self.largest)
        return self.known[name]


def accepted(read: Callable[[], bytes], largest: int | None) -> FilePicture | None:
    try:
        data = read()
        clean_picture(data, largest=largest)
    except (RuleViolation, ValueError):
        return None
    return FilePicture(sha256(data).hexdigest(), data)
