"""Pictures of items: checked, made anew so that nothing hides in them, and kept under the digest of their bytes.

A picture never changes, so a sealed form names it by its digest. One that no item shows any more stays: an old version
of an item may be looked at again.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit
from question_bank.base import Base
from question_bank.errors import RuleViolation

LONGEST_SIDE = 4_000
# A file of some hundred bytes may unpack to as much as this.
MOST_PIXELS = 8_000_000
LARGEST_FILE = 2 * 1024 * 1024
QUALITY = 90
# What is read, and what it is written as. Of a moving picture the first frame is kept.
WRITTEN_AS = {"PNG": "PNG", "GIF": "PNG", "JPEG": "JPEG", "WEBP": "WEBP"}
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
# Modes that both screens and PDF show as they are; anything else is turned into one of them.
MODES = {"PNG": ("L", "LA", "RGB", "RGBA"), "JPEG": ("L", "RGB"), "WEBP": ("RGB", "RGBA")}


class Picture(Base):
    """Append-only: the database refuses UPDATE and DELETE."""

    __tablename__ = "picture"
    __append_only__ = True
    __table_args__ = (
        CheckConstraint("media_type IN ('image/png', 'image/jpeg', 'image/webp')", name="known_media_type"),
        CheckConstraint("width BETWEEN 1 AND 4000 AND height BETWEEN 1 AND 4000", name="sides_in_bounds"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    @property
    def filename(self) -> str:
        """What the picture is called outside: in packages and documents."""
        return f"{self.sha256}.{EXTENSIONS[self.media_type]}"


@dataclass(frozen=True)
class CleanPicture:
    """A picture that has been checked and made anew."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def clean_picture(data: bytes, *, largest: int | None = LARGEST_FILE) -> CleanPicture:
    """The picture of this file without anything beside it: no place or camera, no further bytes.

    Without ``largest`` only its pixels are bounded: made anew, a picture may be a larger file than it was.
    Raises RuleViolation with what is wrong.
    """
    if largest is not None and len(data) > largest:
        raise RuleViolation("The picture is larger than %(limit)s KB. Save it smaller.", limit=largest // 1024)
    try:
        with Image.open(BytesIO(data), formats=list(WRITTEN_AS)) as opened:
            if max(opened.size) > LONGEST_SIDE:  # before anything is unpacked
                raise too_wide()
            if opened.width * opened.height > MOST_PIXELS:
                raise RuleViolation(
                    "The picture has more than %(limit)s million pixels. Save it smaller.",
                    limit=MOST_PIXELS // 1_000_000,
                )
            ImageOps.exif_transpose(opened, in_place=True)
            return written(opened, WRITTEN_AS[opened.format or ""])
    except UnidentifiedImageError:
        raise RuleViolation("This is not a picture of a kind that is accepted: PNG, JPEG, GIF or WebP.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_wide() from None
    except (OSError, SyntaxError, ValueError, EOFError):  # what Pillow raises about a damaged file
        raise damaged_picture() from None


def damaged_picture() -> RuleViolation:
    return RuleViolation("The picture is damaged and cannot be read. Save it again.")


def too_wide() -> RuleViolation:
    return RuleViolation("The picture is wider or higher than %(limit)s pixels. Save it smaller.", limit=LONGEST_SIDE)


def written(opened: Image.Image, kind: str) -> CleanPicture:
    """The pixels alone, as a new file of this kind."""
    if opened.mode.startswith("I"):  # grey of 16 bits, which convert would cut off instead of scaling
        opened = opened.convert("I").point(lambda grey: grey / 257).convert("L")
    if opened.mode not in MODES[kind]:
        transparent = opened.has_transparency_data and kind != "JPEG"
        opened = opened.convert("RGBA" if transparent else "RGB")
    made = BytesIO()
    # A new picture has the pixels and nothing that came with them.
    pixels = Image.new(opened.mode, opened.size)
    pixels.paste(opened)
    pixels.save(made, kind, quality=QUALITY)
    return CleanPicture(made.getvalue(), MEDIA_TYPES[kind], *opened.size)


def add_picture(session: Session, data: bytes, *, largest: int | None = LARGEST_FILE, by: int, at: datetime) -> Picture:
    """The picture of a file. The same one is kept once, whoever brought it first.

    Raises RuleViolation when it is none that is accepted.
    """
    # What was given out comes back as it is: made anew once more, it would be another picture.
    if known := session.get(Picture, hashlib.sha256(data).hexdigest()):
        return known
    return keep_picture(session, clean_picture(data, largest=largest), by=by, at=at)


def keep_picture(session: Session, clean: CleanPicture, *, by: int, at: datetime) -> Picture:
    """The row of a picture that has been checked."""
    if known := session.get(Picture, clean.sha256):
        return known
    made = Picture(
        sha256=clean.sha256,
        media_type=clean.media_type,
        width=clean.width,
        height=clean.height,
        data=clean.data,
        created_at=at,
        created_by_id=by,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # somebody brought the same one in this moment
        return session.get_one(Picture, clean.sha256)
    size = len(made.data)
    audit.record(session, "picture.added", "picture", made.sha256, by=by, at=at, media_type=made.media_type, bytes=size)
    return made


def extension_of(data: bytes) -> str:
    """The end of the name of a picture's file, by its first bytes."""
    return "png" if data.startswith(b"\x89PNG") else "webp" if data.startswith(b"RIFF") else "jpg"


def known_pictures(session: Session, digests: Collection[str]) -> set[str]:
    """Those of these digests under which there is a picture."""
    return set(session.scalars(select(Picture.sha256).where(Picture.sha256.in_(digests)))) if digests else set()


def picture_files(session: Session, digests: Collection[str]) -> dict[str, bytes]:
    """The bytes of the pictures under these digests, of those that are here."""
    found = session.scalars(select(Picture).where(Picture.sha256.in_(digests))) if digests else ()
    return {entry.sha256: entry.data for entry in found}
