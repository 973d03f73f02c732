"""The pictures of a QTI package: files of the archive that its items and stimuli show."""

import posixpath
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from urllib.parse import unquote

from lxml import etree

from question_bank.errors import RuleViolation
from question_bank.interchange.archive import Archive
from question_bank.interchange.file_pictures import NOT_IN_FILE, FilePicture, FilePictures, LeftOut
from question_bank.interchange.parsed import ParsedItem
from question_bank.interchange.xml import folded
from question_bank.item_text import digests_in, picture_line


class PackagePictures:
    """Puts the line of each picture where the files of a package show it, and remembers the pictures."""

    def __init__(self, archive: Archive, largest: int | None) -> None:
        self.archive = archive
        self.pictures = FilePictures(largest)
        self.found: dict[str, bytes] = {}

    def place(self, path: str, *roots: etree._Element) -> LeftOut:
        """In these elements of the file at ``path``. What is none that is accepted stays, to go with the markup."""
        left_out = LeftOut()
        for element in [element for root in roots for element in root.iter() if folded(element) == "img"]:
            parent = element.getparent()
            address = unquote(element.get("src", ""))
            if parent is None:
                continue
            picture = self.look_at(posixpath.normpath(posixpath.join(posixpath.dirname(path), address)))
            if isinstance(picture, RuleViolation):
                left_out.add(address, picture)
            else:
                self.found[picture.sha256] = picture.data
                put_in_place(picture_line(picture.sha256, element.get("alt", "")), element, parent)
        return left_out

    def look_at(self, name: str) -> FilePicture | RuleViolation:
        if name not in self.archive:
            return NOT_IN_FILE
        return self.pictures.look_at(name, partial(self.archive.read, name))

    def with_its_own(self, item: ParsedItem) -> ParsedItem:
        """The item with the pictures that its texts show."""
        shown = digests_in(texts_of(item)) & self.found.keys()
        return replace(item, pictures={name: self.found[name] for name in sorted(shown)}) if shown else item


def texts_of(item: ParsedItem) -> Iterable[str]:
    yield from (item.stem, item.stimulus)
    yield from (text for text, _fraction in item.options)
    for pair in item.pairs:
        yield from pair


def put_in_place(text: str, element: etree._Element, parent: etree._Element) -> None:
    """Put a text where an element of this parent stands, before what follows the element."""
    before = element.getprevious()
    said = text + (element.tail or "")
    if before is None:
        parent.text = (parent.text or "") + said
    else:
        before.tail = (before.tail or "") + said
    parent.remove(element)
