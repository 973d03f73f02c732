"""Blueprints and forms as pictures: what each cell needs against what there is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms import ExamForm
from question_bank.exam_forms.composition import key_of
from question_bank.framework import Framework


@dataclass(frozen=True)
class CellPicture:
    label: str
    needed: int
    found: int
    used: int  # how many of those found are in use

    @property
    def short(self) -> int:
        """How many are missing; 0 when there are enough."""
        return max(self.needed - self.found, 0)

    @property
    def times(self) -> int:
        """How many times over the need is met."""
        return self.found // self.needed if self.needed else 0

    @property
    def heat(self) -> int:
        """How well the need is met, for the colour: 0 short, 1 once, 2 twice, 3 more."""
        return min(self.times, 3)


@dataclass(frozen=True)
class AreaPicture(CellPicture):
    terms: list[CellPicture]


def picture(
    blueprint: ExamBlueprint,
    framework: Framework,
    found: Counter[tuple[str, str]],
    used: Counter[tuple[str, str]] | None = None,
) -> list[AreaPicture]:
    """Every area of the blueprint, in the framework's order, with every term of its levels.

    ``used`` is how many of those found are in use, where not all are.
    """
    used = found if used is None else used
    levels, minimums = set(blueprint.levels), blueprint.minimums
    return [
        AreaPicture(
            label=area.title,
            needed=blueprint.counts[area.code],
            found=found[area.code, ""],
            used=used[area.code, ""],
            terms=[
                CellPicture(
                    framework.term_label(area.code, term.code),
                    minimums.get((area.code, term.code), 0),
                    found[area.code, term.code],
                    used[area.code, term.code],
                )
                for term in area.terms
                if levels <= term.labels.keys()
            ],
        )
        for area in framework.areas
        if blueprint.counts.get(area.code)
    ]


def forms_possible(areas: Iterable[AreaPicture]) -> int:
    """How many forms the bank could fill at most without using an item twice."""
    needs = [cell for area in areas for cell in (area, *area.terms) if cell.needed]
    return min((cell.times for cell in needs), default=0)


def composition(form: ExamForm) -> Counter[tuple[str, str]]:
    """What Part One of a form has per cell: (area, "") and (area, primary term)."""
    found: Counter[tuple[str, str]] = Counter()
    for entry in form.part_one:
        found[entry.item_version.area or "", ""] += 1
        found[entry.item_version.area or "", entry.item_version.primary_term] += 1
    return found


def key_letters(form: ExamForm) -> list[tuple[str, int]]:
    """How often each letter is the key, in the order of the letters; items without a single letter do not count."""
    keys = (key_of(entry.item_version).upper() for entry in form.part_one)
    return sorted(Counter(filter(None, keys)).items())
