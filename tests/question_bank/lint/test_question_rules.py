"""The rules about questions, as a table: what breaks each, and what only looks like it."""

from collections.abc import Sequence

import pytest

from question_bank.item_kinds import Matching, MultipleResponse, Question, ShortText, SingleBestAnswer, TrueFalse
from question_bank.lint import ALL_RULES, Severity, blocking, findings
from question_bank.lint.question_rules import QUESTION_RULES
from tests.drafts import OPTIONS, STEM, choice_content

LIST = "Which are signs? 1. Crying 2. Sleeping 3. Feeding"
AN = "The specialist should first make an ____"

BROKEN = [
    ("all-of-the-above", STEM, ["Wait", "Ask", "Refer", "All of the above."], "d", ["d"]),
    ("all-of-the-above", STEM, ["Wait", "Ask", "Refer", "All these are correct"], "a", ["d"]),
    ("both-a-and-b", STEM, ["Wait", "Ask", "Both A and B", "B or (A)"], "c", ["c", "d"]),
    ("k-type", LIST, ["1 and 3", "1, 2, and 3", "2", "1 only"], "a", ["a", "b", "c", "d"]),
    ("k-type", STEM, ["I and III only", "Ask", "Refer", "Wait"], "a", ["a"]),
    ("none-of-the-above", STEM, ["Wait", "Ask", "Refer", "None of these"], "a", ["d"]),
    ("negative-stem", "He cries. Which of these is not a sign of stress?", OPTIONS, "a", ["stem"]),
    ("negative-stem", 'He says, "No." All of these help except', OPTIONS, "a", ["stem"]),
    ("negative-option", STEM, ["Wait", "Do not wait", "Don’t ask", "Refer"], "a", ["b", "c"]),
    ("absolute-distractor", STEM, ["Wait", "Always ask", "Never refer", "Refer"], "a", ["b", "c"]),
    ("absolute-term", STEM, ["Always wait", "Ask", "Refer", "Never visit"], "a", ["a", "d"]),
    ("vague-frequency", STEM, ["Wait", "Usually ask", "Refer", "Visit often"], "a", ["b", "d"]),
    ("longest-key", STEM, ["Wait", "Ask her calmly what happened before", "Refer", "Visit"], "b", ["b"]),
    ("grammar-cue", AN, ["assessment", "visit", "plan", "call"], "a", ["stem"]),
    ("clang", "What supports attachment?", ["Attachment play", "Sleep", "Food", "Rest"], "a", ["a"]),
    ("convergence", STEM,
     ["deep warmth, strict control", "deep warmth, weak rules", "no interest, strict control", "distance"],
     "a", ["a"]),
    ("overlapping-ranges", STEM, ["0-3 months", "3–6 months", "7 to 9 months", "10 months"], "a", ["a", "b"]),
    ("contained-option", STEM, ["Ask her", "Ask her, then wait", "Refer", "Visit"], "c", ["a"]),
    ("unfocused", "Attachment is", OPTIONS, "a", ["stem"]),
    ("unfocused", "Which of the following is true about sleep?", OPTIONS, "a", ["stem"]),
    ("opinion", "What do you think the specialist should do first?", OPTIONS, "a", ["stem"]),
    ("blank-in-middle", "The ____ of a baby is seen by the fourth month.", OPTIONS, "a", ["stem"]),
    ("uneven-length", STEM, ["Wait for the mother to speak", "Ask", "Refer", "Visit"], "b", ["options"]),
    ("uneven-style", STEM, ["Wait.", "Ask", "Refer", "Visit"], "a", ["options"]),
    ("uneven-style", STEM, ["wait", "Ask", "Refer", "Visit"], "a", ["options"]),
    ("unordered-numbers", STEM, ["3 months", "12 months", "9 months", "6 months"], "a", ["options"]),
    ("long-stem", "word " * 121 + "?", OPTIONS, "a", ["stem"]),
    ("undefined-acronym", "What does the IFSP say about the visit?", OPTIONS, "a", ["stem"]),
]  # fmt: skip

KEPT = [
    ("all-of-the-above", STEM, ["Review all of these visits with her", "Ask", "Refer", "Visit"], "a"),
    ("both-a-and-b", STEM, ["Both parents and the baby", "Ask", "Refer", "Visit"], "a"),
    ("k-type", STEM, ["1", "2", "3", "4"], "a"),
    ("k-type", LIST, ["1", "2", "3", "4"], "a"),
    ("negative-stem", "He does not sleep. What helps at least a little?", OPTIONS, "a"),
    ("negative-stem", "Which of these is NOT a sign?", OPTIONS, "a"),
    ("longest-key", STEM, ["Sleep", "Rest", "Food", "Play"], "a"),
    ("grammar-cue", AN, ["assessment", "observation", "interview", "evaluation"], "a"),
    ("grammar-cue", "The specialist should first make a(n)", ["assessment", "visit", "plan", "call"], "a"),
    ("clang", "What supports attachment?", ["Attachment play", "Attachment talk", "Food", "Rest"], "a"),
    ("overlapping-ranges", STEM, ["0-3 months", "4-6 months", "7-9 months", "10-12 months"], "a"),
    ("contained-option", STEM, ["Ask", "Asking her", "Refer", "Visit"], "a"),
    ("blank-in-middle", "The first sign of stress is ____.", OPTIONS, "a"),
    ("unordered-numbers", STEM, ["12%", "9%", "6%", "3%"], "a"),
    ("undefined-acronym", "What does the Individual Family Service Plan (IFSP) say? The IFSP …", OPTIONS, "a"),
]

# Kind, stem, options, key, the rules that are broken.
OTHER_KINDS = [
    (MultipleResponse, STEM, ["Wait", "Ask", "Refer", "All of the above"], "a,b",
     ["absolute-distractor", "all-of-the-above"]),
    (MultipleResponse, STEM, ["Wait for a very long time", "Ask them to leave again", "Refer", "Go"], "a,b",
     ["longest-key", "uneven-length"]),
    (MultipleResponse, STEM, ["Wait for a very long time", "Ask", "Refer", "Go"], "a,b", ["uneven-length"]),
    (MultipleResponse, STEM, ["Ask her", "Ask her, then wait", "Refer", "Visit"], "a,b", []),
    (MultipleResponse, STEM, ["Wait", "Always ask", "Refer", "Visit"], "a,c", ["absolute-distractor"]),
    (MultipleResponse, STEM, ["Wait", "Always ask", "Refer", "Visit"], "a,b", ["absolute-term"]),
    (TrueFalse, "A newborn does not turn to the voice of the mother.", [], "b", ["negative-stem"]),
    (TrueFalse, "Babies always turn to a voice.", [], "b", ["absolute-statement"]),
    (TrueFalse, "Babies turn to a voice.", [], "a", []),
    (Matching, "Match.", ["All of the above"], "", []),
    (ShortText, "What is the IFSP?", [], "", ["undefined-acronym"]),
]  # fmt: skip


def places(rule: str, stem: str, options: Sequence[str], key: str) -> list[str]:
    item = SingleBestAnswer.model_validate(choice_content(stem, options, key))
    return [finding.where for finding in findings(item) if finding.rule == rule]


@pytest.mark.parametrize(("rule", "stem", "options", "key", "where"), BROKEN)
def test_a_rule_finds_where_it_is_broken(
    rule: str, stem: str, options: Sequence[str], key: str, where: list[str]
) -> None:
    assert places(rule, stem, options, key) == where


@pytest.mark.parametrize(("rule", "stem", "options", "key"), KEPT)
def test_a_rule_leaves_good_items_alone(rule: str, stem: str, options: Sequence[str], key: str) -> None:
    assert places(rule, stem, options, key) == []


@pytest.mark.parametrize(("kind", "stem", "options", "key", "rules"), OTHER_KINDS)
def test_rules_hold_for_the_kinds_they_make_sense_for(
    kind: type[Question], stem: str, options: Sequence[str], key: str, rules: list[str]
) -> None:
    fields = {name: value for name, value in choice_content(stem, options, key).items() if name in kind.model_fields}
    assert sorted({finding.rule for finding in findings(kind.model_validate(fields))}) == rules


def test_every_rule_is_in_the_table_above() -> None:
    assert {rule.code for rule in QUESTION_RULES} == {row[0] for row in BROKEN} | {"absolute-statement"}
    assert len({rule.code for rule in ALL_RULES}) == len(ALL_RULES)


def test_a_good_item_has_no_findings_and_an_empty_one_does_no_harm() -> None:
    assert findings(SingleBestAnswer.model_validate(choice_content())) == []
    assert findings(SingleBestAnswer()) == []


def test_the_gravest_finding_comes_first_and_blocks() -> None:
    item = SingleBestAnswer.model_validate(choice_content(options=["wait.", "Always ask", "All of the above"]))
    assert [finding.severity for finding in findings(item)] == sorted(
        (finding.severity for finding in findings(item)), key=list(Severity).index
    )
    assert [finding.rule for finding in blocking(item)] == ["all-of-the-above"]
