"""How far two raters agree on the same essays. Pure: pairs of levels in, numbers out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# Below this many pairs no verdict is given.
TOO_FEW = 10

UNWEIGHTED, LINEAR, QUADRATIC = 0, 1, 2


def exact_agreement(first: Sequence[int], second: Sequence[int]) -> float:
    """The share of pairs that are equal."""
    return within(first, second, 0)


def adjacent_agreement(first: Sequence[int], second: Sequence[int]) -> float:
    """The share of pairs at most one level apart."""
    return within(first, second, 1)


def within(first: Sequence[int], second: Sequence[int], distance: int) -> float:
    return sum(abs(a - b) <= distance for a, b in zip(first, second, strict=True)) / len(first)


def kappa(first: Sequence[int], second: Sequence[int], levels: int, power: int = UNWEIGHTED) -> float | None:
    """Cohen's kappa, 1 − Σw·O/Σw·E with w = (|i−j|/(K−1)) to the power; power 0 counts every difference as one.

    None when it is undefined: by chance alone the two could not have differed.
    """
    n = len(first)
    observed = Counter(zip(first, second, strict=True))
    of_first, of_second = Counter(first), Counter(second)
    steps = range(1, levels + 1)
    weights = {(i, j): (abs(i - j) / (levels - 1)) ** power for i in steps for j in steps if i != j}
    seen = sum(weight * observed[pair] for pair, weight in weights.items()) / n
    by_chance = sum(weight * of_first[i] * of_second[j] for (i, j), weight in weights.items()) / n**2
    return 1 - seen / by_chance if by_chance else None


@dataclass(frozen=True)
class Agreement:
    """Agreement on ``n`` pairs; the numbers are None while there are too few to judge."""

    n: int
    exact: float | None = None
    adjacent: float | None = None
    quadratic_kappa: float | None = None

    @property
    def judged(self) -> bool:
        return self.n >= TOO_FEW


def agreement(first: Sequence[int], second: Sequence[int], levels: int) -> Agreement:
    """What may be said about these pairs of levels."""
    n = len(first)
    if n < TOO_FEW:
        return Agreement(n)
    return Agreement(
        n,
        exact=exact_agreement(first, second),
        adjacent=adjacent_agreement(first, second),
        quadratic_kappa=kappa(first, second, levels, QUADRATIC),
    )
