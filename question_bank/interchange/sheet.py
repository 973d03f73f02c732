"""Sheets: CSV and Excel workbooks with one question a row and a first row that names the columns."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from question_bank.errors import sentence as _
from question_bank.interchange.answers import all_of
from question_bank.interchange.archive import DAMAGED, Archive
from question_bank.interchange.labels import column_named, squeezed, tags_of
from question_bank.interchange.parsed import (
    FULL_MARK,
    MAX_QUESTIONS,
    NO_MARK,
    TRUTHS,
    ParsedItem,
    UnreadableFile,
    clean,
    plain,
    too_many,
)
from question_bank.item_kinds import OPTION_IDS
from question_bank.items import ItemKind

MAX_COLUMNS = 60
DELIMITERS = ",;\t|"

GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
OPTION = re.compile(r"(?:option|answer|choice|opt|response|distractor)?([a-h]|[1-8])")
ARROW = "->"
# What a cell may call each kind. Whatever else it says, the question is one with options and a key.
KIND_WORDS = {
    ItemKind.MULTIPLE_RESPONSE: "multipleresponse multipleanswer multipleanswers multiselect severalrightanswers",
    ItemKind.TRUE_FALSE: "truefalse trueorfalse tf",
    ItemKind.MATCHING: "matching match",
    ItemKind.SHORT_TEXT: "shortanswer shorttext typed fillin",
    ItemKind.ESSAY: "essay vignette openended constructedresponse",
}
KIND_OF_WORD = {word: kind for kind, words in KIND_WORDS.items() for word in words.split()}


@dataclass
class Columns:
    """Where things stand in a row."""

    named: dict[str, int] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)  # place of the option -> column
    others: dict[int, str] = field(default_factory=dict)  # column -> its heading; kept as notes

    @property
    def usable(self) -> bool:
        return "stem" in self.named and ("key" in self.named or not self.options)

    @property
    def width(self) -> int:
        return len(self.named) + len(self.options) + len(self.others)


def columns_of(header: list[str]) -> Columns:
    columns = Columns()
    for place, heading in enumerate(header):
        option = OPTION.fullmatch(squeezed(heading))
        known = column_named(heading)
        if option and (number := option_number(option[1])) not in columns.options:
            columns.options[number] = place
        elif known and known not in columns.named:
            columns.named[known] = place
        else:
            columns.others[place] = heading.strip() or f"Column {place + 1}"
    return columns


def option_number(label: str) -> int:
    """0 for "a" or "1"."""
    return int(label) - 1 if label.isdigit() else OPTION_IDS.index(label)


def has_question_header(text: str) -> bool:
    return best_delimiter(text) is not None


def best_delimiter(text: str) -> str | None:
    """The delimiter by which the first row names the most columns we know; None when none makes sense."""
    first = text.lstrip("\n").partition("\n")[0][:10_000]
    scores = {}
    for delimiter in DELIMITERS:
        columns = columns_of(next(csv.reader([first], delimiter=delimiter), []))
        if columns.usable:
            scores[delimiter] = len(columns.named) + len(columns.options)
    return max(scores, key=scores.__getitem__) if scores else None


def read_csv(text: str) -> list[ParsedItem]:
    reader = csv.reader(StringIO(text), delimiter=best_delimiter(text) or ",", strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append((line, list(map(unguarded, row))))
            line = reader.line_num + 1
            if len(rows) > MAX_QUESTIONS + 1:
                raise too_many()
    except csv.Error:
        raise UnreadableFile(
            _("The row that begins on line %(line)s cannot be read: a quotation mark is missing or out of place."),
            line=line,
        ) from None
    return list(read_rows(rows))


def unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text as a formula."""
    return cell[1:] if GUARDED.match(cell) else cell


def read_workbook(data: bytes) -> list[ParsedItem]:
    """The rows of every sheet of a workbook. A sheet without a header we know is named, not skipped."""
    items: list[ParsedItem] = []
    if "xl/workbook.xml" not in Archive(data):
        raise UnreadableFile(DAMAGED)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            cells = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
            rows = [(n, [text_of(c) for c in row]) for n, row in enumerate(islice(cells, MAX_QUESTIONS + 2), start=1)]
            if len(rows) > MAX_QUESTIONS + 1:
                raise too_many()
            items += read_rows(rows, sheet=sheet.title)
    except UnreadableFile:
        raise
    # openpyxl raises whatever the broken part of the workbook led it to.
    except Exception:
        raise UnreadableFile(DAMAGED) from None
    return items


def text_of(value: Any) -> str:
    """A cell as a person reads it: 3, not 3.0."""
    if value is None:
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return clean(str(int(value) if whole else value))


def read_rows(rows: Iterable[tuple[int, list[str]]], sheet: str = "") -> Iterator[ParsedItem]:
    filled = [(line, [cell.strip() for cell in row]) for line, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    (first_line, header), *body = filled
    columns = columns_of(header)
    if not columns.usable:
        found = ParsedItem(line=first_line, title=sheet, stem=" · ".join(header)[:500])
        yield found.refused(_("The first row does not name the columns (question, a, b, c, d, answer)."))
        return
    for line, row in body:
        yield plain(parse(line, row, columns)).checked()


def parse(line: int, row: list[str], columns: Columns) -> ParsedItem:
    cell = dict(enumerate(row))
    value = {name: cell.get(place, "") for name, place in columns.named.items()}
    texts = {number: text for number, place in columns.options.items() if (text := cell.get(place, ""))}
    item = ParsedItem(
        line=line,
        title=value.get("title", "")[:200],
        code=value.get("code", "")[:200],
        stem=value["stem"],
        stimulus=value.get("stimulus", ""),
        tags=tags_of(value, {heading: cell.get(place, "") for place, heading in columns.others.items()}),
    )
    if any(row[columns.width :]):
        return item.refused(_("The row has more cells than the first row names; check its quotation marks."))
    kind = kind_named(value.get("kind", ""))
    if kind is None and not columns.options:
        kind = ItemKind.TRUE_FALSE if truth_of(value.get("key", "")) is not None else ItemKind.ESSAY
    reader = READERS.get(kind or ItemKind.SINGLE_BEST_ANSWER, with_options)
    return reader(item, texts, value.get("key", ""))


def kind_named(text: str) -> ItemKind | None:
    """The kind that a cell names; another word says nothing."""
    return KIND_OF_WORD.get(squeezed(text))


def essay(item: ParsedItem, _texts: dict[int, str], _key: str) -> ParsedItem:
    return replace(item, kind=ItemKind.ESSAY)


def true_false(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    truth = truth_of(key)
    if truth is None and texts:
        return with_options(item, texts, key)
    if truth is None:
        return item.refused(_("Its key says neither true nor false."))
    options = [("True", FULL_MARK if truth else NO_MARK), ("False", NO_MARK if truth else FULL_MARK)]
    return replace(item, kind=ItemKind.TRUE_FALSE, options=options)


def truth_of(key: str) -> bool | None:
    return TRUTHS.get(squeezed(key), {"t": True, "f": False, "v": True}.get(squeezed(key)))


def matching(item: ParsedItem, texts: dict[int, str], _key: str) -> ParsedItem:
    cells = [text.partition(ARROW) for _number, text in sorted(texts.items())]
    if not all(arrow for _line, arrow, _option in cells):
        return item.refused(_("Write each line of a matching question as: line -> option."))
    return replace(
        item, kind=ItemKind.MATCHING, pairs=[(line.strip(), option.strip()) for line, _arrow, option in cells]
    )


def short_answer(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    """Accepted answers stand in the cell of the key, one a line, or in the cells of options."""
    answers = [*key.split("\n"), *(text for _number, text in sorted(texts.items()))]
    accepted = dict.fromkeys(answer.strip() for answer in answers if answer.strip())
    return replace(item, kind=ItemKind.SHORT_TEXT, options=[(text, FULL_MARK) for text in accepted])


def with_options(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    keys = keys_meant(key, texts)
    if len(keys) > 1:
        return item.refused(_("Its key can be read as two different options."))
    if not keys:
        return several_keys(item, texts, key)
    options = [(text, FULL_MARK if number in keys else NO_MARK) for number, text in sorted(texts.items())]
    return without_gaps(replace(item, options=options), texts)


def several_keys(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    keys = keys_listed(key, texts)
    if not keys:
        return item.refused(_("Its key names no option.") if key else _("It has no key."))
    return without_gaps(all_of(item, [(text, number in keys) for number, text in sorted(texts.items())]), texts)


def without_gaps(item: ParsedItem, texts: dict[int, str]) -> ParsedItem:
    return item.changed(_("An empty option was left out.")) if max(texts, default=-1) >= len(texts) else item


def keys_listed(key: str, texts: dict[int, str]) -> set[int]:
    """The options that a list of letters or numbers names; nothing when one of them is no option."""
    labels = [
        OPTION.fullmatch(part) for part in re.split(r"[\s,;/&+.]+", key.casefold()) if part not in ("", "and", "y")
    ]
    found = [option_number(label[1]) for label in labels if label]
    return set(found) if found and len(found) == len(labels) and set(found) <= texts.keys() else set()


def keys_meant(key: str, texts: dict[int, str]) -> set[int]:
    """The options a key may mean: by its letter or number, or by its text."""
    folded = key.casefold().strip(" .()[]")
    label = OPTION.fullmatch("".join(folded.split()))
    by_text = {number for number, text in texts.items() if text.casefold() == key.casefold()}
    by_label = {option_number(label[1])} & texts.keys() if label else set()
    return by_text | by_label


READERS = {
    ItemKind.MULTIPLE_RESPONSE: several_keys,
    ItemKind.TRUE_FALSE: true_false,
    ItemKind.MATCHING: matching,
    ItemKind.SHORT_TEXT: short_answer,
    ItemKind.ESSAY: essay,
}
