"""Files of pictures for tests."""

from io import BytesIO
from typing import Any

from PIL import Image

RED = (200, 30, 40)


def picture_file(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    """A picture of one colour."""
    made = BytesIO()
    Image.new(mode, size, RED if mode == "RGB" else None).save(made, kind, **options)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))
