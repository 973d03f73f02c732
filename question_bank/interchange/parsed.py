"""What a file is read into: one entry for every question found, usable or not."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import Any

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.labels import MARKING_NAMES, WAYS_OF_MARKING, squeezed
from question_bank.item_kinds import OPTION_IDS, PREMISE_IDS, MarkingRule
from question_bank.item_kinds.short_text import LONGEST_ANSWER, MOST_ACCEPTED
from question_bank.items import ItemKind

MAX_TEXT = 20_000
MAX_QUESTIONS = 20_000
SHOWN_OF_TOO_LONG = 500
SHOWN_OF_NAME = 80
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

TRUTHS = {"true": True, "false": False, "verdadero": True, "falso": False}


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

    # Several options that each get the whole mark: any one of them is right.
    ANY_KEY = "multiple_response"
    MATCHING = "matching"
    ORDERING = "ordering"
    NUMERICAL = "numerical"
    CLOZE = "cloze"
    DRAG_AND_DROP = "drag_and_drop"
    HOTSPOT = "hotspot"
    UPLOAD = "upload"
    DESCRIPTION = "description"
    COMPOSITE = "composite"
    OTHER = "other"


PART_MARKS_DROPPED = _("Part marks were dropped: the key gets the mark, the others none.")
CAPITALS_IGNORED = _("Capital letters make no difference in the bank.")
PICTURE_LEFT_OUT = _("The picture was left out.")
FEEDBACK_MOVED = _("The feedback to options was moved to the rationale.")
ANY_OF_SEVERAL = _(
    "It has several right answers, and one of them is enough. In the bank one is best, or all of them are chosen."
)
LINE_WITHOUT_TEXT = _("A line to be matched in it has no text, or only a picture.")
CANNOT_HOLD = {
    ForeignKind.ANY_KEY: ANY_OF_SEVERAL,
    ForeignKind.MATCHING: _("In it a line goes with several others; in the bank each line goes with one option."),
    ForeignKind.ORDERING: _("It is an ordering question: the bank does not hold this kind."),
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
    """One question of a file. ``fraction`` is what choosing an option gives, in percent; a single key's is 100.

    The options of a short answer are what is accepted; a matching question has pairs instead.
    """

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
    # The vignette before it.
    stimulus: str = ""
    options: list[tuple[str, Decimal]] = field(default_factory=list)
    # Lines with the options they go with; an option without a line has "" for one.
    pairs: list[tuple[str, str]] = field(default_factory=list)
    # The places in ``pairs`` at which the options stand, in the order of the file; empty where it tells none.
    order: tuple[int, ...] = ()
    # How an answer is marked, where the kind leaves a choice and the file says it.
    marking: MarkingRule | None = None
    status: RowStatus = RowStatus.ACCEPTED
    # Why it was refused, or what was changed: sentences, those with values in them as RuleViolation.
    reasons: tuple[str | RuleViolation, ...] = ()
    # What the file says about area, term, levels and so on; "note" holds whatever else it said.
    tags: dict[str, str] = field(default_factory=dict)
    # Texts in Spanish, by their place in the content.
    spanish: dict[str, str] = field(default_factory=dict)
    # The items of the same file that it may not meet on a form, by what the file calls them, and why.
    enemies: dict[str, str] = field(default_factory=dict)
    # All that the bank knows of it, when the file says that: see item_kinds.
    content: dict[str, Any] | None = None
    # The pictures that came with it, by the name they have in its texts.
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return ", ".join(part for part in (self.code, self.title) if part)

    @property
    def answers(self) -> list[tuple[str, Decimal]]:
        """What is right and wrong in it, in words, each with what it gives in percent."""
        share = FULL_MARK / max(1, sum(bool(line) for line, _option in self.pairs))
        return self.options or [
            (f"{line} -> {option}".strip(), round(share, 5) if line else NO_MARK) for line, option in self.pairs
        ]

    @property
    def keys_in_words(self) -> list[str]:
        """What is right, with its letter where candidates choose by letters."""
        lettered = self.kind in (ItemKind.SINGLE_BEST_ANSWER, ItemKind.MULTIPLE_RESPONSE)
        return [
            f"{OPTION_IDS[place].upper()} · {text}" if lettered else text
            for place, (text, fraction) in enumerate(self.answers)
            if fraction > NO_MARK
        ]

    @property
    def asked(self) -> str:
        """What two questions that ask the same have in common."""
        return " ".join([self.stimulus, self.stem, *(line for line, _option in self.pairs)])

    @property
    def place(self) -> str:
        return self.file or str(self.line)

    def refused(self, reason: str | RuleViolation) -> "ParsedItem":
        said = reason.anew() if isinstance(reason, RuleViolation) else reason
        return replace(self, status=RowStatus.REFUSED, reasons=(said,))

    def of_foreign_kind(self, kind: ForeignKind) -> "ParsedItem":
        return replace(self.refused(CANNOT_HOLD[kind]), foreign=kind, options=[], pairs=[])

    def changed(self, *reasons: str | RuleViolation) -> "ParsedItem":
        """With these changes, in words; without any it stays as it is."""
        if not reasons or self.status is RowStatus.REFUSED:
            return self
        return replace(self, status=RowStatus.CHANGED, reasons=(*self.reasons, *reasons))

    def checked(self) -> "ParsedItem":
        """Refused when the bank could not hold it at all."""
        if self.status is RowStatus.REFUSED:
            return self
        item = self.of_its_words()
        texts = [item.stem, item.stimulus, item.title, *(text for text, _mark in item.answers)]
        if max(map(len, [*texts, *item.tags.values(), *item.spanish.values()])) > MAX_TEXT:
            return self.cut_short().refused(_("A text in it is longer than 20,000 characters."))
        if not item.stem:
            return item.refused(_("It has no text."))
        reason = next((reason for failed, reason in CHECKS[item.kind](item) if failed), None)
        if reason is None:
            return item.marked_as_labelled()
        foreign = next((kind for kind, sentence in CANNOT_HOLD.items() if sentence == reason), None)
        return replace(item.refused(reason), foreign=foreign)

    def of_its_words(self) -> "ParsedItem":
        """A choice between the words true and false is a statement."""
        said = {TRUTHS.get(text.casefold().strip(" .")): mark for text, mark in self.options}
        if self.kind is not ItemKind.SINGLE_BEST_ANSWER or self.content or said.keys() != {True, False}:
            return self
        return replace(self, kind=ItemKind.TRUE_FALSE, options=[("True", said[True]), ("False", said[False])])

    def marked_as_labelled(self) -> "ParsedItem":
        """With the way of marking that a label or a column names, where its kind has several."""
        known, label = WAYS_OF_MARKING.get(self.kind, {}), self.tags.get("marking", "")
        if not known or not label:
            return self
        if squeezed(label) not in known:
            names = ", ".join(dict.fromkeys(MARKING_NAMES[rule] for rule in known.values()))
            return self.refused(
                RuleViolation("“%(value)s” is not a way of marking. Write one of: %(known)s.", value=label, known=names)
            )
        return replace(self, marking=known[squeezed(label)])

    def cut_short(self) -> "ParsedItem":
        """Enough to be recognised by; a text of megabytes is not carried along."""
        return replace(
            self, title=self.title[:200], stem=self.stem[:SHOWN_OF_TOO_LONG], stimulus="", options=[], pairs=[],
            tags={}, spanish={},
        )  # fmt: skip


def choice_checks(item: ParsedItem) -> Iterator[tuple[bool, str]]:
    yield len(item.options) < 2, _("It has fewer than two options.")
    yield len(item.options) > len(OPTION_IDS), _("It has more than eight options.")
    yield any(not text for text, _fraction in item.options), _("One of its options is empty.")
    yield not any(fraction > NO_MARK for _text, fraction in item.options), _("No option is marked as the key.")


def one_key_checks(item: ParsedItem) -> Iterator[tuple[bool, str]]:
    yield from choice_checks(item)
    keys = sum(fraction == FULL_MARK for _text, fraction in item.options)
    yield keys == 0, _("No option is marked as the key.")
    yield keys > 1, ANY_OF_SEVERAL


def statement_checks(item: ParsedItem) -> Iterator[tuple[bool, str]]:
    keys = [fraction for _text, fraction in item.options if fraction == FULL_MARK]
    yield len(keys) != 1, _("It does not say whether the statement is true or false.")


def matching_checks(item: ParsedItem) -> Iterator[tuple[bool, str]]:
    lines = [line for line, _option in item.pairs if line]
    yield len({pair for pair in item.pairs if pair[0]}) > len(set(lines)), CANNOT_HOLD[ForeignKind.MATCHING]
    yield not lines, _("It has no line to be matched.")
    yield any(not option for _line, option in item.pairs), _("A line in it goes with no option.")
    yield len(lines) > len(PREMISE_IDS), _("It has more than eight lines to be matched.")
    yield len({option for _line, option in item.pairs}) > len(OPTION_IDS), _("It has more than eight options.")


def typed_checks(item: ParsedItem) -> Iterator[tuple[bool, str]]:
    answers = [text for text, _fraction in item.options]
    yield not any(answers), _("It names no accepted answer.")
    yield len(answers) > MOST_ACCEPTED, _("It names more than 50 accepted answers.")
    yield any(len(text) > LONGEST_ANSWER for text in answers), _("An accepted answer is longer than 200 characters.")


CHECKS: dict[ItemKind, Callable[[ParsedItem], Iterator[tuple[bool, str]]]] = {
    ItemKind.SINGLE_BEST_ANSWER: one_key_checks,
    ItemKind.MULTIPLE_RESPONSE: choice_checks,
    ItemKind.TRUE_FALSE: statement_checks,
    ItemKind.MATCHING: matching_checks,
    ItemKind.SHORT_TEXT: typed_checks,
    ItemKind.ESSAY: lambda _item: iter(()),
}


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


def shortened(name: str) -> str:
    """Enough of a name in the file to be recognised by: it is repeated with every question that it concerns."""
    return name if len(name) <= SHOWN_OF_NAME else f"{name[:SHOWN_OF_NAME]}…"


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
    answers = [*(text for text, _fraction in item.options), *chain.from_iterable(item.pairs)]
    texts = [item.stem, item.stimulus, *answers, *item.tags.values(), *item.spanish.values()]
    # Before its markup is read: a long text of nothing but tags is not worth the time.
    if item.status is RowStatus.REFUSED or max(map(len, texts)) > 10 * MAX_TEXT:
        return item
    found = set().union(*map(tags_in, texts))
    if not found and not html_meant:
        return item
    if found & MEDIA:
        return item.refused(_("It needs a recording or a formula, which the bank cannot hold."))
    if any(line and tags_in(line) & PICTURES and not without_markup(line) for line, _option in item.pairs):
        return item.refused(LINE_WITHOUT_TEXT)
    bare = iter([without_markup(text.replace("\n", " ") if html_meant else text) for text in texts])
    item = replace(
        item,
        stem=next(bare),
        stimulus=next(bare),
        options=[(next(bare), fraction) for _text, fraction in item.options],
        pairs=[(next(bare), next(bare)) for _pair in item.pairs],
        tags={name: next(bare) for name in item.tags},
        spanish={place: next(bare) for place in item.spanish},
    )
    return said_of_markup(item, found)


def said_of_markup(item: ParsedItem, found: set[str]) -> ParsedItem:
    """The item with what was lost of its markup, by the names of the tags that were found."""
    losses = (
        (found - SILENT - PICTURES, _("Formatting was removed.")),
        (found & PICTURES, PICTURE_LEFT_OUT),
    )
    return item.changed(*(reason for lost, reason in losses if lost))
