"""Any file at all: it is read, or refused with a sentence that says what to do."""

from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from question_bank.errors import RuleViolation
from question_bank.interchange import FileFormat, Reading, RowStatus, read

SHEET = "question,a,b,c,answer\nWhat comes first?,Ask,Wait,“Café”,a\n"
GIFT = "::1::What comes first?{=Ask ~Wait ~“Café”}\n"


def workbook(*sheets: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", compression=8) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("text", [SHEET, GIFT])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_survive_every_usual_encoding(text: str, encoding: str) -> None:
    reading = read(text.encode(encoding), "file.txt")
    assert [option for option, _ in reading.items[0].options] == ["Ask", "Wait", "“Café”"]


@pytest.mark.parametrize(
    ("data", "name", "format_"),
    [
        (GIFT.encode(), "bank.gift", FileFormat.GIFT),
        (GIFT.encode(), "bank.txt", FileFormat.GIFT),
        (SHEET.encode(), "bank.csv", FileFormat.CSV),
        (SHEET.replace("\n", "\r\n").encode(), "bank", FileFormat.CSV),
        (workbook([["Question", "A", "B", "Key"], ["Q?", "x", "y", "B"]]), "bank.xlsx", FileFormat.XLSX),
    ],
)
def test_the_format_is_told_by_the_content(data: bytes, name: str, format_: FileFormat) -> None:
    reading = read(data, name)
    assert (reading.format, reading.items[0].status) == (format_, RowStatus.ACCEPTED)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b" \n\r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 \x00\x01", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office"),
        (b"\x89PNG\r\n", "picture"),
        (bytes(range(256)) * 50, "not text"),
        (b"<?xml version='1.0'?><quiz/>", "no question"),
        (b"<?xml version='1.0'?><quiz><question", "line 1"),
        (b"<html><p>Q?</p></html>", "HTML"),
        (b"<questestinterop/>", "QTI 1.2"),
        (b"<assessmentTest/>", "whole package"),
        (b"<!DOCTYPE quiz [<!ENTITY x 'y'>]><quiz><question type='essay'>&x;</question></quiz>", "DOCTYPE"),
        (b"<quiz><question>" + b"<p/>" * 100_001 + b"</question></quiz>", "far more XML elements"),
        (zipped("imsmanifest.xml", b"<manifest>" + b"<p/>" * 2_000_000 + b"</manifest>"), "far more XML elements"),
        (b"<quiz><question><name>" + b"x" * 11_000_000 + b"</name></question></quiz>", "larger than 10 MB"),
        (b'{"format": "another"}', "JSON"),
        (b'{\n "source": "another program", "prompts": []}', "JSON"),
        (b'[{"stem": "What comes first?"}]', "JSON"),
        (b'{"format": ' + b"[" * 100_000, "JSON"),
        (zipped("../imsmanifest.xml", b"<manifest/>"), "points outside"),
        (zipped("C:/imsmanifest.xml", b"<manifest/>"), "points outside"),
        (zipped("imsmanifest.xml", b"<manifest/>"), "no question"),
        (zipped("__MACOSX/imsmanifest.xml", b"<manifest/>"), "not an Excel"),
        (b"Dear all,\nhere are my ideas.\n", "No question was recognised"),
        (b"question,a,b,answer\n", "no question"),
        (b'question,a,b,answer\n"Q?,x,y,a\nR?,x,y,a\n', "line 2"),
        (b"PK\x03\x04 cut off", "damaged"),
        (zipped("word/document.xml", b"<w/>"), "no question"),
        (zipped("word/document.xml", b"<w"), "line 1"),
        (zipped("xl/workbook.xml", b"<workbook"), "damaged"),
        (zipped("xl/workbook.xml", b"0" * 70_000_000), "64 MB"),
        (workbook([["Question", "A", "B", "Key"]]), "no question"),
        (b"question,a,b,answer\n" + b"Q?,x,y,a\n" * 20_001, "20,000 questions"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_advice(data: bytes, sentence: str) -> None:
    with pytest.raises(RuleViolation, match=sentence):
        read(data, "file")


def test_a_file_cut_off_inside_a_letter_is_still_read() -> None:
    items = read("::1::Q{=a ~b}\n\n::2::Café".encode()[:-1], "bank.gift").items
    assert [item.status for item in items] == [RowStatus.ACCEPTED, RowStatus.REFUSED]


def test_a_sheet_of_another_kind_in_a_workbook_is_named() -> None:
    items = read(workbook([["Question", "A", "B", "Key"], ["Q?", 1, 2.0, "a"]], [["Notes"], ["x"]]), "b.xlsx").items
    assert [item.status for item in items] == [RowStatus.ACCEPTED, RowStatus.REFUSED]
    assert [option for option, _ in items[0].options] == ["1", "2"]


@settings(max_examples=200)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"question,a,b,answer\n", b"::1::Q{", b"PK\x03\x04", b"\xff\xfe"])
)
def test_no_bytes_make_it_fail(data: bytes, start: bytes) -> None:
    with suppress(RuleViolation):
        assert isinstance(read(start + data, "file"), Reading)
