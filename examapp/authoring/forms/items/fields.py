"""Fields that the editors of all kinds of items share. A draft may be half-written: nothing but length is refused."""

from collections.abc import Callable
from typing import Any

from flask_babel import LazyString
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Length

from question_bank.interchange.parsed import clean
from question_bank.translations import SPANISH


def tidy(text: str | None) -> str:
    """Without control characters, which the database refuses, and without space at the ends."""
    return clean(text or "").strip()


def line(label: LazyString, limit: int, **values: Any) -> Field:
    return StringField(label, [Length(max=limit)], filters=[tidy], **values)


def text(label: LazyString, limit: int = 20_000, **values: Any) -> Field:
    return TextAreaField(label, [Length(max=limit)], filters=[tidy], **values)


def dependent(label: LazyString, kind: type[Field], **values: Any) -> Field:
    """A choice that depends on the area; what the area does not have is dropped, not refused."""
    return kind(label, validate_choice=False, **values)


def in_spanish(make: Callable[..., Field], label: LazyString, *limit: int) -> Field:
    """The same text in Spanish: nobody has to write it."""
    return make(label, *limit, render_kw={"lang": SPANISH})
