"""Filling a slot group with vignettes: sets whole or not at all, and no enemies. Pure: no database."""

from collections.abc import Collection, Iterable, Sequence

# The codes of essays that stand on a form together: a vignette set, or one essay.
Bundle = tuple[str, ...]


def fullest(bundles: Sequence[Bundle], places: int, enemies: Collection[frozenset[str]]) -> list[Bundle]:
    """The bundles that fill most of the places; of several such choices, the one with what stands first in the list."""
    found = (filling(bundles, wanted, enemies) for wanted in range(places, -1, -1))
    return next(chosen for chosen in found if chosen is not None)


def filling(bundles: Sequence[Bundle], places: int, enemies: Collection[frozenset[str]]) -> list[Bundle] | None:
    """The first bundles that take exactly so many places; None where there are none such."""
    if not places:
        return []
    # Looked at first, so that only enemies ever make the search go back.
    if places not in sums(map(len, bundles), places):
        return None
    for number, bundle in enumerate(bundles):
        met = enemies_met(bundle, enemies)
        rest = [other for other in bundles[number + 1 :] if not met.intersection(other)]
        left = filling(rest, places - len(bundle), enemies) if len(bundle) <= places else None
        if left is not None:
            return [bundle, *left]
    return None


def sums(sizes: Iterable[int], most: int) -> set[int]:
    """What some of these sizes make together, up to so many."""
    found = {0}
    for size in sizes:
        found |= {total for before in found if (total := before + size) <= most}
    return found


def enemies_met(codes: Collection[str], enemies: Collection[frozenset[str]]) -> set[str]:
    """The codes of the enemies of these items."""
    return {code for pair in enemies for code in pair if pair - {code} <= set(codes)}
