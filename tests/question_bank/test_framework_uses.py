"""What is used cannot be removed from the framework, and the refusal names the use."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from question_bank import blueprint_plans, exam_policy
from question_bank.blueprint_plans import BlueprintPlan
from question_bank.errors import RuleViolation
from question_bank.exam_forms import ExamForm, FormEntry
from question_bank.exam_policy import default_exam_policy, save_exam_policy
from question_bank.framework import Framework, default_framework
from question_bank.framework_edits import with_responsibility_codes, with_tracks, without_area
from question_bank.framework_uses import refuse_removal_of_used
from question_bank.items import ReviewState
from tests.bank import Bank

TRACKS = {"clinical": "Clinical", "policy": "Policy", "research_faculty": "Research Faculty"}


def without(code: str) -> Framework:
    old = default_framework()
    area = old.area(code)
    assert area is not None
    return without_area(old, area)


def without_track(code: str) -> Framework:
    return with_tracks(default_framework(), {**TRACKS, code: ""}, [])


def remove(db: Session, new: Framework) -> None:
    db.flush()
    refuse_removal_of_used(db, default_framework(), new)


def open_form(db: Session, at: datetime, title: str) -> ExamForm:
    blueprint = blueprint_plans.create_blueprint(
        db, BlueprintPlan(f"{title} plan", [4], {"thinking": 1}), by=None, at=at
    )
    policy = exam_policy.load_default(db, at=at)
    form = ExamForm(title=title, blueprint=blueprint, policy=policy, seed=1, differs_from=[], created_at=at)
    db.add(form)
    return form


def test_an_area_of_items_stays_and_the_items_are_named(db: Session, bank: Bank) -> None:
    for _number in range(4):
        bank.item("administration", "program-funding", levels=[4])
    with pytest.raises(RuleViolation, match=r"“Administration” cannot .* 4 \(AD-0001, AD-0002, AD-0003, …\)"):
        remove(db, without("administration"))


def test_only_retired_items_hold_nothing_back(db: Session, bank: Bank) -> None:
    bank.item("administration", "program-funding", levels=[4], state=ReviewState.RETIRED)
    remove(db, without("administration"))


def test_an_earlier_version_about_something_else_holds_nothing_back(db: Session, bank: Bank) -> None:
    sent_back = bank.item("administration", "program-funding", levels=[4], state=ReviewState.SENT_BACK)
    bank.version(sent_back.item, sent_back.content, "thinking", [4], ReviewState.DRAFT, number=2)
    remove(db, without("administration"))


def test_an_area_of_a_blueprint_stays(db: Session, at: datetime) -> None:
    blueprint_plans.create_blueprint(db, BlueprintPlan("Autumn", [4], {"administration": 2}), by=None, at=at)
    with pytest.raises(RuleViolation, match="the blueprint “Autumn” asks for it"):
        remove(db, without("administration"))


def test_an_area_of_an_open_form_stays_even_when_its_item_is_retired(db: Session, bank: Bank, at: datetime) -> None:
    item = bank.item("administration", "program-funding", levels=[4], state=ReviewState.RETIRED)
    form = open_form(db, at, "Form C")
    form.entries = [FormEntry(part="part_one", position=1, item_version=item)]
    with pytest.raises(RuleViolation, match="the open exam form “Form C” uses it"):
        remove(db, without("administration"))


def test_a_track_of_vignettes_stays(db: Session, bank: Bank) -> None:
    bank.vignette("policy", levels=[4], tracks=["policy"])
    with pytest.raises(RuleViolation, match=r"“Policy” cannot be removed. Items that use it: 1 \(RFV-0001\)"):
        remove(db, without_track("policy"))


def test_a_track_of_the_exam_policy_stays(db: Session, at: datetime) -> None:
    exam_policy.load_default(db, at=at)
    with pytest.raises(RuleViolation, match="the exam policy has vignettes for it"):
        remove(db, without_track("policy"))


def test_a_track_that_must_take_the_examination_stays(db: Session, at: datetime) -> None:
    shipped = default_exam_policy()
    groups = [group for group in shipped.slot_groups if group.track != "policy"]
    changed = shipped.model_copy(update={"slot_groups": groups})
    save_exam_policy(db, changed, effective_from=date(2027, 1, 1), note="Decided.", by=None, at=at)
    with pytest.raises(RuleViolation, match="the exam policy requires the examination for it"):
        remove(db, without_track("policy"))


def test_a_track_of_vignettes_on_an_open_form_stays(db: Session, bank: Bank, at: datetime) -> None:
    vignette = bank.vignette("policy")
    form = open_form(db, at, "Form D")
    form.entries = [FormEntry(part="part_two", slot_group="l4-policy-program", position=1, item_version=vignette)]
    shipped = default_exam_policy()
    kept = {
        "slot_groups": [group for group in shipped.slot_groups if group.track != "policy"],
        "requirements": [row for row in shipped.requirements if row.track != "policy"],
    }
    changed = shipped.model_copy(update=kept)
    save_exam_policy(db, changed, effective_from=date(2027, 1, 1), note="Decided.", by=None, at=at)
    with pytest.raises(RuleViolation, match="the open exam form “Form D” uses it"):
        remove(db, without_track("policy"))


def test_a_responsibility_code_of_items_stays(db: Session, bank: Bank) -> None:
    bank.item("thinking", "judgment", levels=[4]).responsibility_codes = ["P"]
    titles = {entry.code: entry.title for entry in default_framework().responsibility_codes}
    with pytest.raises(RuleViolation, match=r"“P” cannot be removed. Items that use it: 1 \(TH-0001\)"):
        remove(db, with_responsibility_codes(default_framework(), titles | {"P": ""}, []))


def test_a_behavior_that_an_item_cites_stays(db: Session, bank: Bank) -> None:
    bank.item("thinking", "judgment", levels=[4]).competency = "TH-02"
    old = default_framework()
    new = old.model_copy(update={"competencies": [entry for entry in old.competencies if entry.code != "TH-02"]})
    with pytest.raises(RuleViolation, match=r"“TH-02” cannot be removed. Items that use it: 1 \(TH-0001\)"):
        remove(db, new)
