"""Items as PDF, to read and discuss on paper: with keys and reasons, or without."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from babel.dates import format_date

from examapp.printed_text import blocks, line
from examapp.translation import Texts, texts_in
from examapp.typesetting import pdf
from question_bank.framework import Framework
from question_bank.item_export import Entry, entry_of
from question_bank.items import ItemVersion


def items_pdf(
    versions: Sequence[ItemVersion],
    framework: Framework,
    locale: str,
    *,
    with_keys: bool,
    at: datetime,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The items in their order; each begins with its code, by which people speak of it."""
    _ = texts_in(locale)
    entries = [entry_of(version, framework) for version in versions]
    title = _("Items with keys") if with_keys else _("Items")
    return pdf(
        "examapp.authoring",
        "documents/items.typ",
        {
            "lang": locale,
            "association": _("New Mexico Association for Infant Mental Health"),
            "title": title,
            "summary": _("%(count)s items, %(day)s", count=len(entries), day=format_date(at, "long", locale)),
            "confidential": _("Confidential: items of the examination."),
            "items": [item_data(_, entry, with_keys=with_keys) for entry in entries],
        },
        pictures,
    )


def item_data(_: Texts, entry: Entry, *, with_keys: bool) -> dict[str, Any]:
    said = {_("Key"): entry.key_shown, _("Rationale"): entry.rationale, _("Reference"): entry.reference}
    return {
        "heading": f"{entry.code}: {entry.title}" if entry.title else entry.code,
        "tags": " · ".join(entry.labels),
        "stimulus": blocks(entry.stimulus),
        "stem": blocks(entry.stem),
        "premises": [{"number": number, "text": line(text)} for number, text in entry.premises],
        "options": [
            {"letter": letter.upper(), "text": line(text), "key": with_keys and letter in entry.keys}
            for letter, text in entry.options
        ],
        "said": [[label, text] for label, text in said.items() if text] if with_keys else [],
    }
