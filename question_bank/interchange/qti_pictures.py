"""The pictures of a QTI package: files of the archive that its items and stimuli show."""

import posixpath
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from urllib.parse import unquote

from lxml import etree

from question_bank.errors import RuleViolation
from question_bank.interchange.archive import Archive
from question_bank.interchange.file_pictures import FilePicture, FilePictures, left_out, not_in_file
from question_bank.interchange.parsed import ParsedItem
from question_bank.interchange.xml import folded
from question_bank.item_text import digests_in, picture_line


class PackagePictures:
    """Puts the line of each picture where the files of a package show it, and remembers the pictures."""

    def __init__(self, archive: Archive, largest: int | None) -> None:
        self.archive = archive
        self.pictures = FilePictures(largest)
        self.found: dict[str, bytes] = {}
        # By the file that shows them.
        self.left_out: dict[str, dict[str, RuleViolation]] = {}

    def place(self, root: etree._Element, path: str) -> etree._Element:
        """The root of the file at ``path``. What is none that is accepted stays, and is left out with the markup."""
        for element in [element for element in root.iter() if folded(element) == "img"]:
            parent = element.getparent()
            address = unquote(element.get("src", ""))
            name = posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
            if parent is None:
                continue
            picture = self.look_at(name)
            if isinstance(picture, RuleViolation):
                self.left_out.setdefault(path, {})[name] = left_out(address, picture)
            else:
                self.found[picture.sha256] = picture.data
                put_in_place(picture_line(picture.sha256, element.get("alt", "")), element, parent)
        return root

    def look_at(self, name: str) -> FilePicture | RuleViolation:
        if name not in self.archive:
            return not_in_file()
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
