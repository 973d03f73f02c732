"""What a file is read into: one entry for every question found, usable or not."""

import html
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.item_kinds import OPTION_IDS
from question_bank.items import ItemKind

MAX_TEXT = 20_000
FULL_MARK = Decimal(100)

# Control characters that no text needs and PostgreSQL refuses, and the placeholders of the GIFT reader.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\ue00f\ufeff\ufffe\uffff\ud800-\udfff]")

# Only tags that editors write: "x <y and z> w" is no markup. The pattern cannot run past the next tag, so time grows
# with the length of the text only; the parser of the standard library is slower than that on hostile text.
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>|<!--[^<>]*-->")
BLOCKS = frozenset(
    "p br hr div li tr td th ul ol table thead tbody h1 h2 h3 h4 h5 h6 blockquote pre center".split()
)  # fmt: skip
INLINE = frozenset("a abbr b big cite code del em font i ins mark q s small span strike strong sub sup tt u".split())
MEDIA = frozenset("img audio video source object embed iframe svg math".split())


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
    # Why it was refused, or what was changed: sentences, those with values in them as RuleViolation.
    reasons: tuple[str | RuleViolation, ...] = ()
    # What the file says about area, term, levels and so on; "note" holds whatever else it said.
    tags: dict[str, str] = field(default_factory=dict)

    def refused(self, reason: str | RuleViolation) -> "ParsedItem":
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


def clean(text: str) -> str:
    return UNWANTED.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def tags_in(text: str) -> set[str]:
    return {(match[1] or "").lower() for match in TAG.finditer(text)} & (BLOCKS | INLINE | MEDIA)


def without_markup(text: str) -> str:
    """The text of HTML, each block on a line of its own."""
    unmarked = clean(html.unescape(TAG.sub(instead_of_tag, text)))
    lines = (" ".join(line.split()) for line in unmarked.split("\n"))
    return "\n".join(line for line in lines if line)


def instead_of_tag(match: re.Match[str]) -> str:
    name = (match[1] or "").lower()
    if name in BLOCKS:
        return "\n"
    return "" if not name or name in INLINE else match[0]


def plain(item: ParsedItem) -> ParsedItem:
    """The item with markup taken out of its texts. One that needs a picture is refused."""
    texts = [item.stem, *(option[0] for option in item.options), *item.tags.values()]
    tags_found = set().union(*map(tags_in, texts))
    if item.status is RowStatus.REFUSED or not tags_found:
        return item
    if tags_found & MEDIA:
        return item.refused(_("It needs a picture or a recording, which the bank cannot hold."))
    stem, *rest = map(without_markup, texts)
    count = len(item.options)
    options = [(text, fraction) for text, (_marked_up, fraction) in zip(rest, item.options, strict=False)]
    tags = dict(zip(item.tags, rest[count:], strict=True))
    return replace(item, stem=stem, options=options, tags=tags).changed(_("Formatting was removed."))
