"""The rules about the words of any text."""

import pytest

from question_bank.item_kinds import Essay, SingleBestAnswer
from question_bank.lint import findings
from question_bank.lint.text_rules import TEXT_RULES

RULES = {rule.code: rule for rule in TEXT_RULES}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("outdated-reference", "Criteria of the DSM-IV"),
        ("outdated-reference", "DSM-4-TR says so"),
        ("outdated-reference", "Zero to Three. DC:0-3R."),
        ("person-first", "She visits an autistic child and the mentally ill."),
        ("person-first", "The borderline mother cries."),
        ("person-first", "A boy who suffers from asthma"),
        ("long-sentence", "word " * 46),
    ],
)
def test_a_rule_finds_the_words(rule: str, text: str) -> None:
    assert RULES[rule].applies(text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("outdated-reference", "DSM-5-TR and DC:0–5 and DSM-5"),
        ("person-first", "A child with a disability and her disabled-access bus"),
        ("long-sentence", "A short one. " * 40),
    ],
)
def test_a_rule_leaves_good_words_alone(rule: str, text: str) -> None:
    assert not RULES[rule].applies(text)


def test_vignettes_options_and_references_are_read() -> None:
    essay = Essay(stimulus="By DSM-III", prompt="An addict writes.")
    choice = SingleBestAnswer.model_validate({"stem": "", "options": [{"id": "a", "text": "Use ICD-9"}], "key": "a"})
    assert [(f.rule, f.where) for f in findings(essay)] == [
        ("outdated-reference", "stimulus"),
        ("person-first", "prompt"),
    ]
    assert [f.where for f in findings(choice, "DSM-IV. (1994).")] == ["a", "reference"]
