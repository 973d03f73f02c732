"""Writing exam blueprints, and how far the bank fills them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.exam_blueprint import BlueprintCell, ExamBlueprint
from question_bank.exam_forms.models import ExamForm
from question_bank.framework import Area, Framework, current_framework
from question_bank.item_kinds import QUESTIONS
from question_bank.item_pool import for_every_level, versions_in_use
from question_bank.item_sets import whole_sets


@dataclass(frozen=True)
class BlueprintPlan:
    """What a blueprint says, as it is written by a person or read from a file. Zeros are left out when it is stored."""

    title: str
    levels: list[int]
    counts: Mapping[str, int]
    minimums: Mapping[tuple[str, str], int] = field(default_factory=dict)


def create_blueprint(session: Session, plan: BlueprintPlan, *, by: int | None, at: datetime) -> ExamBlueprint:
    blueprint = ExamBlueprint(created_at=at, created_by_id=by)
    write_plan(session, blueprint, plan)
    audit.record(session, "exam_blueprint.created", "exam_blueprint", blueprint.id, by=by, at=at, title=plan.title)
    return blueprint


def change_blueprint(session: Session, blueprint: ExamBlueprint, plan: BlueprintPlan, *, by: int, at: datetime) -> None:
    """Change a blueprint that no sealed form follows."""
    if followed_by_sealed_form(session, blueprint):
        raise RuleViolation(
            "A sealed form follows “%(title)s”, so it stays as it is. Make a copy and change that.",
            title=blueprint.title,
        )
    before = {"title": blueprint.title, "total": blueprint.total}
    write_plan(session, blueprint, plan)
    audit.record(
        session,
        "exam_blueprint.changed",
        "exam_blueprint",
        blueprint.id,
        by=by,
        at=at,
        before=before,
        after={"title": blueprint.title, "total": blueprint.total},
    )


def followed_by_sealed_form(session: Session, blueprint: ExamBlueprint) -> bool:
    sealed = select(ExamForm.id).where(ExamForm.blueprint_id == blueprint.id, ExamForm.sealed_sha256.is_not(None))
    return session.scalar(sealed.limit(1)) is not None


def write_plan(session: Session, blueprint: ExamBlueprint, plan: BlueprintPlan) -> None:
    refuse_impossible(plan, current_framework(session))
    refuse_taken_title(session, blueprint, plan.title)
    blueprint.title, blueprint.levels = plan.title, sorted(plan.levels)
    wanted = {(area, ""): count for area, count in plan.counts.items() if count}
    wanted |= {cell: count for cell, count in plan.minimums.items() if count}
    kept = {(cell.area, cell.term): cell for cell in blueprint.cells}
    blueprint.cells = [kept.get(key) or BlueprintCell(area=key[0], term=key[1]) for key in wanted]
    for cell in blueprint.cells:
        cell.count = wanted[cell.area, cell.term]
    session.add(blueprint)
    session.flush()


def refuse_impossible(plan: BlueprintPlan, framework: Framework) -> None:
    if not plan.levels:
        raise RuleViolation("Choose at least one level.")
    if not any(plan.counts.values()):
        raise RuleViolation("Ask for at least one item.")
    named = [*plan.counts.items(), *((area, count) for (area, _), count in plan.minimums.items())]
    for code in sorted({area for area, count in named if count}):
        area = framework.area(code)
        if area is None or not set(plan.levels) <= area.levels():
            raise RuleViolation(
                "%(area)s is not an area of every level of this blueprint.", area=area.title if area else code
            )
        refuse_impossible_minimums(plan, area)


def refuse_impossible_minimums(plan: BlueprintPlan, area: Area) -> None:
    minimums = {term: count for (code, term), count in plan.minimums.items() if code == area.code and count}
    for code in minimums:
        term = area.term(code)
        if term is None or not set(plan.levels) <= set(term.labels):
            raise RuleViolation(
                "%(area)s: “%(term)s” is not a term of every level of this blueprint.", area=area.title, term=code
            )
    least, count = sum(minimums.values()), plan.counts.get(area.code, 0)
    if least > count:
        raise RuleViolation(
            "%(area)s: the minimums of its terms add up to %(least)s, more than its %(count)s items.",
            area=area.title,
            least=least,
            count=count,
        )


def refuse_taken_title(session: Session, blueprint: ExamBlueprint, title: str) -> None:
    with session.no_autoflush:
        other = session.scalar(select(ExamBlueprint).where(ExamBlueprint.title == title))
    if other is not None and other is not blueprint:
        raise RuleViolation("Another blueprint is called “%(title)s”. Choose another title.", title=title)


def newest_blueprints(session: Session) -> list[ExamBlueprint]:
    return list(session.scalars(select(ExamBlueprint).order_by(ExamBlueprint.id.desc())))


def availability(session: Session, levels: list[int]) -> Counter[tuple[str, str]]:
    """How many items in use for all these levels each cell has: (area, "") and (area, primary term).

    Items of a vignette set of which one is missing do not count: no form takes them.
    """
    found: Counter[tuple[str, str]] = Counter()
    for version in whole_sets(session, for_every_level(versions_in_use(session, *QUESTIONS), levels)):
        found[version.area or "", ""] += 1
        found[version.area or "", version.primary_term] += 1
    return found


def load_default(session: Session, *, at: datetime) -> ExamBlueprint:
    """Write the shipped blueprint when there is none yet. Safe to repeat."""
    existing = session.scalar(select(ExamBlueprint).order_by(ExamBlueprint.id).limit(1))
    return existing or create_blueprint(session, default_plan(), by=None, at=at)


@cache
def default_plan() -> BlueprintPlan:
    """The blueprint shipped with the product."""
    text = (resources.files("question_bank") / "data" / "exam-blueprint.yaml").read_text()
    content = yaml.safe_load(text)
    minimums = {(area, term): count for area, terms in content["minimums"].items() for term, count in terms.items()}
    return BlueprintPlan(content["title"], content["levels"], content["counts"], minimums)
