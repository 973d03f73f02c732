"""Rules about the words of any text: vignettes, prompts, stems, options, references."""

import re

from question_bank.errors import sentence as _
from question_bank.lint.rules import Severity, TextRule, pattern, sentences, words

LONG_SENTENCE = 45

OUTDATED = pattern(
    r"DSM[- ]?(?:I{1,3}|IV|[1-4])(?:-?T?R)?", r"DC[: ]?0[-–]3(?:R|:R)?", r"ICD[- ]?(?:8|9)(?:-CM)?"
)  # fmt: skip
NOT_PERSON_FIRST = pattern(
    r"(?:the|an?) (?:retarded|handicapped|disabled|mentally ill|addicted|schizophrenic|homeless)",
    r"(?:retarded|handicapped|crippled|crack|drug|addicted|FAS|Down'?s) (?:bab(?:y|ies)|infants?|child(?:ren)?|kids?)",
    r"(?:drug|substance|alcohol) abusers?", r"(?:drug )?addicts?", r"alcoholic (?:mother|father|parent)s?",
    r"(?:borderline|schizophrenic|bipolar|depressive) (?:mother|father|parent|patient|client|woman|man)s?",
    r"suffer(?:s|ed|ing)? from", r"victims? of (?:autism|disability)", r"wheelchair[- ]bound",
    r"confined to a wheelchair", r"illegal (?:alien|immigrant)s?", r"unwed mothers?",
)  # fmt: skip


def has(expression: re.Pattern[str], text: str) -> bool:
    return expression.search(text) is not None


def has_long_sentence(text: str) -> bool:
    return any(len(words(part)) > LONG_SENTENCE for part in sentences(text))


TEXT_RULES = (
    TextRule(
        "outdated-reference",
        Severity.WARN,
        _("Names a superseded classification. Use the current edition (DC:0–5, DSM-5-TR, ICD-10-CM or later)."),
        lambda text: has(OUTDATED, text),
    ),
    TextRule(
        "person-first",
        Severity.WARN,
        _("Names people by a condition or circumstance. Put the person first."),
        lambda text: has(NOT_PERSON_FIRST, text),
    ),
    TextRule(
        "long-sentence",
        Severity.NOTE,
        _("Has a sentence of more than 45 words, which tests reading. Divide it."),
        has_long_sentence,
    ),
)
