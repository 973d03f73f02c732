"""Filling a slot group with vignettes: sets whole or not at all, and no enemies. Pure: no database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

# The codes of essays that stand on a form together: a vignette set, or one essay.
Bundle = tuple[str, ...]
# Code -> the codes of its enemies.
EnemiesOf = Mapping[str, AbstractSet[str]]
# A limit counted in work done, as in assembly.py: many enemies could make a search try every choice there is. With
# hundreds of vignettes it is reached within a second.
MOST_STEPS = 10_000


@dataclass
class Search:
    """Looks for bundles without enemies among them; ``best`` is the fullest choice it has come upon."""

    enemies_of: EnemiesOf
    steps: int = 0
    best: list[Bundle] = field(default_factory=list)

    def fullest(self, bundles: Sequence[Bundle], places: int) -> list[Bundle]:
        """The bundles that fill most of the places; of several such choices, the one with what stands first.

        After the last step it is the best so far.
        """
        for wanted in range(places, 0, -1):
            if found := self.filling(bundles, wanted):
                return found
        return self.best

    def filling(self, bundles: Sequence[Bundle], places: int, chosen: Sequence[Bundle] = ()) -> list[Bundle] | None:
        """The first bundles that take exactly so many places besides those chosen; None where none are found."""
        self.best = max(self.best, list(chosen), key=lambda some: sum(map(len, some)))
        if not places:
            return list(chosen)
        # Looked at first, so that only enemies ever make the search go back.
        if places not in sums(map(len, bundles), places):
            return None
        for number, bundle in enumerate(bundles):
            if len(bundle) > places:
                continue
            if self.steps == MOST_STEPS:
                return None
            self.steps += 1
            met = enemies_met(bundle, self.enemies_of)
            rest = [other for other in bundles[number + 1 :] if met.isdisjoint(other)]
            if found := self.filling(rest, places - len(bundle), [*chosen, bundle]):
                return found
        return None


def sums(sizes: Iterable[int], most: int) -> set[int]:
    """What some of these sizes make together, up to so many."""
    found = {0}
    for size in sizes:
        found |= {total for before in found if (total := before + size) <= most}
    return found


def by_code(enemies: Iterable[frozenset[str]]) -> dict[str, set[str]]:
    """Each item that has enemies with all of them, from the pairs."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in enemies:
        for code in pair:
            found[code] |= pair - {code}
    return dict(found)


def enemies_met(codes: Collection[str], enemies_of: EnemiesOf) -> set[str]:
    """The codes of the enemies of these items."""
    return {enemy for code in codes for enemy in enemies_of.get(code, ())}
