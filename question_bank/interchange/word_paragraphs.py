"""The paragraphs of a Word document: their text, how it looks, and the number that Word shows before it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from question_bank.interchange.archive import Archive
from question_bank.interchange.parsed import clean
from question_bank.interchange.xml import local, tree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LETTERS = ("upperLetter", "lowerLetter", "bullet")
OFF = ("0", "false", "none", "auto", "")
DELETED = ("del", "moveFrom")


class Look(StrEnum):
    """Ways to make a text stand out, the plainest last."""

    HIGHLIGHT = "highlight"
    BOLD = "b"
    UNDERLINE = "u"


class Place(StrEnum):
    """What the number before a paragraph makes of it."""

    QUESTION = "question"
    OPTION = "option"
    NONE = "none"


@dataclass(frozen=True)
class Paragraph:
    line: int
    text: str
    place: Place
    looks: frozenset[Look]
    has_picture: bool


def paragraphs(archive: Archive) -> Iterator[Paragraph]:
    """Those with a text or a picture in them, in their order."""
    numbering = Numbering(archive)
    document = tree(archive.read("word/document.xml"))
    # By the paragraph a run stands in: a text box is a paragraph of its own inside another one.
    runs_of: dict[etree._Element | None, list[etree._Element]] = defaultdict(list)
    for run in document.iter(f"{W}r"):
        if not is_deleted(run):
            runs_of[next(run.iterancestors(f"{W}p"), None)].append(run)
    for line, element in enumerate(document.iter(f"{W}p"), start=1):
        runs = runs_of[element]
        text = "".join(map(text_of, runs)).strip()
        picture = any(local(part) in ("drawing", "pict") for run in runs for part in run)
        if text or picture:
            yield Paragraph(line, text, numbering.place_of(element), looks_of(runs), picture)


def is_deleted(run: etree._Element) -> bool:
    """Whether tracked changes took it out."""
    return any(local(parent) in DELETED for parent in run.iterancestors())


def text_of(run: etree._Element) -> str:
    instead = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    parts = (part.text or "" if local(part) == "t" else instead.get(local(part), "") for part in run)
    return clean("".join(parts))


def looks_of(runs: list[etree._Element]) -> frozenset[Look]:
    """How the whole of a text looks."""
    seen = [run for run in runs if text_of(run).strip()]
    return frozenset(look for look in Look if seen and all(has_look(run, look) for run in seen))


def has_look(run: etree._Element, look: Look) -> bool:
    element = run.find(f"{W}rPr/{W}{look.value}")
    return element is not None and element.get(f"{W}val", "1") not in OFF


class Numbering:
    """Which number format each list of the document has at each of its levels."""

    def __init__(self, archive: Archive) -> None:
        self.levels: dict[tuple[str, str], str] = {}  # of abstract lists
        self.abstract_of: dict[str, str] = {}
        self.of_style: dict[str, tuple[str, str]] = {}
        if "word/numbering.xml" in archive:
            self.read_lists(tree(archive.read("word/numbering.xml")))
        if "word/styles.xml" in archive:
            for style in tree(archive.read("word/styles.xml")).iter(f"{W}style"):
                if number := number_in(style):
                    self.of_style[style.get(f"{W}styleId", "")] = number

    def read_lists(self, numbering: etree._Element) -> None:
        self.levels = {
            (abstract.get(f"{W}abstractNumId", ""), level.get(f"{W}ilvl", "")): value_at(level, "numFmt")
            for abstract in numbering.iter(f"{W}abstractNum")
            for level in abstract.iter(f"{W}lvl")
        }
        for entry in numbering.iter(f"{W}num"):
            self.abstract_of[entry.get(f"{W}numId", "")] = value_at(entry, "abstractNumId")

    def place_of(self, paragraph: etree._Element) -> Place:
        number = number_in(paragraph) or self.of_style.get(value_at(paragraph, f"pPr/{W}pStyle"))
        if not number or number[0] == "0":
            return Place.NONE
        list_id, level = number
        shown = self.levels.get((self.abstract_of.get(list_id, ""), level))
        return Place.OPTION if level != "0" or shown in LETTERS else Place.QUESTION


def number_in(element: etree._Element) -> tuple[str, str] | None:
    """The list and the level that a paragraph or a style names."""
    properties = element.find(f"{W}pPr/{W}numPr")
    if properties is None or properties.find(f"{W}numId") is None:
        return None
    return value_at(properties, "numId"), value_at(properties, "ilvl") or "0"


def value_at(element: etree._Element, path: str) -> str:
    found = element.find(f"{W}{path}")
    return found.get(f"{W}val", "") if found is not None else ""
