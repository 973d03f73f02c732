"""Marks and scores, as tables: the rules of the default exam policy and what must hold for any."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.scoring.marking import (
    AdjudicationReason,
    EssayScale,
    Share,
    adjudication_reasons,
    breakdown,
    mark_essay,
    percent,
    reaches,
    readings_that_count,
    stored,
)
from question_bank.exam_policy import Adjudication, default_exam_policy

POLICY = default_exam_policy()
SCALE = EssayScale(("a", "b", "c", "d"), POLICY.level_marks, Decimal(80))
APART, DISAGREE, NEAR = AdjudicationReason

readings = st.fixed_dictionaries({code: st.integers(1, 4) for code in SCALE.dimensions})


def levels(text: str) -> dict[str, int]:
    """ "3344" is level 3 on a and b, level 4 on c and d."""
    return dict(zip(SCALE.dimensions, map(int, text), strict=True))


def totals(*values: int) -> list[Decimal]:
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("raw", "maximum", "cut", "passes"),
    [
        ("48", 60, "80", True),
        ("47", 60, "80", False),
        ("47.9999", 60, "80", False),
        ("32", 40, "80", True),
        ("2/3", 1, "66.67", False),  # 66.666… percent is shown as 66.67 and still does not reach it
        ("0", 60, "0", True),
    ],
)
def test_a_part_is_passed_when_its_score_reaches_the_cut_exactly(
    raw: str, maximum: int, cut: str, passes: bool
) -> None:
    assert reaches(Fraction(raw), Decimal(maximum), Decimal(cut)) is passes


@pytest.mark.parametrize(
    ("raw", "maximum", "shown"),
    [("48", 60, "80.00"), ("2/3", 1, "66.67"), ("1/800", 1, "0.13"), ("1/8", 100, "0.13"), ("0", 0, "0.00")],
)
def test_percents_are_rounded_half_up_to_two_decimals(raw: str, maximum: int, shown: str) -> None:
    assert str(percent(Fraction(raw), Decimal(maximum))) == shown


@pytest.mark.parametrize(("text", "total"), [("1111", 4), ("2222", 8), ("3333", 16), ("4444", 20), ("1234", 12)])
def test_a_reading_is_worth_the_marks_of_its_levels(text: str, total: int) -> None:
    assert SCALE.total(levels(text)) == total
    assert SCALE.maximum == 20


def test_competent_in_every_dimension_is_exactly_the_cut() -> None:
    assert reaches(Fraction(SCALE.total(levels("3333"))), SCALE.maximum, SCALE.cut_percent)


@pytest.mark.parametrize(
    ("first", "second", "reasons"),
    [
        ("2222", "2222", []),  # 8 and 8: far below the cut of 16
        ("4444", "4444", []),  # 20 and 20
        ("2222", "2232", []),  # one level apart is agreement
        ("2222", "2242", [APART]),  # two levels are not
        ("4444", "2444", [APART]),  # 20 and 17 both pass and the mean is 18.5, but two levels lie between
        ("3333", "3333", [NEAR]),  # 16 and 16: exactly the cut
        ("4433", "3333", [NEAR]),  # 18 and 16: the mean is 17, just one mark above the cut
        ("4433", "4333", []),  # 18 and 17
        ("4333", "2333", [APART, DISAGREE, NEAR]),  # 17 and 14, mean 15.5
        ("3333", "2233", [DISAGREE]),  # 16 and 12, mean 14
    ],
)
def test_when_a_third_reading_is_asked_for(first: str, second: str, reasons: list[AdjudicationReason]) -> None:
    assert adjudication_reasons(levels(first), levels(second), SCALE, POLICY.adjudication) == reasons


def test_each_reason_can_be_switched_off_by_the_policy() -> None:
    off = Adjudication(level_difference=3, on_pass_fail_disagreement=False, marks_around_cut=Decimal(0))
    assert adjudication_reasons(levels("4333"), levels("1333"), SCALE, off) == []


@pytest.mark.parametrize(
    ("values", "planned", "counted"),
    [
        ((14,), 1, [0]),
        ((14, 18), 2, [0, 1]),
        ((14, 18, 17), 2, [1, 2]),  # the third is closer to the second
        ((14, 18, 15), 2, [0, 2]),
        ((14, 18, 20), 2, [1, 2]),
        ((14, 18, 16), 2, [0, 1, 2]),  # exactly between: all three
        ((16, 16, 12), 2, [0, 1, 2]),
        ((14, 18, 20), 3, [0, 1, 2]),  # three planned readings all count
    ],
)
def test_the_third_reading_counts_with_the_closer_of_the_first_two(
    values: tuple[int, ...], planned: int, counted: list[int]
) -> None:
    assert readings_that_count(totals(*values), planned=planned) == counted


def test_the_mark_of_an_essay_is_the_mean_of_the_readings_that_count() -> None:
    result = mark_essay([levels("3333"), levels("4444")], SCALE, planned=2)
    assert (result.mark, result.maximum) == (Fraction(18), Decimal(20))
    assert result.by_dimension == {code: Fraction(9, 2) for code in SCALE.dimensions}


def test_three_equal_distances_keep_their_third_of_a_mark() -> None:
    result = mark_essay([levels("3333"), levels("3333"), levels("3332")], SCALE, planned=2)
    assert result.mark == Fraction(46, 3)
    assert str(stored(result.mark)) == "15.3333"


def test_an_essay_nobody_wrote_has_no_marks_of_the_same_maximum() -> None:
    nothing = mark_essay([], SCALE, planned=2)
    assert (nothing.mark, nothing.maximum) == (Fraction(0), Decimal(20))


def test_the_breakdown_adds_up_areas_in_the_order_of_the_form() -> None:
    def share(area: str, raw: int) -> Share:
        return Share("area", area, area.title(), Fraction(raw), Decimal(1))

    parts = breakdown([share("thinking", 1), share("reflection", 0), share("thinking", 1)])
    assert [(s.code, str(s.raw), str(s.maximum)) for s in parts] == [("thinking", "2", "2"), ("reflection", "0", "1")]


@given(readings, readings)
def test_the_order_of_two_raters_changes_nothing(first: Mapping[str, int], second: Mapping[str, int]) -> None:
    assert mark_essay([first, second], SCALE, planned=2).mark == mark_essay([second, first], SCALE, planned=2).mark
    assert adjudication_reasons(first, second, SCALE, POLICY.adjudication) == adjudication_reasons(
        second, first, SCALE, POLICY.adjudication
    )


@given(readings, readings, readings)
def test_the_order_of_the_first_two_changes_nothing_after_adjudication(
    first: Mapping[str, int], second: Mapping[str, int], third: Mapping[str, int]
) -> None:
    there = mark_essay([first, second, third], SCALE, planned=2).mark
    assert there == mark_essay([second, first, third], SCALE, planned=2).mark
    assert 4 <= there <= 20


@given(readings, readings, st.sampled_from(SCALE.dimensions))
def test_a_better_level_never_lowers_the_mark_of_two_readings(
    first: dict[str, int], second: Mapping[str, int], dimension: str
) -> None:
    better = {**first, dimension: min(first[dimension] + 1, 4)}
    assert mark_essay([better, second], SCALE, planned=2).mark >= mark_essay([first, second], SCALE, planned=2).mark


@given(st.integers(0, 240), st.integers(0, 240), st.integers(1, 240), st.integers(0, 100))
def test_more_marks_never_turn_a_pass_into_a_fail(less: int, more: int, maximum: int, cut: int) -> None:
    less, more = sorted((less, more))
    failed_with_more = not reaches(Fraction(more), Decimal(maximum), Decimal(cut))
    assert not (failed_with_more and reaches(Fraction(less), Decimal(maximum), Decimal(cut)))
    assert percent(Fraction(less), Decimal(maximum)) <= percent(Fraction(more), Decimal(maximum))
