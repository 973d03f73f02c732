"""Items as a sheet that the import reads again: the same columns, one item a row."""

import csv
import re
from collections.abc import Sequence
from io import BytesIO, StringIO

import xlsxwriter

from question_bank.interchange.sheet_rows import ARROW
from question_bank.item_export.entries import Entry
from question_bank.item_kinds import OPTION_IDS
from question_bank.item_kinds.matching import pairs_in
from question_bank.items import ItemKind

TAG_COLUMNS = ("area", "term", "level", "track", "responsibility code", "competency", "cognitive level")
COLUMNS = (
    "code", "question", *OPTION_IDS, "answer", *TAG_COLUMNS, "rationale", "reference", "type", "title", "vignette",
    "vignette kind", "marking", "vignette set",
)  # fmt: skip
# Written where an item has a Spanish text: the heading, and where that text stands in the content.
SPANISH_COLUMNS = {
    "question (es)": ("stem", "prompt"),
    **{f"{letter} (es)": (letter,) for letter in OPTION_IDS},
    "vignette (es)": ("stimulus",),
    "title (es)": ("title",),
}
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


def table_of(entries: Sequence[Entry]) -> list[list[str]]:
    """The row with the names of the columns, and one for each item."""
    if not any(entry.spanish for entry in entries):
        return [list(COLUMNS), *map(row_of, entries)]
    return [[*COLUMNS, *SPANISH_COLUMNS], *(row_of(entry) + spanish_of(entry) for entry in entries)]


def workbook_of(entries: Sequence[Entry]) -> bytes:
    """An Excel workbook. No cell is read as a formula or an address."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet, bold, wrapped = book.add_worksheet("Items"), book.add_format({"bold": True}), book.add_format()
        wrapped.set_text_wrap()
        header, *rows = table_of(entries)
        sheet.write_row(0, 0, header, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 1, WIDE, wrapped)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def csv_of(entries: Sequence[Entry]) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads accents."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerows([guarded(cell) for cell in row] for row in table_of(entries))
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
        entry.set_code,
    ]


def spanish_of(entry: Entry) -> list[str]:
    texts = dict(entry.spanish)
    if entry.kind is ItemKind.MATCHING:
        texts |= dict.fromkeys(OPTION_IDS, "") | dict(zip(OPTION_IDS, pairs_in_spanish(entry), strict=False))
    return [next((texts[place] for place in places if place in texts), "") for places in SPANISH_COLUMNS.values()]


def pairs_in_spanish(entry: Entry) -> list[str]:
    """A cell for each line with its option, and for each option that goes with no line, as in English."""
    matched, said = pairs_in(entry.key), entry.spanish
    pairs = [(said.get(number, ""), said.get(matched.get(number, ""), "")) for number, _text in entry.premises]
    pairs += [("", said.get(letter, "")) for letter, _text in entry.options if letter not in matched.values()]
    return [f"{line} {ARROW} {option}".strip() if line or option else "" for line, option in pairs]


def option_cells(entry: Entry) -> list[str]:
    if entry.kind is ItemKind.MATCHING:
        return [f"{line} {ARROW} {option}".strip() for line, option in entry.pairs]
    return [] if entry.kind is ItemKind.TRUE_FALSE else [text for _letter, text in entry.options]


def key_cell(entry: Entry) -> str:
    if entry.kind in (ItemKind.TRUE_FALSE, ItemKind.MATCHING):
        return entry.key_shown
    return "\n".join(entry.accepted) if entry.accepted else entry.key.replace(",", ", ")


def can_say(entry: Entry) -> bool:
    """A line to be matched ends at an arrow, and there are cells for eight options."""
    return len(option_cells(entry)) <= len(OPTION_IDS) and not any(ARROW in text for _number, text in entry.premises)
