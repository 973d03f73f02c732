"""The checklists: which questions are asked of what."""

import pytest

from question_bank.items import ReviewState
from question_bank.review_checklists import CHECKS, checklist
from tests.bank import Bank

CONTENT, EDITORIAL = ReviewState.CONTENT_REVIEW, ReviewState.EDITORIAL_REVIEW


def codes(bank: Bank, state: ReviewState, *, essay: bool = False, spanish: bool = False) -> set[str]:
    bank.spanish = spanish
    version = bank.vignette() if essay else bank.item()
    version.state = state
    return {check.code for check in checklist(version)}


@pytest.mark.parametrize("essay", [True, False])
def test_each_review_asks_its_own_questions(bank: Bank, essay: bool) -> None:
    content, editorial = codes(bank, CONTENT, essay=essay), codes(bank, EDITORIAL, essay=essay)
    assert len(content) >= 5
    assert len(editorial) >= 5
    assert not content & editorial
    assert content | editorial <= CHECKS.keys()


def test_an_essay_is_asked_about_its_rubric_and_a_question_about_its_key(bank: Bank) -> None:
    assert {"levels-apart", "facts"} <= codes(bank, CONTENT, essay=True)
    assert {"one-answer", "key-supported"} <= codes(bank, CONTENT)
    assert "no-cue" in codes(bank, EDITORIAL)
    assert "no-cue" not in codes(bank, EDITORIAL, essay=True)


def test_spanish_is_asked_about_where_there_is_some(bank: Bank) -> None:
    assert "spanish" not in codes(bank, EDITORIAL)
    assert "spanish" in codes(bank, EDITORIAL, spanish=True)


@pytest.mark.parametrize("state", sorted(set(ReviewState) - {CONTENT, EDITORIAL}))
def test_outside_of_review_nothing_is_asked(bank: Bank, state: ReviewState) -> None:
    assert codes(bank, state) == set()
