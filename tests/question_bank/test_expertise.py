"""What reviewers say of the areas they know."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.expertise import areas_known, say_areas
from question_bank.framework import default_framework
from tests.personas import Personas


def test_what_was_said_last_counts_and_leaves_a_trace(db: Session, personas: Personas, at: datetime) -> None:
    one, other, framework = personas.reviewer().id, personas.reviewer().id, default_framework()
    say_areas(db, one, ["reflection", "theoretical-foundations"], framework, by=one, at=at)
    say_areas(db, one, ["reflection"], framework, by=one, at=at)
    say_areas(db, one, ["reflection"], framework, by=one, at=at)
    assert areas_known(db, [one, other]) == {one: {"reflection"}, other: set()}
    traces = db.scalars(select(AuditEvent).where(AuditEvent.action == "user.areas_said")).all()
    assert len(traces) == 2


def test_an_area_that_does_not_exist_is_refused(db: Session, personas: Personas, at: datetime) -> None:
    one = personas.reviewer().id
    with pytest.raises(RuleViolation, match="not an area"):
        say_areas(db, one, ["astronomy"], default_framework(), by=one, at=at)
