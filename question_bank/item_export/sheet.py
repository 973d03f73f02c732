"""Items as a sheet that the import reads again: the same columns, one item a row."""

import csv
import re
from collections.abc import Iterable
from io import BytesIO, StringIO

import xlsxwriter

from question_bank.interchange.sheet import ARROW
from question_bank.item_export.entries import Entry
from question_bank.item_kinds import OPTION_IDS
from question_bank.items import ItemKind

TAG_COLUMNS = ("area", "term", "level", "track", "responsibility code", "competency", "cognitive level")
COLUMNS = (
    "code", "question", *OPTION_IDS, "answer", *TAG_COLUMNS, "rationale", "reference", "type", "title", "vignette",
    "vignette kind", "marking",
)  # fmt: skip
WIDE = 60
# A spreadsheet runs a cell that begins with one of these as a formula. The import takes the apostrophe off again.
FORMULA_START = re.compile(r"'*[=+\-@\t\r\n]")
TYPES = {
    ItemKind.SINGLE_BEST_ANSWER: "multiple choice",
    ItemKind.MULTIPLE_RESPONSE: "multiple response",
    ItemKind.TRUE_FALSE: "true/false",
    ItemKind.MATCHING: "matching",
    ItemKind.SHORT_TEXT: "short answer",
    ItemKind.ESSAY: "essay",
}


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
    options = dict(zip(OPTION_IDS, option_cells(entry), strict=False))
    return [
        entry.code,
        entry.stem,
        *(options.get(letter, "") for letter in OPTION_IDS),
        key_cell(entry),
        *(entry.tags[name] for name in TAG_COLUMNS),
        entry.rationale,
        entry.reference,
        TYPES[entry.kind],
        entry.title,
        entry.stimulus,
        entry.tags.get("vignette kind", ""),
        entry.tags.get("marking", ""),
    ]


def option_cells(entry: Entry) -> list[str]:
    if entry.kind is ItemKind.MATCHING:
        return [f"{line} {ARROW} {option}".strip() for line, option in entry.pairs]
    return [] if entry.kind is ItemKind.TRUE_FALSE else [text for _letter, text in entry.options]


def key_cell(entry: Entry) -> str:
    if entry.kind is ItemKind.MATCHING:
        return ""
    if entry.kind is ItemKind.TRUE_FALSE:
        return entry.key_shown
    return "\n".join(entry.accepted) if entry.accepted else entry.key.replace(",", ", ")


def can_say(entry: Entry) -> bool:
    """A line to be matched ends at an arrow, and there are cells for eight options."""
    return len(option_cells(entry)) <= len(OPTION_IDS) and not any(ARROW in text for _number, text in entry.premises)
