"""What each kind of item asks of its author, what candidates get of it, and what an answer is worth."""

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from question_bank.item_kinds import AS_WRITTEN, CONTENT_OF, QUESTIONS, MarkingRule, content_of
from question_bank.items import ItemKind

ALL, PARTIAL, PENALTY = MarkingRule.ALL_OR_NOTHING, MarkingRule.PARTIAL, MarkingRule.PARTIAL_WITH_PENALTY
OPTIONS = [{"id": letter, "text": f"Option {letter}"} for letter in "abcd"]
PREMISES = [{"id": number, "text": f"Line {number}"} for number in "12"]

WHOLE: dict[ItemKind, dict[str, Any]] = {
    ItemKind.SINGLE_BEST_ANSWER: {"stem": "Which?", "options": OPTIONS, "key": "b"},
    ItemKind.MULTIPLE_RESPONSE: {"stem": "Which two?", "options": OPTIONS, "key": "a,c"},
    ItemKind.TRUE_FALSE: {"stem": "It is so.", "key": "b"},
    ItemKind.MATCHING: {"stem": "Match.", "premises": PREMISES, "options": OPTIONS, "key": "1:b,2:a"},
    ItemKind.SHORT_TEXT: {"stem": "Name it.", "accepted": [{"text": "Serve and return"}, {"text": "Dar y recibir"}]},
}


def test_every_kind_has_its_content() -> None:
    assert set(CONTENT_OF) == set(ItemKind)
    assert set(QUESTIONS) == set(ItemKind) - {ItemKind.ESSAY} == set(WHOLE)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_an_empty_draft_says_what_is_missing_and_a_whole_one_nothing(kind: ItemKind) -> None:
    assert QUESTIONS[kind]().problems()
    assert content_of(kind, WHOLE[kind]).problems() == []


@pytest.mark.parametrize(
    ("kind", "change", "problem"),
    [
        (ItemKind.SINGLE_BEST_ANSWER, {"key": "e"}, "Mark one option as the key."),
        (ItemKind.SINGLE_BEST_ANSWER, {"options": OPTIONS[:2]}, "Give at least three options."),
        (ItemKind.MULTIPLE_RESPONSE, {"key": "a"}, "Mark at least two options as keys."),
        (ItemKind.MULTIPLE_RESPONSE, {"key": "a,h"}, "Mark at least two options as keys."),
        (ItemKind.MULTIPLE_RESPONSE, {"key": "a,b,c,d"}, "Leave at least one option that is not a key."),
        (ItemKind.TRUE_FALSE, {"key": ""}, "Say whether the statement is true or false."),
        (ItemKind.MATCHING, {"key": "1:b"}, "Match every line with an option."),
        (ItemKind.MATCHING, {"key": "1:b,2:a,7:c"}, "The key matches a line that is not there. Match the lines again."),
        (ItemKind.MATCHING, {"marking": PENALTY}, "A matching item has no marks to take away."),
        (ItemKind.MATCHING, {"premises": PREMISES[:1], "key": "1:b"}, "Give at least two lines to be matched."),
        (ItemKind.SHORT_TEXT, {"accepted": []}, "Give at least one accepted answer."),
        (ItemKind.SHORT_TEXT, {"accepted": [{"text": "Home visit"}, {"text": " home  visit."}]},
         "Two accepted answers are the same."),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_said(kind: ItemKind, change: dict[str, Any], problem: str) -> None:
    assert content_of(kind, WHOLE[kind] | change).problems() == [problem]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (ItemKind.MULTIPLE_RESPONSE, "ac"), (ItemKind.MULTIPLE_RESPONSE, "a,"), (ItemKind.TRUE_FALSE, "c"),
        (ItemKind.MATCHING, "1:b 2:a"), (ItemKind.MATCHING, "a:1"),
    ],
)  # fmt: skip
def test_a_key_has_the_form_of_its_kind(kind: ItemKind, key: str) -> None:
    with pytest.raises(ValidationError):
        content_of(kind, WHOLE[kind] | {"key": key})


@pytest.mark.parametrize(
    ("kind", "key", "rule", "response", "mark"),
    [
        (ItemKind.SINGLE_BEST_ANSWER, "c", ALL, "c", 1),
        (ItemKind.SINGLE_BEST_ANSWER, "c", ALL, "b", 0),
        (ItemKind.SINGLE_BEST_ANSWER, "c", ALL, "", 0),
        (ItemKind.TRUE_FALSE, "a", ALL, "a", 1),
        (ItemKind.TRUE_FALSE, "a", ALL, "b", 0),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", ALL, "a,c", 1),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", ALL, "c,a", 1),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", ALL, "a", 0),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", ALL, "a,b,c", 0),
        (ItemKind.MULTIPLE_RESPONSE, "a,c,d", PARTIAL, "a,c", Fraction(2, 3)),
        (ItemKind.MULTIPLE_RESPONSE, "a,c,d", PARTIAL, "a,b,c", Fraction(2, 3)),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", PARTIAL, "a,b,c", Fraction(1, 2)),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", PARTIAL, "a,b,c,d", 0),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", PARTIAL, "", 0),
        (ItemKind.MULTIPLE_RESPONSE, "a,c,d", PENALTY, "a,b,c", Fraction(1, 3)),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", PENALTY, "b,d", 0),
        (ItemKind.MATCHING, "1:b,2:a,3:b", PARTIAL, "1:b,2:a", Fraction(2, 3)),
        (ItemKind.MATCHING, "1:b,2:a,3:b", PARTIAL, "1:b,2:a,3:b", 1),
        (ItemKind.MATCHING, "1:b,2:a,3:b", ALL, "1:b,2:a,3:c", 0),
        (ItemKind.MATCHING, "1:b,2:a", PARTIAL, "", 0),
        (ItemKind.MATCHING, "1:b,2:a", ALL, "1:a,1:b,2:a,2:b", 0),
        (ItemKind.MATCHING, "1:b,2:a", PARTIAL, "1:b,1:a,2:b,2:a", Fraction(1, 2)),
        (ItemKind.SHORT_TEXT, "Serve and return\nDar y recibir", ALL, "  serve  AND return. ", 1),
        (ItemKind.SHORT_TEXT, "Serve and return\nDar y recibir", ALL, "“Dar y recibir”", 1),
        (ItemKind.SHORT_TEXT, "Serve and return", ALL, "Serve", 0),
        (ItemKind.SHORT_TEXT, "Serve and return", ALL, " . ", 0),
        (ItemKind.SHORT_TEXT, "don't know", ALL, "Don’t know", 1),
        (ItemKind.SHORT_TEXT, "Turn–taking", ALL, "turn-taking", 1),
        (ItemKind.SHORT_TEXT, "turn-taking", ALL, "turn\u2011tak\u00ading", 1),
        (ItemKind.SHORT_TEXT, "fonética", ALL, "fonetica", 0),
        (ItemKind.SHORT_TEXT, "-5", ALL, "5", 0),
        (ItemKind.SHORT_TEXT, "50%", ALL, "50", 0),
        (ItemKind.SHORT_TEXT, "Serve and return", ALL, "", 0),
    ],
)  # fmt: skip
def test_what_an_answer_is_worth(kind: ItemKind, key: str, rule: MarkingRule, response: str, mark: Fraction) -> None:
    assert QUESTIONS[kind].mark(key, rule, response) == mark


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_key_of_an_item_is_worth_one_mark(kind: ItemKind) -> None:
    question = QUESTIONS[kind].model_validate(WHOLE[kind])
    assert QUESTIONS[kind].mark(question.key_text(), question.rule, question.key_text().split("\n")[-1]) == 1


@pytest.mark.parametrize("kind", QUESTIONS)
def test_candidates_get_texts_and_never_the_key(kind: ItemKind) -> None:
    question = QUESTIONS[kind].model_validate(WHOLE[kind])
    given = {option.id for option in question.offered()} | {premise.id for premise in question.premises_offered()}
    assert given == {*question.texts(), *question.fixed_texts.get("en", {})} - {"stem"}


# The candidate of these saw the options in another order: A was c, B was a, C was b.
MARKS = {"c": "A", "a": "B", "b": "C", "2": "1", "5": "2"}


@pytest.mark.parametrize(
    ("kind", "answer", "shown"),
    [
        (ItemKind.SINGLE_BEST_ANSWER, "a", "B"),
        (ItemKind.SINGLE_BEST_ANSWER, "", ""),
        (ItemKind.TRUE_FALSE, "b", "C"),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", "A, B"),
        (ItemKind.MATCHING, "2:b,5:a", "1 C, 2 B"),
        (ItemKind.MATCHING, "5:c", "2 A"),
        (ItemKind.SHORT_TEXT, "serve and return", "serve and return"),
    ],
)
def test_an_answer_is_shown_as_its_candidate_knows_it_and_typed_in_alike(
    kind: ItemKind, answer: str, shown: str
) -> None:
    assert QUESTIONS[kind].shown(answer, MARKS) == shown
    assert QUESTIONS[kind].read(shown, MARKS) == answer


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        (ItemKind.SINGLE_BEST_ANSWER, " b ", "a"),
        (ItemKind.SINGLE_BEST_ANSWER, "D", None),
        (ItemKind.MULTIPLE_RESPONSE, "ba", "a,c"),
        (ItemKind.MULTIPLE_RESPONSE, "AD", None),
        (ItemKind.MATCHING, "2b1c", "2:b,5:a"),
        (ItemKind.MATCHING, "1-C; 2-B", "2:b,5:a"),
        (ItemKind.MATCHING, "1C 1B", None),
        (ItemKind.MATCHING, "1C 3B", None),
        (ItemKind.MATCHING, "C", None),
        (ItemKind.SHORT_TEXT, " serve  and return ", "serve and return"),
        (ItemKind.SHORT_TEXT, "x" * 201, None),
    ],
)
def test_what_is_typed_in_from_paper_is_read_or_refused(kind: ItemKind, typed: str, answer: str | None) -> None:
    assert QUESTIONS[kind].read(typed, MARKS) == answer


@pytest.mark.parametrize("kind", QUESTIONS)
def test_an_answer_that_no_page_sends_is_shown_as_far_as_it_can_be(kind: ItemKind) -> None:
    for answer in ("z", "a:b:c,,1", ",", "1:z"):
        assert isinstance(QUESTIONS[kind].shown(answer, AS_WRITTEN), str)
        assert QUESTIONS[kind].mark(QUESTIONS[kind].model_validate(WHOLE[kind]).key_text(), ALL, answer) == 0
