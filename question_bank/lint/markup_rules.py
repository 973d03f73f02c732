"""Rules about pictures and formulas, in English and in Spanish: whoever breaks one leaves a candidate without."""

from collections.abc import Callable
from dataclasses import dataclass

from question_bank.errors import sentence as _
from question_bank.item_text import has_unreadable_formula, lacks_description


@dataclass(frozen=True)
class MarkupRule:
    """A rule about any text that candidates read."""

    code: str
    message: str
    message_in_spanish: str
    applies: Callable[[str], bool]


MARKUP_RULES = (
    MarkupRule(
        "picture-without-description",
        _("Describe the picture between the square brackets: for candidates who cannot see it."),
        _("Describe the picture in the Spanish text too, between the square brackets."),
        lacks_description,
    ),
    MarkupRule(
        "unreadable-formula",
        _("A formula cannot be read, or nests too deeply, and is shown as typed. Check its commands and braces."),
        _("A formula of the Spanish text cannot be read, or nests too deeply, and is shown as typed. Check it."),
        has_unreadable_formula,
    ),
)
