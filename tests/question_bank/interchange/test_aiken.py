"""Aiken: a question, lettered options, and the answer."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.interchange import FileFormat, RowStatus, read
from question_bank.interchange.aiken import read_aiken
from question_bank.interchange.parsed import FULL_MARK, NO_MARK

QUESTION = "What comes first?\nA. Advice\nB) A question\nC. Silence\nANSWER: B\n"


def test_questions_are_read_with_their_keys_and_lines() -> None:
    reading = read((QUESTION + "\n\nAnd then,\nafter a while?\na) x\nb) y\nanswer: a").encode(), "bank.txt")
    first, second = reading.items
    assert reading.format is FileFormat.AIKEN
    assert (first.line, first.stem, second.line, second.stem) == (
        1, "What comes first?", 8, "And then,\nafter a while?",
    )  # fmt: skip
    assert first.options == [("Advice", NO_MARK), ("A question", FULL_MARK), ("Silence", NO_MARK)]
    assert {item.status for item in reading.items} == {RowStatus.ACCEPTED}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Q?\nA. x\nB. y\n", "ANSWER:"),
        ("Q?\nA. x\nB. y\nR?\nA. x\nB. y\nANSWER: A", "ANSWER:"),
        ("Q?\nA. x\nB. y\nANSWER: D", "names no option"),
        ("Q?\nA. x\nB. y\nANSWER: A, B", "several right"),
        ("Q?\nA. x\nA. y\nANSWER: A", "same letter"),
        ("Q?\nA.\nB. y\nANSWER: B", "empty"),
        ("Q?\nANSWER: B", "names no option"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(text: str, word: str) -> None:
    item = read_aiken(text)[0]
    assert item.status is RowStatus.REFUSED
    assert word in str(item.reasons[0])


@given(st.text(alphabet="AB .)\nQ?ANSWER:<>", max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    for item in read_aiken(text):
        assert item.status is RowStatus.REFUSED or item.stem


def test_time_grows_with_size_only() -> None:
    start = time.perf_counter()
    for text in (QUESTION * 10_000, "A. " * 200_000, "Q\n" * 200_000, "ANSWER:" * 100_000):
        read_aiken(text)
    assert time.perf_counter() - start < 5
