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
from question_bank.interchange.archive import DAMAGED, Archive
from question_bank.interchange.labels import column_named, squeezed, tags_of
from question_bank.interchange.parsed import (
    FULL_MARK,
    MAX_QUESTIONS,
    NO_MARK,
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
ESSAY_WORDS = frozenset({"essay", "vignette", "openended", "constructedresponse"})


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
    essay = "".join(value.get("kind", "").casefold().replace("-", " ").split()) in ESSAY_WORDS
    if essay or not columns.options:
        return replace(item, kind=ItemKind.ESSAY)
    return with_options(item, texts, value.get("key", ""))


def with_options(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    keys = keys_meant(key, texts)
    if not keys:
        return item.refused(_("Its key names no option.") if key else _("It has no key."))
    if len(keys) > 1:
        return item.refused(_("Its key can be read as two different options."))
    options = [(text, FULL_MARK if number in keys else NO_MARK) for number, text in sorted(texts.items())]
    item = replace(item, options=options)
    return item.changed(_("An empty option was left out.")) if max(texts) >= len(texts) else item


def keys_meant(key: str, texts: dict[int, str]) -> set[int]:
    """The options a key may mean: by its letter or number, or by its text."""
    folded = key.casefold().strip(" .()[]")
    label = OPTION.fullmatch("".join(folded.split()))
    by_text = {number for number, text in texts.items() if text.casefold() == key.casefold()}
    by_label = {option_number(label[1])} & texts.keys() if label else set()
    return by_text | by_label
