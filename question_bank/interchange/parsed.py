"""What a file is read into: one entry for every question found, usable or not."""

import html
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.item_kinds import OPTION_IDS
from question_bank.items import ItemKind

MAX_TEXT = 20_000
MAX_QUESTIONS = 20_000
SHOWN_OF_TOO_LONG = 500
FULL_MARK = Decimal(100)
NO_MARK = Decimal(0)

# Control characters that no text needs and PostgreSQL refuses, and the placeholders of the GIFT reader.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\ue00f\ufeff\ufffe\uffff\ud800-\udfff]")

# Only tags that editors write: "x <y and z> w" is no markup. The pattern cannot run past the next tag, so time grows
# with the length of the text only; the parser of the standard library is slower than that on hostile text.
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>|<!--[^<>]*-->")
BLOCKS = frozenset(
    "p br hr div li tr td th ul ol table thead tbody h1 h2 h3 h4 h5 h6 blockquote pre center".split()
)  # fmt: skip
# Of these, the ones with an empty line before and after: Markdown makes paragraphs of that.
PARAGRAPHS = frozenset("p div ul ol table h1 h2 h3 h4 h5 h6 blockquote pre".split())
INLINE = frozenset("a abbr b big cite code del em font i ins mark q s small span strike strong sub sup tt u".split())
PICTURES = frozenset({"img"})
MEDIA = frozenset("audio video source object embed iframe svg math canvas".split())
# What stands in these is a program or its looks, never text for a reader.
UNSEEN = frozenset({"script", "style"})
# Without these a plain text says the same.
SILENT = frozenset("p br div span".split())


class FileFormat(StrEnum):
    """The formats that are read. The values name them in commands and addresses."""

    GIFT = "gift"
    AIKEN = "aiken"
    MOODLE_XML = "moodle-xml"
    QTI = "qti"
    CSV = "csv"
    XLSX = "xlsx"
    WORD = "docx"
    JSON = "json"

    @property
    def label(self) -> str:
        return FORMAT_LABELS[self]


FORMAT_LABELS = {
    FileFormat.GIFT: "GIFT",
    FileFormat.AIKEN: "Aiken",
    FileFormat.MOODLE_XML: "Moodle XML",
    FileFormat.QTI: "QTI",
    FileFormat.CSV: "CSV",
    FileFormat.XLSX: "Excel (XLSX)",
    FileFormat.WORD: "Word (DOCX)",
    FileFormat.JSON: "JSON",
}


class ForeignKind(StrEnum):
    """Kinds of questions that other programs have and the bank does not hold."""

    MULTIPLE_RESPONSE = "multiple_response"
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT_TEXT = "short_text"
    NUMERICAL = "numerical"
    CLOZE = "cloze"
    DRAG_AND_DROP = "drag_and_drop"
    HOTSPOT = "hotspot"
    UPLOAD = "upload"
    DESCRIPTION = "description"
    COMPOSITE = "composite"
    OTHER = "other"


CANNOT_HOLD = {
    ForeignKind.MULTIPLE_RESPONSE: _("It has several right answers; the bank holds items with one best answer."),
    ForeignKind.MATCHING: _("It is a matching question: the bank does not hold this kind."),
    ForeignKind.ORDERING: _("It is an ordering question: the bank does not hold this kind."),
    ForeignKind.SHORT_TEXT: _("It is a short-answer question: the bank does not hold this kind."),
    ForeignKind.NUMERICAL: _("It is a numerical question: the bank does not hold this kind."),
    ForeignKind.CLOZE: _("It is a cloze question (gaps in a text): the bank does not hold this kind."),
    ForeignKind.DRAG_AND_DROP: _("It is a drag-and-drop question: the bank does not hold this kind."),
    ForeignKind.HOTSPOT: _("It is answered on a picture: the bank does not hold this kind."),
    ForeignKind.UPLOAD: _("It is answered with a file: the bank does not hold this kind."),
    ForeignKind.DESCRIPTION: _("It is a description, not a question."),
    ForeignKind.COMPOSITE: _("It has more than one place to answer: the bank holds questions with one."),
    ForeignKind.OTHER: _("It is of a kind that the bank does not hold."),
}


class RowStatus(StrEnum):
    ACCEPTED = "accepted"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True)
class ParsedItem:
    """One question of a file. ``fraction`` is what choosing an option gives, in percent; the key's is 100."""

    line: int
    # The file of a package in which it stands.
    file: str = ""
    title: str = ""
    # What the file calls it, when that is not its title.
    code: str = ""
    kind: ItemKind = ItemKind.SINGLE_BEST_ANSWER
    # What it is instead, when the bank does not hold it.
    foreign: ForeignKind | None = None
    # For an essay the prompt.
    stem: str = ""
    # The vignette of an essay.
    stimulus: str = ""
    options: list[tuple[str, Decimal]] = field(default_factory=list)
    status: RowStatus = RowStatus.ACCEPTED
    # Why it was refused, or what was changed: sentences, those with values in them as RuleViolation.
    reasons: tuple[str | RuleViolation, ...] = ()
    # What the file says about area, term, levels and so on; "note" holds whatever else it said.
    tags: dict[str, str] = field(default_factory=dict)
    # All that the bank knows of it, when the file says that: see item_kinds.
    content: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return ", ".join(part for part in (self.code, self.title) if part)

    @property
    def place(self) -> str:
        return self.file or str(self.line)

    def refused(self, reason: str | RuleViolation) -> "ParsedItem":
        return replace(self, status=RowStatus.REFUSED, reasons=(reason,))

    def of_foreign_kind(self, kind: ForeignKind) -> "ParsedItem":
        return replace(self.refused(CANNOT_HOLD[kind]), foreign=kind, options=[])

    def changed(self, *reasons: str) -> "ParsedItem":
        """With these changes, in words; without any it stays as it is."""
        if not reasons or self.status is RowStatus.REFUSED:
            return self
        return replace(self, status=RowStatus.CHANGED, reasons=(*self.reasons, *reasons))

    def checked(self) -> "ParsedItem":
        """Refused when the bank could not hold it at all."""
        if self.status is RowStatus.REFUSED:
            return self
        texts = [self.stem, self.stimulus, self.title, *(option[0] for option in self.options), *self.tags.values()]
        if max(map(len, texts)) > MAX_TEXT:
            return self.cut_short().refused(_("A text in it is longer than 20,000 characters."))
        choice = self.kind is ItemKind.SINGLE_BEST_ANSWER
        keys = sum(fraction == FULL_MARK for _text, fraction in self.options)
        checks = (
            (not self.stem, _("It has no text.")),
            (choice and len(self.options) < 2, _("It has fewer than two options.")),
            (len(self.options) > len(OPTION_IDS), _("It has more than eight options.")),
            (choice and any(not text for text, _fraction in self.options), _("One of its options is empty.")),
            (choice and keys == 0, _("No option is marked as the key.")),
        )
        refused = next((self.refused(reason) for failed, reason in checks if failed), self)
        several = keys > 1 and refused is self
        return (
            replace(self.of_foreign_kind(ForeignKind.MULTIPLE_RESPONSE), options=self.options) if several else refused
        )

    def cut_short(self) -> "ParsedItem":
        """Enough to be recognised by; a text of megabytes is not carried along."""
        return replace(
            self, title=self.title[:200], stem=self.stem[:SHOWN_OF_TOO_LONG], stimulus="", options=[], tags={}
        )


@dataclass(frozen=True)
class Reading:
    """What a file was taken for, and every question in it."""

    format: FileFormat
    items: list[ParsedItem]


class UnreadableFile(RuleViolation):
    """The file as a whole cannot be read; the message says what to do."""


def too_many() -> UnreadableFile:
    return UnreadableFile(_("This file has more than 20,000 questions. Divide it, and upload the parts."))


def clean(text: str) -> str:
    return UNWANTED.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def tags_in(text: str) -> set[str]:
    return {(match[1] or "").lower() for match in TAG.finditer(text)} & (BLOCKS | INLINE | PICTURES | MEDIA | UNSEEN)


def without_markup(text: str) -> str:
    """The text of HTML, its blocks as lines and paragraphs. Time grows with its length only."""
    pieces, end, unseen = [], 0, ""
    for match in TAG.finditer(text):
        name = (match[1] or "").lower()
        if unseen:
            if name != unseen or not match[0].startswith("</"):
                continue
            unseen = ""
        else:
            pieces.append(text[end : match.start()] + instead_of_tag(match[0], name))
            unseen = name if name in UNSEEN and not match[0].startswith("</") else ""
        end = match.end()
    unmarked = clean(html.unescape("".join(pieces) + ("" if unseen else text[end:])))
    return by_lines(unmarked)


def by_lines(text: str) -> str:
    """With single spaces, and never more than one empty line."""
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def line_break(name: str, *, closing: bool = False) -> str:
    """What the beginning or the end of a block element makes of the text around it."""
    if name in PARAGRAPHS:
        return "\n\n"
    return "\n" if name in BLOCKS and not closing else ""


def instead_of_tag(tag: str, name: str) -> str:
    if name in BLOCKS:
        return line_break(name, closing=tag.startswith("</"))
    return "" if not name or name in INLINE | PICTURES | UNSEEN else tag


def plain(item: ParsedItem, *, html_meant: bool = False) -> ParsedItem:
    """The item with markup taken out of its texts. What needs a recording is refused; a picture is left out.

    Without ``html_meant`` a text is taken for HTML only where a tag of HTML stands in the item.
    """
    texts = [item.stem, item.stimulus, *(option[0] for option in item.options), *item.tags.values()]
    # Before its markup is read: a long text of nothing but tags is not worth the time.
    if item.status is RowStatus.REFUSED or max(map(len, texts)) > 10 * MAX_TEXT:
        return item
    found = set().union(*map(tags_in, texts))
    if not found and not html_meant:
        return item
    if found & MEDIA:
        return item.refused(_("It needs a recording or a formula, which the bank cannot hold."))
    stem, stimulus, *rest = (without_markup(text.replace("\n", " ") if html_meant else text) for text in texts)
    count = len(item.options)
    options = [(text, fraction) for text, (_marked_up, fraction) in zip(rest, item.options, strict=False)]
    tags = dict(zip(item.tags, rest[count:], strict=True))
    return said_of_markup(replace(item, stem=stem, stimulus=stimulus, options=options, tags=tags), found)


def said_of_markup(item: ParsedItem, found: set[str]) -> ParsedItem:
    """The item with what was lost of its markup, by the names of the tags that were found."""
    losses = (
        (found - SILENT - PICTURES, _("Formatting was removed.")),
        (found & PICTURES, _("The picture was left out.")),
    )
    return item.changed(*(reason for lost, reason in losses if lost))
