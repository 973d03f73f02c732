"""Who could review what: those who know the area first, and of them whoever has least to do. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class OpenReview:
    """A review for which somebody is wanted, and who may not do it."""

    code: str
    area: str | None
    barred: frozenset[int]


@dataclass(frozen=True)
class Reviewer:
    """Somebody who could be asked: the areas they know, and for how many reviews they are asked already."""

    id: int
    areas: frozenset[str]
    load: int


def propose(wanted: Iterable[OpenReview], reviewers: Sequence[Reviewer]) -> dict[str, int | None]:
    """The reviewer proposed for each, by its code; None where nobody is left who may do it.

    Reviews with the fewest possible reviewers choose first, so that nobody is given away whom only they could have.
    """
    loads = {reviewer.id: reviewer.load for reviewer in reviewers}
    able = {review: [reviewer for reviewer in reviewers if reviewer.id not in review.barred] for review in wanted}
    proposed: dict[str, int | None] = {}
    for review in sorted(able, key=lambda review: (len(able[review]), review.code)):
        ranked = ((review.area not in reviewer.areas, loads[reviewer.id], reviewer.id) for reviewer in able[review])
        best = min(ranked, default=None)
        proposed[review.code] = best[2] if best else None
        if best:
            loads[best[2]] += 1
    return proposed
