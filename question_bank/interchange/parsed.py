"""What a file is read into: one entry for every question found, usable or not."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from html.parser import HTMLParser

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.item_kinds import OPTION_IDS
from question_bank.items import ItemKind

MAX_TEXT = 20_000
FULL_MARK = Decimal(100)

# Control characters that no text needs and PostgreSQL refuses, and the placeholders of the GIFT reader.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\ue00f\ufeff\ufffe\uffff\ud800-\udfff]")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class RowStatus(StrEnum):
    ACCEPTED = "accepted"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True)
class ParsedItem:
    """One question of a file. ``fraction`` is what choosing an option gives, in percent; the key's is 100."""

    line: int
    title: str = ""
    kind: ItemKind = ItemKind.SINGLE_BEST_ANSWER
    stem: str = ""
    options: list[tuple[str, Decimal]] = field(default_factory=list)
    status: RowStatus = RowStatus.ACCEPTED
    # Why it was refused, or what was changed: sentences.
    reasons: tuple[str, ...] = ()
    # What the file says about area, term, levels, rationale, reference; "note" holds whatever else it said.
    tags: dict[str, str] = field(default_factory=dict)

    def refused(self, reason: str) -> "ParsedItem":
        return replace(self, status=RowStatus.REFUSED, reasons=(reason,))

    def changed(self, *reasons: str) -> "ParsedItem":
        """With these changes, in words; without any it stays as it is."""
        if not reasons or self.status is RowStatus.REFUSED:
            return self
        return replace(self, status=RowStatus.CHANGED, reasons=(*self.reasons, *reasons))

    def checked(self) -> "ParsedItem":
        """Refused when the bank could not hold it at all."""
        if self.status is RowStatus.REFUSED:
            return self
        texts = [self.stem, self.title, *(option[0] for option in self.options), *self.tags.values()]
        choice = self.kind is ItemKind.SINGLE_BEST_ANSWER
        keys = sum(fraction == FULL_MARK for _text, fraction in self.options)
        checks = (
            (not self.stem, _("It has no text.")),
            (max(map(len, texts)) > MAX_TEXT, _("A text in it is longer than 20,000 characters.")),
            (choice and len(self.options) < 2, _("It has fewer than two options.")),
            (len(self.options) > len(OPTION_IDS), _("It has more than eight options.")),
            (choice and any(not text for text, _fraction in self.options), _("One of its options is empty.")),
            (choice and keys == 0, _("No option is marked as the key.")),
            (keys > 1, _("It has several right answers; the bank holds items with one best answer.")),
        )
        return next((self.refused(reason) for failed, reason in checks if failed), self)


@dataclass(frozen=True)
class Reading:
    """``format`` names what the file was taken for, in words."""

    format: str
    items: list[ParsedItem]


class UnreadableFile(RuleViolation):
    """The file as a whole cannot be read; the message says what to do."""


class TextOnly(HTMLParser):
    """Collects the text of HTML, with a new line at every block."""

    BLOCKS = frozenset({"p", "br", "div", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.images = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.images = self.images or tag in ("img", "object", "audio", "video", "svg")
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def clean(text: str) -> str:
    return UNWANTED.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def has_markup(text: str) -> bool:
    return TAG.search(text) is not None


def without_markup(text: str) -> tuple[str, bool]:
    """The text of HTML, and whether it held pictures or sound."""
    reader = TextOnly()
    reader.feed(text)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line), reader.images


def plain(item: ParsedItem) -> ParsedItem:
    """The item with markup taken out of its texts. One that needs a picture is refused."""
    texts = [item.stem, *(option[0] for option in item.options), *item.tags.values()]
    if item.status is RowStatus.REFUSED or not any(map(has_markup, texts)):
        return item
    read = [without_markup(text) for text in texts]
    if any(images for _text, images in read):
        return item.refused(_("It needs a picture or a recording, which the bank cannot hold."))
    stem, *rest = (text for text, _images in read)
    count = len(item.options)
    options = [(text, fraction) for text, (_marked_up, fraction) in zip(rest, item.options, strict=False)]
    tags = dict(zip(item.tags, rest[count:], strict=True))
    return replace(item, stem=stem, options=options, tags=tags).changed(_("Formatting was removed."))
