"""Slot groups are filled with whole vignette sets, as full as can be, and never with enemies."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.slot_filling import MOST_STEPS, Bundle, Search, by_code

A, B, SET, OTHER_SET, THREE = ("a",), ("b",), ("c", "d"), ("e", "f"), ("g", "h", "i")


@pytest.mark.parametrize(
    ("bundles", "places", "enemies", "chosen"),
    [
        ([A, B, SET], 2, [], [A, B]),
        ([SET, A, B], 2, [], [SET]),
        ([A, SET, OTHER_SET], 3, [], [A, SET]),
        ([SET, OTHER_SET, A], 3, [], [SET, A]),
        ([A, SET], 2, [], [SET]),  # the first of the list is left out where the others fill the group
        ([THREE], 2, [], []),
        ([SET, OTHER_SET], 3, [], [SET]),  # as full as can be
        ([A, B, SET], 2, [("a", "b")], [SET]),
        ([A, SET, B], 3, [("a", "d")], [SET, B]),
        ([A, SET], 3, [("a", "d")], [SET]),
        ([A], 0, [], []),
        ([], 2, [], []),
    ],
)
def test_a_slot_group_is_filled(
    bundles: list[Bundle], places: int, enemies: list[tuple[str, str]], chosen: list[Bundle]
) -> None:
    assert Search(by_code(map(frozenset, enemies))).fullest(bundles, places) == chosen


SIZES = st.lists(st.integers(1, 3), max_size=6)
PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=5)


@given(sizes=SIZES, places=st.integers(0, 6), pairs=PAIRS)
def test_nothing_fuller_could_be_chosen(sizes: list[int], places: int, pairs: list[tuple[int, int]]) -> None:
    bundles = [tuple(f"{number}{'xyz'[place]}" for place in range(size)) for number, size in enumerate(sizes)]
    enemies = [frozenset((f"{one}x", f"{other}x")) for one, other in pairs if one != other]

    def stands(chosen: tuple[Bundle, ...]) -> bool:
        codes = set(chain.from_iterable(chosen))
        return len(codes) <= places and not any(pair <= codes for pair in enemies)

    choices = [choice for n in range(len(bundles) + 1) for choice in combinations(bundles, n) if stands(choice)]
    chosen = tuple(Search(by_code(enemies)).fullest(bundles, places))
    most = max(sum(map(len, choice)) for choice in choices)
    assert stands(chosen)
    assert sum(map(len, chosen)) == most
    # Of the fullest, the one with what stands first: combinations come in that order.
    rank = {bundle: number for number, bundle in enumerate(bundles)}
    assert chosen == min(
        (choice for choice in choices if sum(map(len, choice)) == most), key=lambda c: [rank[bundle] for bundle in c]
    )


@pytest.mark.parametrize(
    ("themes", "of_each", "places", "steps"), [(2, 80, 3, 6_560), (6, 20, 7, MOST_STEPS), (3, 100, 4, MOST_STEPS)]
)
def test_a_search_among_many_enemies_ends_with_the_best_so_far(
    themes: int, of_each: int, places: int, steps: int
) -> None:
    """Of each theme one may stand on a form, and there is a place more than there are themes."""
    bundles: list[Bundle] = [(f"{theme}-{number}",) for number in range(of_each) for theme in range(themes)]
    enemies = (frozenset(one + other) for one, other in combinations(bundles, 2) if one[0][0] == other[0][0])
    search = Search(by_code(enemies))
    assert search.fullest(bundles, places) == bundles[:themes]
    assert search.steps == steps
