"""Zip archives that may be hostile: workbooks, documents and packages are opened here and nowhere else."""

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from question_bank.errors import sentence as _
from question_bank.interchange.parsed import UnreadableFile

MAX_UNPACKED = 64 * 1024 * 1024
MAX_ENTRIES = 50_000
# Left behind by other systems, and no part of what was packed.
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")
# What the zip library raises for an archive that is damaged, packed in a way it does not know, or without the entry.
FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, RuntimeError, EOFError, KeyError,
)  # fmt: skip
DAMAGED = _("This file is damaged or incomplete. Save it again, and upload it.")


class Archive:
    """The members of a zip file by name. Raises UnreadableFile when any of them is not to be trusted."""

    def __init__(self, data: bytes) -> None:
        try:
            self.archive = zipfile.ZipFile(BytesIO(data))
        except FAULTS:
            raise UnreadableFile(DAMAGED) from None
        entries = [entry for entry in self.archive.infolist() if not is_litter(entry.filename)]
        if len(entries) > MAX_ENTRIES:
            raise UnreadableFile(_("This archive holds more than 50,000 files. Divide it, and upload the parts."))
        # What an entry claims is also the most that is ever unpacked of it.
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise UnreadableFile(_("This file unpacks to more than 64 MB. Divide it, and upload the parts."))
        for entry in entries:
            refuse_escape(entry)
        self.entries = {entry.filename: entry for entry in entries if not entry.is_dir()}

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def read(self, name: str) -> bytes:
        try:
            return self.archive.read(self.entries[name])
        except FAULTS:
            raise UnreadableFile(DAMAGED) from None


def is_litter(name: str) -> bool:
    return name.startswith(LITTER[0]) or PurePosixPath(name).name in LITTER[1:]


def refuse_escape(entry: zipfile.ZipInfo) -> None:
    """Nothing is ever written to disk by these names; an archive that tries is not a file of questions."""
    name = entry.orig_filename.replace("\\", "/")
    escapes = name.startswith("/") or ":" in name.partition("/")[0] or ".." in name.split("/")
    if escapes or stat.S_ISLNK(entry.external_attr >> 16):
        raise UnreadableFile(_("A name in this archive points outside it. It is not read."))
    if entry.flag_bits & 0x1:
        raise UnreadableFile(_("This archive is protected by a password. Take the password off, and upload it again."))
