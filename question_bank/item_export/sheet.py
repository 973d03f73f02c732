"""Items as a sheet that the import reads again: the same columns, one item a row."""

import csv
import re
from collections.abc import Iterable
from io import BytesIO, StringIO

import xlsxwriter

from question_bank.item_export.entries import Entry
from question_bank.item_kinds import OPTION_IDS
from question_bank.items import ItemKind

COLUMNS = (
    "code", "question", *OPTION_IDS, "answer", "area", "term", "level", "track", "responsibility code", "competency",
    "cognitive level", "rationale", "reference", "type", "title", "vignette", "vignette kind",
)  # fmt: skip
WIDE = 60
# A spreadsheet runs a cell that begins with one of these as a formula. The import takes the apostrophe off again.
FORMULA_START = re.compile(r"'*[=+\-@\t\r\n]")
TYPES = {ItemKind.SINGLE_BEST_ANSWER: "multiple choice", ItemKind.ESSAY: "essay"}


def workbook_of(entries: Iterable[Entry]) -> bytes:
    """An Excel workbook. No cell is read as a formula or an address."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet, bold, wrapped = book.add_worksheet("Items"), book.add_format({"bold": True}), book.add_format()
        wrapped.set_text_wrap()
        sheet.write_row(0, 0, COLUMNS, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 1, WIDE, wrapped)
        for number, entry in enumerate(entries, start=1):
            sheet.write_row(number, 0, row_of(entry))
    return buffer.getvalue()


def csv_of(entries: Iterable[Entry]) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads accents."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) for cell in row_of(entry)] for entry in entries)
    return buffer.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    return f"'{cell}" if FORMULA_START.match(cell) else cell


def row_of(entry: Entry) -> list[str]:
    options = dict(entry.options)
    return [
        entry.code,
        entry.stem,
        *(options.get(letter, "") for letter in OPTION_IDS),
        entry.key,
        *(entry.tags[name] for name in COLUMNS if name in entry.tags and name != "vignette kind"),
        entry.rationale,
        entry.reference,
        TYPES[entry.kind],
        entry.title,
        entry.stimulus,
        entry.tags.get("vignette kind", ""),
    ]
