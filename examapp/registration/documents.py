"""Documents that candidates upload with a request: kept by their SHA-256, readable by the application alone."""

import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256 as sha256_digest
from pathlib import Path

from examapp.config import Config
from question_bank.errors import RuleViolation

LARGEST_BYTES = 5 * 1024 * 1024
# What a file begins with decides what it is, not its name.
BEGINNINGS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Document:
    name: str
    data: bytes


def media_type(data: bytes) -> str | None:
    """The kind of a document; None for any other than PDF, PNG or JPEG."""
    return next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), None)


def refuse_unfit(document: Document) -> None:
    if len(document.data) > LARGEST_BYTES:
        raise RuleViolation("The document is larger than 5 MB. Choose a smaller one.")
    if media_type(document.data) is None:
        raise RuleViolation("The document is no PDF, PNG or JPEG. Choose another one.")


def keep(config: Config, document: Document) -> str:
    """Write the document into the instance folder, once however often it comes, and return its SHA-256."""
    refuse_unfit(document)
    sha256 = sha256_digest(document.data).hexdigest()
    path = path_of(config, sha256)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # 0600 from its first byte
    with os.fdopen(handle, "wb") as file:
        file.write(document.data)
    Path(draft).replace(path)
    return sha256


def read(config: Config, sha256: str) -> bytes | None:
    """The document as it was uploaded; None when the file is gone."""
    path = path_of(config, sha256)
    return path.read_bytes() if path.is_file() else None


def path_of(config: Config, sha256: str) -> Path:
    return config.instance_path / "uploads" / sha256
