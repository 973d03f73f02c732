"""Changing the exam policy: a new version each time, stale pages refused, versions compared."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.registration.exam_policies import PolicyChange, change_exam_policy, changes_between
from question_bank import exam_policy
from question_bank.errors import RuleViolation
from question_bank.exam_policy import ExamPolicy, default_exam_policy, policy_of

SHIPPED = default_exam_policy()


def edited(**values: Any) -> ExamPolicy:
    return ExamPolicy.model_validate({**SHIPPED.model_dump(), **values})


def test_a_change_is_the_next_version_from_its_day(db: Session, at: datetime, office: User) -> None:
    exam_policy.load_default(db, at=at)
    shorter = edited(retake_wait_days=90)
    made = change_exam_policy(
        db, shorter, based_on=1, effective_from=date(2027, 6, 1), note="Board", by=office.id, at=at
    )
    assert (made.version, policy_of(made)) == (2, shorter)


def test_stale_or_empty_changes_are_refused(db: Session, at: datetime, office: User) -> None:
    first = exam_policy.load_default(db, at=at)
    with pytest.raises(RuleViolation, match="while you had this page open"):
        change_exam_policy(
            db, edited(retake_wait_days=1), based_on=7, effective_from=at.date(), note="n", by=office.id, at=at
        )
    with pytest.raises(RuleViolation, match="Nothing differs"):
        change_exam_policy(db, SHIPPED, based_on=1, effective_from=first.effective_from, note="n", by=office.id, at=at)


def test_a_comparison_names_each_value_by_where_it_stands() -> None:
    parts = [{**SHIPPED.parts[0].model_dump(), "minutes": 100}, SHIPPED.parts[1].model_dump()]
    new = edited(parts=parts, slot_groups=SHIPPED.model_dump()["slot_groups"][1:], eligibility_days=400)
    changes = changes_between(SHIPPED, new)
    assert PolicyChange(("parts", "part_one", "minutes"), "90", "100") in changes
    assert PolicyChange(("eligibility_days",), "365", "400") in changes
    assert PolicyChange(("slot_groups", "l3-clinical", "title"), "Clinical vignettes", None) in changes
    assert {change.path[0] for change in changes} == {"parts", "eligibility_days", "slot_groups"}


def test_equal_policies_do_not_differ() -> None:
    assert changes_between(SHIPPED, edited()) == []
