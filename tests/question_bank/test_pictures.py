"""Pictures are checked, made anew, and kept once."""

import zlib
from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.pictures import Picture, add_picture, clean_picture
from tests.personas import Personas
from tests.picture_files import opened, picture_file

PNG = picture_file()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SCRIPT = b"<script>alert(1)</script>"


def chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def bomb(width: int, height: int) -> bytes:
    """A small file that says it is a large picture."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (SVG, "not a picture of a kind"),
        (b"%PDF-1.7", "not a picture of a kind"),
        (b"", "not a picture of a kind"),
        (picture_file("BMP"), "not a picture of a kind"),
        (picture_file("TIFF"), "not a picture of a kind"),
        (PNG[:60], "damaged"),
        (picture_file("JPEG", (900, 900))[:-400], "damaged"),
        (bomb(4_001, 10), "wider or higher than 4000 pixels"),
        (bomb(4_000, 2_001), "more than 8 million pixels"),
        (bomb(60_000, 60_000), "wider or higher than 4000 pixels"),
        (bomb(10_000, 10_000), "wider or higher than 4000 pixels"),
        (PNG + b"\0" * 3_000, "larger than 2 KB"),
    ],
    ids=["svg", "pdf", "empty", "bmp", "tiff", "cut", "cut JPEG", "wide", "many", "bomb", "large bomb", "large file"],
)
def test_what_is_not_a_picture_for_an_item_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(RuleViolation, match=sentence):
        clean_picture(data, largest=2048 if sentence.endswith("2 KB") else 100_000)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (picture_file("PNG", mode="P"), "image/png"),
        (picture_file("PNG", mode="I;16"), "image/png"),
        (picture_file("PNG", mode="RGBA"), "image/png"),
        (picture_file("JPEG"), "image/jpeg"),
        (picture_file("JPEG", mode="CMYK"), "image/jpeg"),
        (picture_file("GIF"), "image/png"),
        (picture_file("WEBP"), "image/webp"),
    ],
    ids=["png", "palette", "deep grey", "see-through", "jpeg", "jpeg for print", "gif", "webp"],
)
def test_what_is_accepted_can_be_shown(data: bytes, media_type: str) -> None:
    clean = clean_picture(data)
    assert (clean.media_type, clean.width, clean.height) == (media_type, 40, 30)
    with opened(clean.data) as picture:
        assert Image.MIME[picture.format or ""] == media_type


def test_deep_grey_stays_as_dark_as_it_is() -> None:
    deep, made = Image.new("I;16", (2, 1)), BytesIO()
    deep.putpixel((0, 0), 65_535)
    deep.putpixel((1, 0), 20_046)
    deep.save(made, "PNG")
    with opened(clean_picture(made.getvalue()).data) as picture:
        assert [picture.convert("L").getpixel((x, 0)) for x in range(2)] == [255, 78]


def test_see_through_grey_stays_see_through() -> None:
    with opened(clean_picture(picture_file("PNG", mode="LA")).data) as picture:
        assert picture.mode == "LA"
        assert picture.getpixel((0, 0)) == (0, 0)


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    made = BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    with opened(clean_picture(made.getvalue()).data) as picture:
        assert getattr(picture, "n_frames", 1) == 1
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_that_came_with_the_pixels_is_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    clean = clean_picture(picture_file(kind, exif=exif) + SCRIPT)
    assert b"SecretCamera" not in clean.data
    assert SCRIPT not in clean.data


def test_a_picture_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter to the right
    clean = clean_picture(picture_file("JPEG", (40, 30), exif=exif))
    assert (clean.width, clean.height) == (30, 40)


def test_the_same_picture_is_kept_once(db: Session, personas: Personas, at: datetime) -> None:
    first, second = (add_picture(db, PNG, by=personas.author().id, at=at) for _ in range(2))
    given_out = add_picture(db, first.data, by=personas.author().id, at=at)
    assert first.sha256 == second.sha256 == given_out.sha256
    assert db.scalar(select(func.count()).select_from(Picture)) == 1
    assert len(db.scalars(select(AuditEvent).where(AuditEvent.action == "picture.added")).all()) == 1


def test_a_picture_never_changes(db: Session, personas: Personas, at: datetime) -> None:
    add_picture(db, PNG, by=personas.author().id, at=at)
    with pytest.raises(IntegrityError, match="append-only"):
        db.execute(update(Picture).values(width=1))
