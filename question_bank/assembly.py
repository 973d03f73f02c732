"""Choosing the items of a form: the blueprint's cells as constraints, solved exactly. Pure: no database.

The same pool, cells and seed give the same form on every machine: one worker, a fixed seed, and a limit counted in
work done, not in seconds.
"""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ortools.sat.python import cp_model

# Item-writing advice on keys: no letter on more than this share of a form, and no longer run of one letter.
LARGEST_KEY_SHARE = 0.4
LONGEST_KEY_RUN = 4
# A limit in the solver's own unit of work, about this many seconds: on SQLite nobody else can write meanwhile.
WORK_LIMIT = 2.0
SHUFFLES = 500
# What the choice minds, heaviest first. A use counts up to MOST_USES, so the sum stays small.
COST_OF_KEY_EXCESS = 2_000
COST_OF_USE = 300
COST_OF_TERM_EXCESS = 60
COST_OF_KEY_SPREAD = 40
MOST_USES = 10


@dataclass(frozen=True)
class PoolItem:
    """An item in use as the assembly sees it. ``used_count`` is the number of sealed forms that carry it.

    ``key`` is the letter of the key; "" for a kind that has no such letter, and then it plays no part. Items that say
    the same in ``travels_with`` stand on a form all together and one after the other, or not at all.
    """

    code: str
    version_id: int
    area: str
    primary_term: str
    key: str
    used_count: int = 0
    travels_with: str = ""


@dataclass(frozen=True)
class Cell:
    """Exactly ``count`` items of the area (term ""), or at least ``count`` with this primary term."""

    area: str
    term: str
    count: int

    def holds(self, item: PoolItem) -> bool:
        return item.area == self.area and self.term in ("", item.primary_term)


@dataclass(frozen=True)
class Missing:
    """A cell that the pool cannot fill: of the items ``in_use``, ``excluded`` stand on forms to differ from."""

    area: str
    term: str
    needed: int
    in_use: int
    excluded: int

    @property
    def available(self) -> int:
        return self.in_use - self.excluded


@dataclass(frozen=True)
class Assembly:
    """The items in the order of the form."""

    items: list[PoolItem]


@dataclass(frozen=True)
class Shortage:
    """Nothing ``missing`` means that each cell could be filled, but not all together without enemies or torn sets."""

    missing: list[Missing]


def assemble(
    pool: Sequence[PoolItem],
    cells: Sequence[Cell],
    *,
    seed: int,
    exclude: Collection[str] = (),
    enemies: Collection[frozenset[str]] = (),
) -> Assembly | Shortage:
    """Choose and order a form, or say exactly what is missing.

    ``exclude`` holds codes of items not to be used; ``enemies`` the pairs of codes that never meet on a form.
    """
    torn = {item.travels_with for item in pool if item.code in exclude} - {""}
    exclude = {*exclude, *(item.code for item in pool if item.travels_with in torn)}
    missing = missing_from(pool, cells, exclude)
    if missing:
        return Shortage(missing)
    # In the order of the codes, so that the order in which the database answers plays no part.
    free = sorted((item for item in pool if item.code not in exclude), key=lambda item: item.code)
    chosen = choose(free, cells, seed, enemies)
    return Shortage([]) if chosen is None else Assembly(shuffled(chosen, seed))


def missing_from(pool: Iterable[PoolItem], cells: Iterable[Cell], exclude: Collection[str] = ()) -> list[Missing]:
    """The cells the pool cannot fill. Every item has one area and one primary term, so counting is exact."""
    found = []
    for cell in cells:
        codes = {item.code for item in pool if cell.holds(item)}
        missing = Missing(cell.area, cell.term, cell.count, len(codes), len(codes.intersection(exclude)))
        if missing.available < missing.needed:
            found.append(missing)
    return found


def choose(
    pool: Sequence[PoolItem], cells: Sequence[Cell], seed: int, enemies: Collection[frozenset[str]] = ()
) -> list[PoolItem] | None:
    """The best choice: every cell met, little used, keys and terms spread; the seed decides between equals.

    None when enemies and vignette sets leave no choice.
    """
    model = cp_model.CpModel()
    chosen = [model.new_bool_var(item.code) for item in pool]
    for cell in cells:
        count = sum_of(chosen[i] for i, item in enumerate(pool) if cell.holds(item))
        model.add(count >= cell.count if cell.term else count == cell.count)
    for area in {item.area for item in pool} - {cell.area for cell in cells if not cell.term}:
        model.add(sum_of(chosen[i] for i, item in enumerate(pool) if item.area == area) == 0)
    bound = bind_company(model, dict(zip((item.code for item in pool), chosen, strict=True)), pool, enemies)
    taste = random.Random(seed)
    cost: list[cp_model.LinearExprT] = [
        chosen[i] * (COST_OF_USE * min(item.used_count, MOST_USES) + taste.randrange(30)) for i, item in enumerate(pool)
    ]
    total = sum(cell.count for cell in cells if not cell.term)
    cost += key_costs(model, pool, chosen, total) + term_costs(model, pool, chosen, cells)
    model.minimize(sum_of(cost))
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.num_workers = 1
    solver.parameters.interleave_search = True
    solver.parameters.max_deterministic_time = WORK_LIMIT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        if bound:
            return None
        raise ValueError("The cells contradict each other: the minimums of an area exceed its count.")
    return [item for i, item in enumerate(pool) if solver.boolean_value(chosen[i])]


def bind_company(
    model: cp_model.CpModel,
    chosen: Mapping[str, cp_model.IntVar],
    pool: Sequence[PoolItem],
    enemies: Collection[frozenset[str]],
) -> bool:
    """Vignette sets come whole or not at all, and enemies never meet; whether there was anything to bind."""
    apart = [pair for pair in enemies if pair <= chosen.keys()]
    for one, other in map(sorted, apart):
        model.add(chosen[one] + chosen[other] <= 1)
    first_of: dict[str, str] = {}
    travelling = [item for item in pool if item.travels_with]
    for item in travelling:
        model.add(chosen[item.code] == chosen[first_of.setdefault(item.travels_with, item.code)])
    return bool(apart or travelling)


def sum_of(terms: Iterable[cp_model.LinearExprT]) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.sum(list(terms))


def key_costs(
    model: cp_model.CpModel, pool: Sequence[PoolItem], chosen: Sequence[cp_model.IntVar], total: int
) -> list[cp_model.LinearExprT]:
    """What uneven key letters cost: dear above the largest share, cheap above an even spread."""
    letters = sorted({item.key for item in pool if item.key})
    most, even = int(total * LARGEST_KEY_SHARE), -(-total // max(len(letters), 1))
    costs: list[cp_model.LinearExprT] = []
    for letter in letters:
        count = sum_of(chosen[i] for i, item in enumerate(pool) if item.key == letter)
        costs.append(excess(model, count, most, total) * COST_OF_KEY_EXCESS)
        costs.append(excess(model, count, even, total) * COST_OF_KEY_SPREAD)
    return costs


def term_costs(
    model: cp_model.CpModel, pool: Sequence[PoolItem], chosen: Sequence[cp_model.IntVar], cells: Sequence[Cell]
) -> list[cp_model.LinearExprT]:
    """What it costs when one term of an area has more items than its even part."""
    costs: list[cp_model.LinearExprT] = []
    for cell in cells:
        terms = sorted({item.primary_term for item in pool if item.area == cell.area})
        if cell.term or not terms:
            continue
        for term in terms:
            whole = Cell(cell.area, term, 0)
            count = sum_of(chosen[i] for i, item in enumerate(pool) if whole.holds(item))
            costs.append(excess(model, count, -(-cell.count // len(terms)), cell.count) * COST_OF_TERM_EXCESS)
    return costs


def excess(model: cp_model.CpModel, count: cp_model.LinearExprT, limit: int, highest: int) -> cp_model.IntVar:
    """A variable that is at least what ``count`` has above ``limit``; being costly, it is exactly that."""
    over = model.new_int_var(0, highest, "")
    model.add(over >= count - limit)
    return over


def shuffled(items: Sequence[PoolItem], seed: int) -> list[PoolItem]:
    """A repeatable order without a long run of one key letter, where the letters allow it."""
    together: dict[str, list[PoolItem]] = {}
    for item in items:
        together.setdefault(item.travels_with or item.code, []).append(item)
    blocks, order = list(together.values()), list(items)
    chance = random.Random(seed)
    for _ in range(SHUFFLES):
        chance.shuffle(blocks)
        order = [item for block in blocks for item in block]
        if longest_run(item.key for item in order) <= LONGEST_KEY_RUN:
            break
    return order


def longest_run(letters: Iterable[str]) -> int:
    return max((len(list(run)) for letter, run in groupby(letters) if letter), default=0)


def largest_share(letters: Sequence[str]) -> float:
    """The share of the commonest letter; 0 without letters."""
    return max(Counter(letters).values()) / len(letters) if letters else 0.0
