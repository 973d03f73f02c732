"""Reading a sheet of candidates, whatever program and encoding it comes from."""

import contextlib
import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from examapp.registration.sheets import MOST_UNPACKED, SheetRow, as_csv, read_sheet
from question_bank.errors import RuleViolation


def xlsx(*rows: tuple[str | float, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"email,level,track\nana@example.org,4,Clinical\n", "a.csv"),
        (b"\xef\xbb\xbfEmail;Level;Track\r\nana@example.org;4;Clinical\r\n", "a.csv"),
        (b"track\temail\tlevel\tnote\nClinical\tana@example.org\t4\tx\n", "a.txt"),
        ("email,level,track,nombre\nana@example.org,4,Clinical,Lucía\n".encode("cp1252"), "a.csv"),
        (xlsx(("email", "level", "track"), ("ana@example.org", 4, "Clinical")), "a.XLSX"),
        (xlsx(("email", "level", "track"), (" ana@example.org ", 4.0, "Clinical")), "a.xlsx"),
    ],
)
def test_columns_are_found_by_name(data: bytes, name: str) -> None:
    assert read_sheet(data, name) == [SheetRow(2, "ana@example.org", "4", "Clinical")]


def test_empty_lines_are_skipped_and_short_ones_filled() -> None:
    rows = read_sheet(b"email,level,track\n\nana@example.org,3\n,,\nben@example.org\n", "a.csv")
    assert rows == [SheetRow(3, "ana@example.org", "3", ""), SheetRow(5, "ben@example.org", "", "")]


@pytest.mark.parametrize(
    ("data", "name", "refusal"),
    [
        (b"", "a.csv", "is empty"),
        (b"email,level,track\n", "a.csv", "is empty"),
        (b"mail,level\nana@example.org,3\n", "a.csv", "no column email, track"),
        (b"PK\x03\x04 not a workbook", "a.xlsx", "not a CSV or XLSX"),
        (b"\x00\x01\x02\x00", "a.csv", "not a CSV or XLSX|is empty"),
        (b"email,level,track\n" + b"a@example.org,3,\n" * 501, "a.csv", "more than 500 rows"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(data: bytes, name: str, refusal: str) -> None:
    with pytest.raises(RuleViolation, match=refusal):
        read_sheet(data, name)


def broken(part: str, content: bytes | None) -> bytes:
    """A workbook of which one part is damaged or, without content, missing."""
    whole = ZipFile(io.BytesIO(xlsx(("email", "level", "track"), ("ana@example.org", 3, ""))))
    parts = {name: whole.read(name) for name in whole.namelist()} | {part: content}
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            if data is not None:
                archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", None),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
        ("xl/workbook.xml", b"<a>"),
        ("xl/media/bomb.bin", b"0" * (MOST_UNPACKED + 1)),
    ],
)
def test_a_damaged_or_swollen_workbook_is_refused(part: str, content: bytes | None) -> None:
    with pytest.raises(RuleViolation, match="not a CSV or XLSX"):
        read_sheet(broken(part, content), "a.xlsx")


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=30).map(str.strip)


@given(st.lists(st.tuples(words.filter(bool), words, words), min_size=1, max_size=20))
def test_what_a_dry_run_carries_is_read_back_as_it_was(cells: list[tuple[str, str, str]]) -> None:
    rows = [SheetRow(number, *cell) for number, cell in enumerate(cells, start=2)]
    assert read_sheet(as_csv(rows).encode(), "rows.csv") == rows


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]))
def test_no_file_whatever_breaks_the_reader(data: bytes, name: str) -> None:
    with contextlib.suppress(RuleViolation):
        read_sheet(data, name)
