"""Classical item and form statistics for items that are worth up to one mark.

Matrices are lists of rows, one per candidate, each a list of marks from 0 to 1 per item. Where all of them are 0 or 1,
coefficient alpha is KR-20. Volumes are small here, so what cannot be said is None instead of a misleading number.
Sources: Crocker & Algina, *Introduction to Classical and Modern Test
Theory* (1986), chapters 5, 7 and 14; Wilson, JASA 22 (1927) for the interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np

Matrix = Sequence[Sequence[float]]


class Confidence(StrEnum):
    """How far a statistic over n candidates may be trusted."""

    TOO_FEW = "too_few"
    INDICATIVE = "indicative"
    WITH_INTERVAL = "with_interval"
    FULL = "full"


def confidence(n: int) -> Confidence:
    """Below 10 candidates nothing is judged; to 29 indicative; to 99 with intervals; from 100 in full."""
    if n < 10:
        return Confidence.TOO_FEW
    if n < 30:
        return Confidence.INDICATIVE
    return Confidence.WITH_INTERVAL if n < 100 else Confidence.FULL


def wilson_interval(marks: float, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson 1927). ``n`` must be positive.

    Of part marks it is on the safe side: marks from 0 to 1 never vary more than 0 and 1 with the same mean do.
    """
    p = marks / n
    centre = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


@dataclass(frozen=True)
class ItemStatistics:
    """Difficulty p, the mean mark, with its interval; and the correlation of the item with the rest of the form.

    ``right`` counts the whole marks.
    """

    n: int
    right: int
    difficulty: float
    interval: tuple[float, float]
    corrected_r: float | None


def item_statistics(matrix: Matrix) -> list[ItemStatistics]:
    """One entry per item; empty without candidates. ``corrected_r`` is None where a variance is zero."""
    scores = np.asarray(matrix, dtype=float)
    if scores.size == 0:
        return []
    totals = scores.sum(axis=1)
    n = len(scores)
    return [
        ItemStatistics(
            n=n,
            right=int((column == 1).sum()),
            difficulty=float(column.mean()),
            interval=wilson_interval(float(column.sum()), n),
            corrected_r=correlation(column, totals - column),
        )
        for column in scores.T
    ]


def correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    """Pearson's r; None when either side does not vary."""
    if x.std() == 0 or y.std() == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])


@dataclass(frozen=True)
class FormStatistics:
    n: int
    items: int
    mean: float
    standard_deviation: float
    alpha: float | None
    sem: float | None
    # Whether every mark is 0 or 1, so that alpha is KR-20; only then there is a KR-21.
    dichotomous: bool
    kr21: float | None


def form_statistics(matrix: Matrix) -> FormStatistics | None:
    """Reliability of a form with population variances; None without candidates. A negative alpha is shown as it is."""
    scores = np.asarray(matrix, dtype=float)
    if scores.size == 0:
        return None
    n, k = scores.shape
    totals = scores.sum(axis=1)
    mean, variance = float(totals.mean()), float(totals.var())
    dichotomous = bool(np.isin(scores, (0, 1)).all())
    alpha = kr21 = sem = None
    if n >= 2 and k >= 2 and variance > 0:
        alpha = k / (k - 1) * (1 - float(scores.var(axis=0).sum()) / variance)
        kr21 = k / (k - 1) * (1 - mean * (k - mean) / (k * variance)) if dichotomous else None
        sem = sqrt(variance * max(0.0, 1 - alpha))
    return FormStatistics(n, k, mean, sqrt(variance), alpha, sem, dichotomous, kr21)


class Flag(StrEnum):
    """What a committee should look at, for a mastery exam."""

    HARD = "hard"  # p < .30
    EASY = "easy"  # p > .95, a note only
    WEAK = "weak"  # corrected r < .10
    CHECK_KEY = "check_key"  # corrected r < 0


def flags(item: ItemStatistics) -> list[Flag]:
    """No flag below ten candidates: nothing can be judged."""
    if confidence(item.n) is Confidence.TOO_FEW:
        return []
    found = []
    if item.difficulty < 0.30:
        found.append(Flag.HARD)
    if item.difficulty > 0.95:
        found.append(Flag.EASY)
    if item.corrected_r is not None and item.corrected_r < 0.10:
        found.append(Flag.CHECK_KEY if item.corrected_r < 0 else Flag.WEAK)
    return found
