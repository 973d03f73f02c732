"""What kind of file is this, and in which letters? Whatever it is, an answer in words."""

import codecs
import re
from collections.abc import Mapping

from charset_normalizer import from_bytes

from question_bank.errors import sentence as _
from question_bank.interchange.aiken import looks_like_aiken, read_aiken
from question_bank.interchange.archive import Archive
from question_bank.interchange.gift import looks_like_gift, read_gift
from question_bank.interchange.json_file import read_json
from question_bank.interchange.moodle_xml import read_moodle_xml
from question_bank.interchange.parsed import FileFormat, ParsedItem, Reading, UnreadableFile, clean
from question_bank.interchange.qti import read_qti
from question_bank.interchange.qti_package import MANIFEST, read_package
from question_bank.interchange.sheet import (
    Sheet,
    csv_sheets,
    even_columns,
    has_question_header,
    read_csv,
    read_workbook,
    workbook_sheets,
)
from question_bank.interchange.vignette_sets import gathered
from question_bank.interchange.word import read_word
from question_bank.interchange.xml import root_name
from question_bank.pictures import LARGEST_FILE

MAX_FILE = 64 * 1024 * 1024
# What other programs write, told by their first bytes, and what to do instead.
FOREIGN = (
    (b"%PDF", _("This is a PDF. Export the questions as a sheet (CSV, XLSX) or as GIFT, and upload that.")),
    (b"\xd0\xcf\x11\xe0", _("This is an old Office file. Save it as XLSX, CSV or DOCX, and upload that.")),
    (b"\x89PNG", _("This is a picture. Upload a sheet (CSV, XLSX) or a GIFT file.")),
    (b"\xff\xd8\xff", _("This is a picture. Upload a sheet (CSV, XLSX) or a GIFT file.")),
)
NOT_TEXT = _("This file is not text and not a workbook. Upload a sheet (CSV, XLSX) or a GIFT file.")
ZIP = b"PK\x03\x04"
# No question of another format begins like this.
JSON_START = re.compile(r'\s*(\{\s*"|\[\s*[{"])')
# The root elements of QTI, as qti.py folds them: the same in all of its versions.
QTI_ROOTS = frozenset({"assessmentitem", "assessmenttest", "assessmentstimulus", "assessmentsection"})
TEXT_READERS = {
    FileFormat.GIFT: read_gift,
    FileFormat.AIKEN: read_aiken,
    FileFormat.JSON: read_json,
}


def read(
    data: bytes,
    filename: str,
    format: FileFormat | None = None,  # noqa: A002
    columns: Mapping[str, str] | None = None,
    *,
    largest_picture: int = LARGEST_FILE,
) -> Reading:
    """Every question of a file, in this format or in the one that its content shows.

    ``columns`` says what columns of a sheet are, by their headings; the others say it themselves.
    ``largest_picture`` is how many bytes the file of a picture may have that another program wrote.
    Raises UnreadableFile when it holds none that could be told apart.
    """
    refuse_foreign(data)
    found = format or format_of(data, filename)
    items = read_as(found, data, columns, largest_picture)
    if not items:
        raise UnreadableFile(_("There is no question in this file."))
    return Reading(found, gathered(items))


def sheets_of(data: bytes, filename: str, format: FileFormat | None = None) -> list[Sheet]:  # noqa: A002
    """The sheets of a file whose columns can be chosen; none of a file in another format."""
    refuse_foreign(data)
    found = format or format_of(data, filename)
    if found is FileFormat.CSV:
        return csv_sheets(decode(data))
    return workbook_sheets(data) if found is FileFormat.XLSX else []


def refuse_foreign(data: bytes) -> None:
    if len(data) > MAX_FILE:
        raise UnreadableFile(_("This file is larger than 64 MB. Divide it, and upload the parts."))
    for start, advice in FOREIGN:
        if data.startswith(start):
            raise UnreadableFile(advice)


def read_as(
    format: FileFormat,  # noqa: A002
    data: bytes,
    columns: Mapping[str, str] | None,
    largest_picture: int,
) -> list[ParsedItem]:
    if format is FileFormat.CSV:
        return read_csv(decode(data), columns)
    if format in TEXT_READERS:
        return TEXT_READERS[format](decode(data))
    if format is FileFormat.QTI:
        return read_package(data, largest_picture) if data.startswith(ZIP) else read_qti(data)
    if format is FileFormat.XLSX:
        return read_workbook(data, columns)
    return read_word(data) if format is FileFormat.WORD else read_moodle_xml(data, largest_picture)


def format_of(data: bytes, filename: str) -> FileFormat:
    """What the content shows; the name decides only between texts that look alike."""
    if data.startswith(ZIP):
        return format_of_archive(Archive(data))
    text = decode(data)
    if not text.strip():
        raise UnreadableFile(_("This file is empty."))
    if text.lstrip().startswith("<"):
        return format_of_xml(data)
    if JSON_START.match(text):
        return FileFormat.JSON
    return format_of_text(text, filename.casefold())


def format_of_text(text: str, filename: str) -> FileFormat:
    named_gift = filename.endswith((".gift", ".gift.txt"))
    if not named_gift and has_question_header(text):
        return FileFormat.CSV
    if looks_like_aiken(text):
        return FileFormat.AIKEN
    if named_gift or looks_like_gift(text):
        return FileFormat.GIFT
    if filename.endswith((".csv", ".tsv")) and even_columns(text):
        return FileFormat.CSV
    raise UnreadableFile(
        _("No question was recognised. The first row of a sheet names its columns: question, a, b, c, d, answer.")
    )


def format_of_archive(archive: Archive) -> FileFormat:
    if "xl/workbook.xml" in archive:
        return FileFormat.XLSX
    if "word/document.xml" in archive:
        return FileFormat.WORD
    if any(name.rpartition("/")[2] == MANIFEST for name in archive):
        return FileFormat.QTI
    raise UnreadableFile(
        _("This archive is not an Excel workbook, a Word document or a QTI package (with imsmanifest.xml).")
    )


def format_of_xml(data: bytes) -> FileFormat:
    root = root_name(data)
    if root == "quiz":
        return FileFormat.MOODLE_XML
    if root.removeprefix("qti-").replace("-", "").lower() in QTI_ROOTS:
        return FileFormat.QTI
    if root == "questestinterop":
        raise UnreadableFile(_("This is QTI 1.2. Export it as QTI 2.1 or newer, as Moodle XML or as GIFT."))
    raise UnreadableFile(_("This looks like XML or HTML, but not like Moodle XML or QTI. Export it as one of these."))


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or windows-1252, with or without a byte-order mark."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return clean(data.decode("utf-16", errors="replace"))
    if utf16 := unmarked_utf16(data):
        return clean(data.decode(utf16, errors="replace"))
    if b"\x00" in data:
        raise UnreadableFile(NOT_TEXT)
    try:
        # Incremental, so that a file cut off in the middle of a letter is still UTF-8.
        return clean(codecs.getincrementaldecoder("utf-8-sig")().decode(data))
    except UnicodeDecodeError:
        return clean(legacy(data))


def unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark, told by Latin text: every second byte is zero."""
    sample = data[:4000]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.6 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if half and sample[::2].count(0) > 0.6 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def legacy(data: bytes) -> str:
    best = from_bytes(data[:100_000], cp_isolation=["cp1252", "mac_roman"]).best()
    if best is None:
        raise UnreadableFile(NOT_TEXT)
    return data.decode(best.encoding, errors="replace")
