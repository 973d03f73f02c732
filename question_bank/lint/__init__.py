"""What is known to make an item weak, as advice with a reason. Pure.

A finding of severity `block` keeps an item from review; the others are shown to the author and the reviewer.
Sources: Haladyna, Downing & Rodriguez 2002; the NBME item-writing guide; Tarrant et al. 2009 (distractors).
"""

from dataclasses import dataclass
from enum import StrEnum

from question_bank.item_kinds import ItemContent, Question
from question_bank.lint.markup_rules import MARKUP_RULES
from question_bank.lint.question_rules import QUESTION_RULES
from question_bank.lint.rules import Rule, Severity
from question_bank.lint.sources import SOURCES
from question_bank.lint.text_rules import TEXT_RULES

__all__ = ["ALL_RULES", "Finding", "Place", "Rule", "Severity", "blocking", "findings"]

ALL_RULES = (*QUESTION_RULES, *TEXT_RULES)
ORDER = list(Severity)


class Place(StrEnum):
    """Parts of an item that have no letter."""

    STEM = "stem"
    OPTIONS = "options"
    STIMULUS = "stimulus"
    PROMPT = "prompt"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Finding:
    rule: str
    severity: Severity
    message: str
    # A Place, or the id of an option.
    where: str

    @property
    def source(self) -> str:
        return SOURCES[self.rule]


def findings(content: ItemContent, reference: str = "") -> list[Finding]:
    """Everything the rules say about this content, the gravest first."""
    found = [
        Finding(rule.code, rule.severity, rule.message, where)
        for rule in TEXT_RULES
        for where, text in texts(content, reference)
        if rule.applies(text)
    ]
    found += markup_findings(content)
    if isinstance(content, Question):
        found += [
            Finding(rule.code, rule.severity, rule.message, where)
            for rule in QUESTION_RULES
            if isinstance(content, rule.kinds)
            for where in rule.places(content)
        ]
    return sorted(found, key=lambda finding: ORDER.index(finding.severity))


def markup_findings(content: ItemContent) -> list[Finding]:
    """What keeps pictures and formulas from candidates."""
    english = list(content.texts().items())
    spanish = [entry for translation in content.translations.values() for entry in translation.texts.items()]
    said = [(rule, rule.message, english) for rule in MARKUP_RULES]
    said += [(rule, rule.message_in_spanish, spanish) for rule in MARKUP_RULES]
    return [
        Finding(rule.code, Severity.BLOCK, message, where)
        for rule, message, places in said
        for where, text in places
        if rule.applies(text)
    ]


def blocking(content: ItemContent) -> list[Finding]:
    """The findings that must be mended before review."""
    return [finding for finding in findings(content) if finding.severity is Severity.BLOCK]


def texts(content: ItemContent, reference: str) -> list[tuple[str, str]]:
    return [*content.texts().items(), (Place.REFERENCE, reference)]
