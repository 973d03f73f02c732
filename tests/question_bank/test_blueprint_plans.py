"""Exam blueprints: written, refused when impossible, compared with the bank."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank import blueprint_plans, exam_forms, exam_policy
from question_bank.blueprint_plans import BlueprintPlan, availability, change_blueprint, create_blueprint
from question_bank.errors import RuleViolation
from question_bank.exam_forms import FormPurpose
from question_bank.framework import default_framework
from question_bank.items import ReviewState
from tests.bank import Bank

PLAN = BlueprintPlan("Short", [3, 4], {"thinking": 3, "reflection": 2}, {("thinking", "judgment"): 1})


def test_the_shipped_blueprint_has_60_items_and_is_loaded_once(db: Session, at: datetime) -> None:
    blueprint = blueprint_plans.load_default(db, at=at)
    assert blueprint.total == 60
    assert blueprint.counts["theoretical-foundations"] == 22
    assert blueprint_plans.load_default(db, at=at) is blueprint


@pytest.mark.parametrize("area", ["theoretical-foundations", "direct-service-skills"])
def test_the_shipped_blueprint_asks_for_every_shared_term_of_the_two_large_areas(area: str) -> None:
    entry = default_framework().area(area)
    assert entry is not None
    shared = {(area, term.code) for term in entry.terms if set(term.labels) == {3, 4}}
    assert {cell for cell in blueprint_plans.default_plan().minimums if cell[0] == area} == shared


def test_a_change_keeps_adds_and_removes_cells(db: Session, bank: Bank, at: datetime) -> None:
    blueprint = create_blueprint(db, PLAN, by=bank.author_id, at=at)
    change = replace(PLAN, counts={"thinking": 4, "communicating": 1}, minimums={("thinking", "planning"): 2})
    change_blueprint(db, blueprint, change, by=bank.author_id, at=at)
    db.expire_all()
    assert blueprint.counts == {"thinking": 4, "communicating": 1}
    assert blueprint.minimums == {("thinking", "planning"): 2}


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (replace(PLAN, levels=[]), "Choose at least one level."),
        (replace(PLAN, counts={"thinking": 0}), "Ask for at least one item."),
        (BlueprintPlan("X", [3, 4], {"administration": 2}), "Administration is not an area of every level"),
        (replace(PLAN, minimums={("communicating", "group-process"): 1}), "“group-process” is not a term"),
        (replace(PLAN, minimums={("thinking", "judgment"): 4}), "add up to 4, more than its 3 items"),
    ],
)
def test_an_impossible_plan_is_refused_in_words(db: Session, at: datetime, plan: BlueprintPlan, sentence: str) -> None:
    with pytest.raises(RuleViolation, match=sentence):
        create_blueprint(db, plan, by=None, at=at)


def test_two_blueprints_cannot_have_one_title(db: Session, at: datetime) -> None:
    create_blueprint(db, PLAN, by=None, at=at)
    with pytest.raises(RuleViolation, match="Another blueprint is called “Short”"):
        create_blueprint(db, PLAN, by=None, at=at)


def test_a_blueprint_behind_a_sealed_form_stays(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    blueprint = blueprint_plans.load_default(db, at=at)
    form = exam_forms.draft_form(
        db,
        title="A",
        purpose=FormPurpose.EXAM,
        blueprint=blueprint,
        policy=exam_policy.load_default(db, at=at),
        seed=1,
        by=bank.author_id,
        at=at,
    )
    exam_forms.seal(db, form, by=bank.author_id, at=at)
    with pytest.raises(RuleViolation, match="A sealed form follows"):
        change_blueprint(db, blueprint, PLAN, by=bank.author_id, at=at)


def test_only_approved_items_for_every_level_count(db: Session, bank: Bank) -> None:
    bank.item("thinking", "judgment")
    bank.item("thinking", "planning")
    bank.item("thinking", "planning", levels=[4])
    bank.item("thinking", "planning", state=ReviewState.CONTENT_REVIEW)
    found = availability(db, [3, 4])
    assert found["thinking", ""] == 2
    assert found["thinking", "planning"] == 1
    assert availability(db, [4])["thinking", ""] == 3


def test_items_of_a_torn_set_do_not_count(db: Session, bank: Bank) -> None:
    first, second = bank.item("thinking", "judgment"), bank.item("thinking", "planning", levels=[4])
    first.item.set_code = second.item.set_code = first.item.code
    db.flush()
    assert availability(db, [3, 4])["thinking", ""] == 0
    assert availability(db, [4])["thinking", ""] == 2
