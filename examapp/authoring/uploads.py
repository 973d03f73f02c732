"""Files parked between their dry run and the import, each bound to the person who uploaded it.

One file each: a line of JSON about it, then its bytes. Its random name stands in the address of the dry run.
"""

import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from question_bank.errors import RuleViolation
from question_bank.item_import import ImportDefaults

KEPT_FOR = timedelta(days=1)
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Upload:
    user_id: int
    filename: str
    defaults: ImportDefaults
    data: bytes
    # What the columns of a sheet are, where somebody said it.
    columns: dict[str, str] | None = None


def park(folder: Path, upload: Upload, *, at: datetime) -> str:
    """Keep an upload for a day and return its token. What others left longer ago is cleared away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear(folder, at=at)
    token = secrets.token_urlsafe(16)
    write(folder / token, upload)
    return token


def change(folder: Path, token: str, upload: Upload) -> None:
    """Put another one in the place of an upload, at once: nobody reads half of it."""
    beside = folder / f"{token}.new"
    write(beside, upload)
    beside.replace(folder / token)


def write(path: Path, upload: Upload) -> None:
    about = {
        "user": upload.user_id,
        "filename": upload.filename,
        "defaults": asdict(upload.defaults),
        "columns": upload.columns,
    }
    path.write_bytes(json.dumps(about).encode() + b"\n" + upload.data)


def find(folder: Path, token: str, *, user_id: int) -> Upload:
    """The upload of this person. Raises RuleViolation when there is none, or it is somebody else's."""
    if TOKEN.fullmatch(token) and (folder / token).is_file():
        about, _newline, data = (folder / token).read_bytes().partition(b"\n")
        found = json.loads(about)
        if found["user"] == user_id:
            defaults = ImportDefaults(found["defaults"]["area"], tuple(found["defaults"]["levels"]))
            return Upload(user_id, found["filename"], defaults, data, found.get("columns"))
    raise gone()


def take(folder: Path, token: str) -> None:
    """Remove an upload that is being imported. Raises RuleViolation for the second of two who try."""
    try:
        (folder / token).unlink()
    except FileNotFoundError:
        raise gone() from None


def clear(folder: Path, *, at: datetime) -> None:
    for path in folder.iterdir():
        # Other uploads live in the same folder, under other names.
        if TOKEN.fullmatch(path.name) and path.stat().st_mtime < (at - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)


def gone() -> RuleViolation:
    return RuleViolation("This upload is no longer here: it was imported, or is more than a day old. Upload it again.")
