"""What kind of file is this, and in which letters? Whatever it is, an answer in words."""

import codecs
import zipfile
from io import BytesIO

from charset_normalizer import from_bytes

from question_bank.errors import sentence as _
from question_bank.interchange.gift import looks_like_gift, read_gift
from question_bank.interchange.parsed import Reading, UnreadableFile, clean
from question_bank.interchange.sheet import has_question_header, read_csv, read_workbook

# What other programs write, told by their first bytes, and what to do instead.
FOREIGN = (
    (b"%PDF", _("This is a PDF. Export the questions as a sheet (CSV, XLSX) or as GIFT, and upload that.")),
    (b"\xd0\xcf\x11\xe0", _("This is an old Office file. Save it as XLSX or CSV, and upload that.")),
    (b"\x89PNG", _("This is a picture. Upload a sheet (CSV, XLSX) or a GIFT file.")),
    (b"\xff\xd8\xff", _("This is a picture. Upload a sheet (CSV, XLSX) or a GIFT file.")),
)
NOT_TEXT = _("This file is not text and not a workbook. Upload a sheet (CSV, XLSX) or a GIFT file.")
MAX_UNPACKED = 64 * 1024 * 1024


def read(data: bytes, filename: str) -> Reading:
    """Every question of an uploaded file. Raises UnreadableFile when it holds none that could be told apart."""
    for start, advice in FOREIGN:
        if data.startswith(start):
            raise UnreadableFile(advice)
    reading = workbook(data) if data.startswith(b"PK\x03\x04") else from_text(decode(data), filename)
    if not reading.items:
        raise UnreadableFile(_("There is no question in this file."))
    return reading


def workbook(data: bytes) -> Reading:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise UnreadableFile(_("This workbook is damaged or incomplete. Save it again, and upload it.")) from None
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(_("This archive is not an Excel workbook. Upload a sheet (CSV, XLSX) or a GIFT file."))
    if unpacked > MAX_UNPACKED:
        raise UnreadableFile(_("This workbook unpacks to more than 64 MB. Divide it, and upload the parts."))
    return Reading("Excel workbook", read_workbook(data))


def from_text(text: str, filename: str) -> Reading:
    if not text.strip():
        raise UnreadableFile(_("This file is empty."))
    if text.lstrip().startswith("<"):
        raise UnreadableFile(_("This looks like XML or HTML. Export the questions as GIFT or as a sheet (CSV, XLSX)."))
    named_gift = filename.casefold().endswith((".gift", ".gift.txt"))
    if not named_gift and has_question_header(text):
        return Reading("CSV", read_csv(text))
    if named_gift or looks_like_gift(text):
        return Reading("GIFT", read_gift(text))
    raise UnreadableFile(
        _("No question was recognised. The first row of a sheet names its columns: question, a, b, c, d, answer.")
    )


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
