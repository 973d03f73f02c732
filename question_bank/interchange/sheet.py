"""Sheets: CSV and Excel workbooks with one question a row and a first row that names the columns."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from question_bank.errors import sentence as _
from question_bank.interchange.archive import DAMAGED, Archive
from question_bank.interchange.columns import columns_of
from question_bank.interchange.parsed import MAX_QUESTIONS, ParsedItem, UnreadableFile, clean, plain, too_many
from question_bank.interchange.sheet_rows import parse

MAX_COLUMNS = 60
DELIMITERS = ",;\t|"
# Enough rows to see whether a delimiter divides them alike.
LOOKED_AT = 20

GUARDED = re.compile(r"'+[=+\-@\t\r\n]")


@dataclass(frozen=True)
class Sheet:
    """The filled rows of a sheet, each with its line; the first one names the columns."""

    title: str
    lines: list[tuple[int, list[str]]]

    @property
    def header(self) -> list[str]:
        return self.lines[0][1]

    @property
    def rows(self) -> list[list[str]]:
        return [row for _line, row in self.lines[1:]]


def has_question_header(text: str) -> bool:
    return bool(known_columns(text))


def known_columns(text: str, chosen: Mapping[str, str] | None = None) -> dict[str, int]:
    """How many columns the first row names by each delimiter, where they are enough for questions."""
    first = text.lstrip("\n").partition("\n")[0][:10_000]
    found = {}
    for delimiter in DELIMITERS:
        columns = columns_of(next(csv.reader([first], delimiter=delimiter), []), chosen)
        if columns.usable:
            found[delimiter] = len(columns.places)
    return found


def even_columns(text: str) -> dict[str, int]:
    """The number of columns by each delimiter that divides the first rows alike, in two or more."""
    found = {}
    for delimiter in DELIMITERS:
        rows = csv.reader(StringIO(text[:100_000].lstrip("\n")), delimiter=delimiter)
        widths = Counter(len(row) for row in islice(rows, LOOKED_AT) if row)
        width, times = max(widths.items(), key=lambda one: one[1], default=(0, 0))
        if width > 1 and times > 1 and times >= 0.8 * widths.total():
            found[delimiter] = width
    return found


def best_delimiter(text: str, chosen: Mapping[str, str] | None = None) -> str:
    scores = known_columns(text, chosen) or even_columns(text)
    return max(scores, key=scores.__getitem__, default=",")


def read_csv(text: str, chosen: Mapping[str, str] | None = None) -> list[ParsedItem]:
    return [item for sheet in csv_sheets(text, chosen) for item in read_sheet(sheet, chosen)]


def read_workbook(data: bytes, chosen: Mapping[str, str] | None = None) -> list[ParsedItem]:
    """The rows of every sheet of a workbook. A sheet without a header we know is named, not skipped."""
    return [item for sheet in workbook_sheets(data) for item in read_sheet(sheet, chosen)]


def csv_sheets(text: str, chosen: Mapping[str, str] | None = None) -> list[Sheet]:
    reader = csv.reader(StringIO(text), delimiter=best_delimiter(text, chosen), strict=True)
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
    return filled("", rows)


def unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text as a formula."""
    return cell[1:] if GUARDED.match(cell) else cell


def workbook_sheets(data: bytes) -> list[Sheet]:
    sheets: list[Sheet] = []
    if "xl/workbook.xml" not in Archive(data):
        raise UnreadableFile(DAMAGED)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            cells = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
            rows = [(n, [text_of(c) for c in row]) for n, row in enumerate(islice(cells, MAX_QUESTIONS + 2), start=1)]
            if len(rows) > MAX_QUESTIONS + 1:
                raise too_many()
            sheets += filled(sheet.title, rows)
    except UnreadableFile:
        raise
    # openpyxl raises whatever the broken part of the workbook led it to.
    except Exception:
        raise UnreadableFile(DAMAGED) from None
    return sheets


def text_of(value: Any) -> str:
    """A cell as a person reads it: 3, not 3.0."""
    if value is None:
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return clean(str(int(value) if whole else value))


def filled(title: str, rows: list[tuple[int, list[str]]]) -> list[Sheet]:
    """The sheet without its empty rows; none when nothing is left. Where it has columns is said by its first row."""
    lines = [(line, [cell.strip() for cell in row]) for line, row in rows if any(cell.strip() for cell in row)]
    return [Sheet(title, lines)] if lines else []


def read_sheet(sheet: Sheet, chosen: Mapping[str, str] | None = None) -> Iterator[ParsedItem]:
    (first_line, header), *body = sheet.lines
    columns = columns_of(header, chosen)
    if not columns.usable:
        found = ParsedItem(line=first_line, title=sheet.title, stem=" · ".join(header)[:500])
        yield found.refused(_("The first row does not name the columns (question, a, b, c, d, answer)."))
        return
    for line, row in body:
        yield plain(parse(line, row, columns)).checked()
