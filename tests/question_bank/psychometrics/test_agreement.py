"""Agreement of two raters, on the worked example of the design."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.psychometrics.agreement import (
    LINEAR,
    QUADRATIC,
    UNWEIGHTED,
    adjacent_agreement,
    agreement,
    exact_agreement,
    kappa,
)

A = [1, 2, 3, 4, 2, 3, 4, 1, 3, 2]
B = [1, 2, 3, 3, 2, 4, 4, 2, 3, 1]

pairs = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=40)


@pytest.mark.parametrize(("power", "expected"), [(UNWEIGHTED, 0.45946), (LINEAR, 0.64912), (QUADRATIC, 0.80952)])
def test_the_worked_example(power: int, expected: float) -> None:
    assert kappa(A, B, 4, power) == pytest.approx(expected, abs=0.000005)


def test_exact_and_adjacent_agreement_of_the_worked_example() -> None:
    assert exact_agreement(A, B) == 0.6
    assert adjacent_agreement(A, B) == 1.0


@given(pairs)
def test_kappa_does_not_depend_on_the_order_of_raters_or_essays(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    there = kappa(first, second, 4, QUADRATIC)
    assert kappa(second, first, 4, QUADRATIC) == (None if there is None else pytest.approx(there))
    assert kappa(first[::-1], second[::-1], 4, QUADRATIC) == (None if there is None else pytest.approx(there))


@given(st.lists(st.integers(1, 4), min_size=2))
def test_equal_ratings_agree_perfectly_unless_there_was_no_choice(levels: list[int]) -> None:
    expected = None if len(set(levels)) == 1 else 1.0
    assert kappa(levels, levels, 4, QUADRATIC) == expected


def test_nine_pairs_are_too_few_to_judge() -> None:
    few = agreement(A[:9], B[:9], 4)
    assert (few.n, few.judged, few.exact, few.quadratic_kappa) == (9, False, None, None)


def test_ten_pairs_are_judged() -> None:
    enough = agreement(A, B, 4)
    assert (enough.n, enough.judged, enough.exact, enough.adjacent) == (10, True, 0.6, 1.0)
    assert enough.quadratic_kappa == pytest.approx(0.80952, abs=0.000005)
