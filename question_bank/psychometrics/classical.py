"""Classical item and form statistics for dichotomous (0/1) responses.

Matrices are lists of rows, one per candidate, each a list of 0/1 per item. Volumes are small here, so what cannot be
said is None instead of a misleading number. Sources: Crocker & Algina, *Introduction to Classical and Modern Test
Theory* (1986), chapters 5, 7 and 14; Wilson, JASA 22 (1927) for the interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np

Matrix = Sequence[Sequence[int]]


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


def wilson_interval(right: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson 1927). ``n`` must be positive."""
    p = right / n
    centre = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


@dataclass(frozen=True)
class ItemStatistics:
    """Difficulty p with its interval, and the correlation of the item with the rest of the form."""

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
            right=int(column.sum()),
            difficulty=float(column.mean()),
            interval=wilson_interval(int(column.sum()), n),
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
    kr20: float | None
    kr21: float | None
    sem: float | None


def form_statistics(matrix: Matrix) -> FormStatistics | None:
    """Reliability of a form with population variances; None without candidates. A negative KR-20 is shown as it is."""
    scores = np.asarray(matrix, dtype=float)
    if scores.size == 0:
        return None
    n, k = scores.shape
    totals = scores.sum(axis=1)
    mean, variance = float(totals.mean()), float(totals.var())
    kr20 = kr21 = sem = None
    if n >= 2 and k >= 2 and variance > 0:
        p = scores.mean(axis=0)
        kr20 = k / (k - 1) * (1 - float((p * (1 - p)).sum()) / variance)
        kr21 = k / (k - 1) * (1 - mean * (k - mean) / (k * variance))
        sem = sqrt(variance * max(0.0, 1 - kr20))
    return FormStatistics(n, k, mean, sqrt(variance), kr20, kr21, sem)


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
