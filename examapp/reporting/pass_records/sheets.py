"""Pass records as CSV and XLSX: the same columns, one row a record."""

import io
from collections.abc import Sequence
from datetime import tzinfo

import xlsxwriter

from examapp import csv_files
from examapp.reporting.pass_records.rows import PartResult, PassRecord

COLUMNS = (
    "record", "outcome", "reason", "candidate", "email", "endorsement_file", "level", "track", "administration",
    "registration", "sat_on", "part_one_raw", "part_one_maximum", "part_one_percent", "part_one_passed",
    "part_two_raw", "part_two_maximum", "part_two_percent", "part_two_passed", "exam_policy_version", "scoring_run",
    "released_at", "released_by", "confirmed_by", "form_sha256",
)  # fmt: skip


def cells_of(record: PassRecord, zone: tzinfo) -> list[str]:
    parts = {part.code: part for part in record.parts}
    return [
        record.number, record.outcome, record.reason, record.candidate, record.email, record.endorsement_file,
        str(record.level), record.track or "", record.administration, record.registration,
        record.sat_on.isoformat() if record.sat_on else "",
        *part_cells(parts.get("part_one")), *part_cells(parts.get("part_two")),
        str(record.exam_policy_version), str(record.scoring_run or ""),
        record.released_at.astimezone(zone).isoformat(timespec="seconds"), record.released_by, record.confirmed_by,
        record.form_sha256,
    ]  # fmt: skip


def part_cells(part: PartResult | None) -> list[str]:
    return [part.raw, part.maximum, part.percent, "yes" if part.passed else "no"] if part else ["", "", "", ""]


def as_csv(records: Sequence[PassRecord], zone: tzinfo) -> bytes:
    return csv_files.as_csv(COLUMNS, (cells_of(record, zone) for record in records))


def as_xlsx(records: Sequence[PassRecord], zone: tzinfo) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("Pass records")
        sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True, "bottom": 1}))
        for row, record in enumerate(records, start=1):
            for column, cell in enumerate(cells_of(record, zone)):
                sheet.write_string(row, column, cell)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(records)), len(COLUMNS) - 1)
        sheet.autofit()
    return buffer.getvalue()
