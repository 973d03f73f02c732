"""Sheets of candidates to register: a CSV or XLSX file with the columns email, level and track. Pure."""

import csv
import io
from dataclasses import dataclass
from zipfile import ZipFile

import openpyxl
from charset_normalizer import from_bytes

from question_bank.errors import RuleViolation

COLUMNS = ("email", "level", "track")
MOST_ROWS = 500
MOST_UNPACKED = 16 * 1024 * 1024


@dataclass(frozen=True)
class SheetRow:
    """One row as it stands in the sheet; ``line`` is its number there."""

    line: int
    email: str
    level: str
    track: str


def read_sheet(data: bytes, filename: str) -> list[SheetRow]:
    """The rows of a sheet. Raises RuleViolation when it is not one or lacks a column."""
    cells = xlsx_cells(data) if filename.lower().endswith(".xlsx") else csv_cells(data)
    lines = [(number, line) for number, line in enumerate(cells, start=1) if any(line)]
    if len(lines) < 2:
        raise RuleViolation("The sheet is empty. It needs a row of headings and a row for each candidate.")
    if len(lines) > MOST_ROWS + 1:
        raise RuleViolation("The sheet has more than %(most)s rows. Divide it.", most=MOST_ROWS)
    headings = [heading.casefold() for heading in lines[0][1]]
    lacking = [column for column in COLUMNS if column not in headings]
    if lacking:
        raise RuleViolation(
            "The sheet has no column %(columns)s. The first row must name the columns email, level and track.",
            columns=", ".join(lacking),
        )
    places = [headings.index(column) for column in COLUMNS]
    return [
        SheetRow(number, *(line[place] if place < len(line) else "" for place in places)) for number, line in lines[1:]
    ]


def csv_cells(data: bytes) -> list[list[str]]:
    """Whatever encoding and delimiter the office's program has chosen."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = from_bytes(data).best()
        text = str(guess) if guess else data.decode("latin-1")
    if "\0" in text:
        raise no_sheet()
    text = text.lstrip("\ufeff")
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        return [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error:
        raise no_sheet() from None


def xlsx_cells(data: bytes) -> list[list[str]]:
    """The cells of the first sheet of a workbook that does not unpack to more than a sheet of this size can need."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise no_sheet()
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 100, max_col=50)
        return [[cell_text(value) for value in row] for row in rows]
    except RuleViolation:
        raise
    # openpyxl raises whatever the broken part of a workbook led it to.
    except Exception:
        raise no_sheet() from None


def no_sheet() -> RuleViolation:
    return RuleViolation("This is not a CSV or XLSX file. Save the sheet as one of these and try again.")


def cell_text(value: object) -> str:
    """A level typed as a number reads 3, not 3.0."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


def as_csv(rows: list[SheetRow]) -> str:
    """The rows as text that `read_sheet` reads back: what the dry run carries to the confirmation."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows((row.email, row.level, row.track) for row in rows)
    return out.getvalue()
