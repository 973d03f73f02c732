"""The formulas against numbers worked out by hand for eight candidates and six items."""

import pytest

from question_bank.psychometrics.classical import (
    Confidence,
    Flag,
    ItemStatistics,
    confidence,
    flags,
    form_statistics,
    item_statistics,
    wilson_interval,
)

ROWS = "111111 111110 111010 110100 101100 110001 100000 001000".split()
MATRIX = [[int(digit) for digit in row] for row in ROWS]


def test_difficulty_and_corrected_correlation_match_the_worked_example() -> None:
    items = item_statistics(MATRIX)
    assert [item.difficulty for item in items] == [0.875, 0.625, 0.625, 0.5, 0.375, 0.25]
    expected = [0.3477, 0.5637, 0.1511, 0.3592, 0.6869, 0.1925]
    assert [item.corrected_r for item in items] == pytest.approx(expected, abs=5e-5)


def test_reliability_matches_the_worked_example() -> None:
    form = form_statistics(MATRIX)
    assert form is not None
    assert (form.alpha, form.kr21, form.sem) == pytest.approx((0.64186, 0.53488, 0.98107), abs=5e-6)


def test_with_part_marks_difficulty_is_the_mean_mark_and_reliability_is_alpha() -> None:
    matrix: list[list[float]] = [[1, 0.5], [0.5, 0], [0, 0]]
    form, [first, second] = form_statistics(matrix), item_statistics(matrix)
    assert form is not None and not form.dichotomous
    # Variances 1/6 and 1/18 of the items, 7/18 of the totals.
    assert form.alpha == pytest.approx(2 * (1 - (4 / 18) / (7 / 18)))
    assert form.kr21 is None
    assert (first.right, second.right) == (1, 0)
    assert [first.difficulty, second.difficulty] == pytest.approx([1 / 2, 1 / 6])


def test_reliability_is_undefined_when_nobody_differs() -> None:
    form = form_statistics([[1, 0], [1, 0]])
    assert form is not None
    assert (form.alpha, form.kr21, form.sem) == (None, None, None)


def test_a_negative_reliability_is_shown_as_it_is() -> None:
    form = form_statistics([[1, 0], [0, 1], [1, 0], [0, 0]])
    assert form is not None and form.alpha is not None
    assert form.alpha < 0


def test_without_candidates_there_is_nothing_to_say() -> None:
    assert item_statistics([]) == []
    assert form_statistics([]) is None


@pytest.mark.parametrize(
    ("right", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)]
)
def test_wilson_interval_matches_published_values(right: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(right, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (9, Confidence.TOO_FEW),
        (10, Confidence.INDICATIVE),
        (29, Confidence.INDICATIVE),
        (30, Confidence.WITH_INTERVAL),
        (100, Confidence.FULL),
    ],
)
def test_confidence_grows_with_the_number_of_candidates(n: int, expected: Confidence) -> None:
    assert confidence(n) is expected


@pytest.mark.parametrize(
    ("difficulty", "r", "n", "expected"),
    [
        (0.29, 0.3, 40, [Flag.HARD]),
        (0.96, 0.3, 40, [Flag.EASY]),
        (0.5, 0.09, 40, [Flag.WEAK]),
        (0.5, -0.01, 40, [Flag.CHECK_KEY]),
        (0.5, None, 40, []),
        (0.29, -0.5, 9, []),
    ],
)
def test_flags_for_a_mastery_exam(difficulty: float, r: float | None, n: int, expected: list[Flag]) -> None:
    item = ItemStatistics(n=n, right=round(difficulty * n), difficulty=difficulty, interval=(0, 1), corrected_r=r)
    assert flags(item) == expected
