"""QTI content packages: a zip with ``imsmanifest.xml``, items, and the stimuli that they share."""

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.archive import Archive
from question_bank.interchange.file_pictures import LeftOut, saying_why
from question_bank.interchange.parsed import MAX_QUESTIONS, ParsedItem, UnreadableFile, clean, too_many
from question_bank.interchange.qti import QTI_ITEM, read_item
from question_bank.interchange.qti_pictures import PackagePictures
from question_bank.interchange.qti_stimuli import passages_of_sections, text_of
from question_bank.interchange.xml import MOST_OF_ONE, children, flowing_text, folded, tree

MANIFEST = "imsmanifest.xml"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class SharedText(NamedTuple):
    text: str
    left_out: LeftOut


NO_PASSAGE = SharedText("", LeftOut())
# The shared text in a file of the package, or why it cannot be read; None when it is not there.
FindText = Callable[[str], SharedText | RuleViolation | None]


def read_package(data: bytes, largest_picture: int) -> list[ParsedItem]:
    """Every item that the manifest names, in its order. One that cannot be read is refused by its file."""
    archive = Archive(data)
    pictures = PackagePictures(archive, largest_picture)
    manifests = sorted((name for name in archive if posixpath.basename(name) == MANIFEST), key=len)
    if not manifests:
        raise UnreadableFile(_("There is no imsmanifest.xml in this archive, so it is not a QTI package."))
    manifest = tree(archive.read(manifests[0]))
    resources = [element for element in manifest.iter() if folded(element) == "resource"]
    types = {resource.get("type", "").casefold() for resource in resources}
    if any("v1p2" in type_ or "v1p1" in type_ for type_ in types) and not any("item" in type_ for type_ in types):
        raise UnreadableFile(_("This is QTI 1.2. Export it as QTI 2.1 or newer, as Moodle XML or as GIFT."))
    every = [resource for resource in resources if "item" in resource.get("type", "").casefold()]
    items = list({resource.get("href", ""): resource for resource in reversed(every)}.values())[::-1]  # each file once
    if len(items) > MAX_QUESTIONS:
        raise too_many()
    stimuli = stimulus_reader(archive, pictures)
    paths = {resource: resolved(base_of(resource, manifests[0]), resource.get("href", "")) for resource in resources}
    tests = [path for resource, path in paths.items() if "test" in resource.get("type", "")]
    passages = passages_in(archive, pictures, tests)
    found = (item_of(pictures, one, paths[one], stimuli, passages.get(paths[one], NO_PASSAGE)) for one in items)
    return [pictures.with_its_own(item) for item in found]


def passages_in(archive: Archive, pictures: PackagePictures, tests: Iterable[str]) -> dict[str, SharedText]:
    """Item -> the passage of its section, as the tests of a package have them. A test that cannot be read has none."""
    found = dict[str, SharedText]()
    for path in filter(archive.__contains__, tests):
        try:
            test = tree(archive.read(path))
        except UnreadableFile:
            continue
        for blocks, addresses in passages_of_sections(test):
            left_out = pictures.place(path, *blocks)
            passage = SharedText(text_of(blocks), left_out)
            found |= {resolved(posixpath.dirname(path), address): passage for address in addresses if blocks}
    return found


def item_of(
    pictures: PackagePictures, resource: etree._Element, path: str, find_stimulus: FindText, passage: SharedText
) -> ParsedItem:
    archive = pictures.archive
    named = ParsedItem(line=1, file=path, title=clean(resource.get("identifier", ""))[:200])
    if path not in archive:
        return named.refused(_("The manifest names this file, but the package does not hold it."))
    try:
        root = tree(archive.read(path), MOST_OF_ONE)
        left_out = [pictures.place(path, root), passage.left_out]
    except UnreadableFile as refusal:
        return named.refused(refusal)
    if folded(root) != QTI_ITEM:
        return named.refused(_("This file is not an item of QTI 2 or 3."))

    def stimulus(address: str) -> str | None:
        found = find_stimulus(resolved(posixpath.dirname(path), address))
        if isinstance(found, RuleViolation):
            raise found.anew()
        left_out.extend([found.left_out] if found else [])
        return found and found.text

    item = read_item(root, stimulus, labels_of(resource), passage.text)
    return saying_why(replace(item, file=path), *left_out)


def labels_of(resource: etree._Element) -> tuple[str, ...]:
    """The keywords that the metadata of a resource give."""
    keywords = (element for element in resource.iter() if folded(element) == "keyword")
    return tuple(clean("".join(element.itertext())).strip() for element in keywords)


def stimulus_reader(archive: Archive, pictures: PackagePictures) -> FindText:
    """Reads a shared stimulus once, however many items refer to it."""

    @cache
    def find(path: str) -> SharedText | RuleViolation | None:
        if path not in archive:
            return None
        try:
            bodies = list(children(tree(archive.read(path), MOST_OF_ONE), "stimulusbody"))
            left_out = pictures.place(path, *bodies)
        except UnreadableFile as refusal:
            return refusal.anew()
        return SharedText(flowing_text(*bodies)[0], left_out)

    return find


def base_of(resource: etree._Element, manifest: str) -> str:
    """The folder in which the addresses of a resource begin."""
    bases = [element.get(XML_BASE, "") for element in (*reversed(list(resource.iterancestors())), resource)]
    return posixpath.join(posixpath.dirname(manifest), *bases)


def resolved(base: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(base, unquote(address)))
