"""Requirement tables: what is shipped, what may not be edited away, and how a change becomes a version."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements.requirements import (
    Change,
    LevelRequirements,
    RequirementKind,
    change_requirements,
    changes_between,
    default_requirements,
    load_default,
    requirements_of,
)
from question_bank.errors import RuleViolation

SHIPPED = default_requirements()
LEVEL_3 = SHIPPED.table_for(3, "")


def edited(table: LevelRequirements, code: str, **values: Any) -> LevelRequirements:
    """The table as it is validated after an edit of one row; a row set to None is gone."""
    rows = [{**row.model_dump(), **(values if row.code == code else {})} for row in table.requirements]
    return LevelRequirements.model_validate({"level": table.level, "track": table.track, "requirements": rows})


def without(table: LevelRequirements, code: str) -> dict[str, Any]:
    return {**table.model_dump(), "requirements": [r.model_dump() for r in table.requirements if r.code != code]}


@pytest.mark.parametrize(
    ("level", "track", "code", "amount", "unit", "optional"),
    [
        (3, "", "training", 30, "clock hours", False),
        (3, "", "work-experience", 2, "years", False),
        (3, "", "reflective-supervision", 50, "clock hours", False),
        (4, "clinical", "work-experience", 3, "years", False),
        (4, "clinical", "reflective-supervision", 50, "clock hours", False),
        (4, "policy", "reflective-supervision", 50, "clock hours", True),
        (4, "research_faculty", "reflective-supervision", 50, "clock hours", True),
        (4, "policy", "continuing-training", 15, "clock hours", False),
    ],
)
def test_the_shipped_amounts_are_those_of_the_association(
    level: int, track: str, code: str, amount: int, unit: str, optional: bool
) -> None:
    row = SHIPPED.table_for(level, track).requirement(code)
    assert row is not None
    assert (row.amount, row.unit, row.optional) == (Decimal(amount), unit, optional)


def test_every_level_and_track_asks_for_three_references_by_named_people() -> None:
    for table in SHIPPED.tables:
        references = [row for row in table.requirements if row.kind == RequirementKind.REFERENCE]
        assert len(references) == 3
        assert all(row.who for row in references)


@pytest.mark.parametrize("code", ["portfolio-review-1", "portfolio-review-2", "written-examination"])
def test_what_the_gate_needs_cannot_be_removed(code: str) -> None:
    with pytest.raises(ValidationError, match="stay as they are"):
        LevelRequirements.model_validate(without(LEVEL_3, code))


def test_a_second_written_examination_cannot_be_added_under_another_name() -> None:
    with pytest.raises(ValidationError, match="stay as they are"):
        edited(LEVEL_3, "membership", kind="written_examination")


@pytest.mark.parametrize("values", [{"amount": None, "unit": ""}, {"unit": ""}, {"amount": Decimal(0)}])
def test_an_amount_is_a_number_with_a_unit(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        edited(LEVEL_3, "training", **values)


def test_a_comparison_names_rows_that_came_rows_that_went_and_values_that_changed() -> None:
    raised = edited(LEVEL_3, "training", amount=Decimal(45))
    shorter = LevelRequirements.model_validate(without(raised, "agreement"))
    assert changes_between(LEVEL_3, shorter) == [
        Change("Endorsement agreement", "", "Endorsement agreement", ""),
        Change("Relationship-based training", "amount", "30", "45"),
    ]
    assert changes_between(shorter, raised) == [Change("Endorsement agreement", "", "", "Endorsement agreement")]


def test_a_change_makes_a_new_version_and_leaves_the_other_levels_alone(
    db: Session, at: datetime, keeper: User
) -> None:
    load_default(db, at=at)
    raised = edited(LEVEL_3, "training", amount=Decimal(45))
    made = change_requirements(
        db, raised, based_on=1, effective_from=date(2027, 7, 1), note="Board, March", by=keeper.id, at=at
    )
    table = requirements_of(made)
    assert made.version == 2
    assert table.table_for(3, "") == raised
    assert table.table_for(4, "policy") == SHIPPED.table_for(4, "policy")


def test_a_change_over_an_old_version_or_without_a_difference_is_refused(
    db: Session, at: datetime, keeper: User
) -> None:
    first = load_default(db, at=at)
    raised = edited(LEVEL_3, "training", amount=Decimal(45))
    with pytest.raises(RuleViolation, match="while you had this page open"):
        change_requirements(db, raised, based_on=0, effective_from=at.date(), note="n", by=keeper.id, at=at)
    with pytest.raises(RuleViolation, match="Nothing differs"):
        change_requirements(db, LEVEL_3, based_on=1, effective_from=first.effective_from, note="n", by=keeper.id, at=at)


def test_loading_the_shipped_requirements_twice_makes_one_version(db: Session, at: datetime) -> None:
    assert load_default(db, at=at).id == load_default(db, at=at).id
