"""How responses become marks, and marks a score. Pure: no database, no clock, exact numbers.

Marks are exact fractions until they are stored, because a third of a mark must not decide between pass and fail by the
way it was rounded. What an answer to a question is worth, its kind says (question_bank/item_kinds). A change of any
rule here or there needs a new ``RULES_VERSION``, which every scoring run names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from question_bank.exam_policy import Adjudication

RULES_VERSION = "1"

# Rubric dimension -> level, as one rater read one essay.
Levels = Mapping[str, int]


class AdjudicationReason(StrEnum):
    """Why an essay needs a third reading."""

    LEVELS_APART = "levels_apart"
    VERDICTS_DIFFER = "verdicts_differ"
    NEAR_CUT = "near_cut"


@dataclass(frozen=True)
class EssayScale:
    """What the rubric of one essay is worth under the exam policy of the candidate."""

    dimensions: tuple[str, ...]
    level_marks: Mapping[int, Decimal]
    cut_percent: Decimal

    @property
    def top(self) -> Decimal:
        return max(self.level_marks.values())

    @property
    def maximum(self) -> Decimal:
        return self.top * len(self.dimensions)

    def total(self, levels: Levels) -> Decimal:
        """The marks of one reading."""
        return sum((self.level_marks[levels[code]] for code in self.dimensions), Decimal())


def adjudication_reasons(
    first: Levels, second: Levels, scale: EssayScale, rules: Adjudication
) -> list[AdjudicationReason]:
    """Why these two readings ask for a third; empty when they stand by themselves."""
    totals = [scale.total(first), scale.total(second)]
    verdicts = {reaches(Fraction(total), scale.maximum, scale.cut_percent) for total in totals}
    cut = scale.maximum * scale.cut_percent / 100
    checks = {
        AdjudicationReason.LEVELS_APART: any(
            abs(first[code] - second[code]) > rules.level_difference for code in scale.dimensions
        ),
        AdjudicationReason.VERDICTS_DIFFER: rules.on_pass_fail_disagreement and len(verdicts) > 1,
        # No marks around the cut: the rule is switched off.
        AdjudicationReason.NEAR_CUT: bool(rules.marks_around_cut)
        and abs(mean(totals) - Fraction(cut)) <= Fraction(rules.marks_around_cut),
    }
    return [reason for reason, needed in checks.items() if needed]


def readings_that_count(totals: Sequence[Decimal], *, planned: int) -> list[int]:
    """Which readings, by place, make the mark of an essay: all of those planned.

    An adjudicating reading (the third of two planned) counts with the closer of the first two; when both are equally
    close, all three count. The sources only say that a third reading is asked for: this is the association default.
    """
    if len(totals) <= planned or planned != 2:
        return list(range(len(totals)))
    first, second, third = totals
    to_first, to_second = abs(third - first), abs(third - second)
    if to_first == to_second:
        return [0, 1, 2]
    return [0, 2] if to_first < to_second else [1, 2]


@dataclass(frozen=True)
class EssayMark:
    mark: Fraction
    maximum: Decimal
    by_dimension: Mapping[str, Fraction]
    counted: Sequence[int]


def mark_essay(readings: Sequence[Levels], scale: EssayScale, *, planned: int) -> EssayMark:
    """The mark of an essay from its readings; without any (blank or not chosen) it is nothing."""
    counted = readings_that_count([scale.total(levels) for levels in readings], planned=planned)
    by_dimension = {
        code: mean([scale.level_marks[readings[place][code]] for place in counted]) for code in scale.dimensions
    }
    return EssayMark(sum(by_dimension.values(), Fraction()), scale.maximum, by_dimension, counted)


def mean(values: Sequence[Decimal]) -> Fraction:
    return sum(map(Fraction, values), Fraction()) / len(values) if values else Fraction()


def reaches(raw: Fraction, maximum: Decimal, cut_percent: Decimal) -> bool:
    """Whether a score reaches the cut, compared exactly: 48 of 60 passes at 80 percent, and 47.9999 does not."""
    return raw * 100 >= Fraction(maximum) * Fraction(cut_percent)


def percent(raw: Fraction, maximum: Decimal) -> Decimal:
    """The score in percent, for people: rounded half up to two decimals. It decides nothing."""
    return rounded(raw * 100 / Fraction(maximum), "0.01") if maximum else Decimal("0.00")


def stored(mark: Fraction) -> Decimal:
    """A mark as the database keeps it, to four decimals."""
    return rounded(mark, "0.0001")


def rounded(value: Fraction, step: str) -> Decimal:
    # Enough digits that the division itself cannot round a value over the half.
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(step), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Share:
    """What an area or a rubric dimension contributed, the only detail a candidate is told."""

    kind: str  # "area" or "dimension"
    code: str
    title: str
    raw: Fraction
    maximum: Decimal


def breakdown(shares: Iterable[Share]) -> list[Share]:
    """Shares of the same area or dimension added up, in the order in which each first occurs."""
    sums: dict[tuple[str, str], Share] = {}
    for share in shares:
        place = (share.kind, share.code)
        so_far = sums.get(place)
        sums[place] = (
            Share(share.kind, share.code, so_far.title, so_far.raw + share.raw, so_far.maximum + share.maximum)
            if so_far
            else share
        )
    return list(sums.values())
