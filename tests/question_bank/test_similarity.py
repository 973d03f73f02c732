"""Texts that say nearly the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.similarity import TextIndex, features, similarity

STEM = "A grandmother says that the toddler bites at every goodbye. What does the specialist offer first?"
WORDS = [f"word{number:02}"[::-1] for number in range(14)]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (STEM, 1.0),
        (STEM.upper(), 1.0),
        ("First, what does the specialist offer? The grandmother says a toddler bites at every goodbye.", 1.0),
        (STEM.replace("toddler bites", "toddlers bite"), 0.9),
        (STEM.replace("toddler", "girl"), 8 / 9),
        ("Who may supervise a written examination?", 0.0),
    ],
)
def test_texts_are_as_similar_as_the_words_they_share(other: str, expected: float) -> None:
    assert similarity(features(STEM), features(other)) == pytest.approx(expected, abs=0.1)


def test_a_text_is_found_until_it_is_replaced_or_removed() -> None:
    index = TextIndex()
    index.put(1, STEM)
    index.put(2, STEM.replace("toddler", "girl"))
    assert [match.key for match in index.similar(STEM)] == [1, 2]
    index.put(1, "Something else altogether, which nobody has asked before now")
    index.remove(2)
    assert index.similar(STEM) == []


def test_a_few_words_are_not_compared() -> None:
    index = TextIndex()
    index.put(1, "What helps?")
    assert index.similar("What helps?") == []


@given(st.lists(TEXTS, max_size=25), TEXTS, st.floats(0.05, 1))
def test_nothing_is_missed_that_comparing_with_every_text_finds(texts: list[str], text: str, least: float) -> None:
    index = TextIndex()
    for key, other in enumerate(texts):
        index.put(key, other)
    wanted = features(text)
    every = {key for key, other in enumerate(texts) if similarity(wanted, features(other)) >= least}
    assert {match.key for match in index.similar(text, at_least=least)} == (every if len(wanted) >= 5 else set())
