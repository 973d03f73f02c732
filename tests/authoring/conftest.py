"""What the tests of the bank's pages share."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank import blueprint_plans, exam_forms, exam_policy, framework
from question_bank.exam_forms import ExamForm, FormPurpose
from tests.bank import Bank


@pytest.fixture
def rules(db: Session, at: datetime) -> None:
    """What the set-up command loads."""
    for module in (framework, exam_policy, blueprint_plans):
        module.load_default(db, at=at)


@pytest.fixture
def draft(db: Session, bank: Bank, rules: None, at: datetime) -> ExamForm:
    """A form drafted from a bank that is just large enough."""
    bank.fill()
    return exam_forms.draft_form(
        db,
        title="Form A",
        purpose=FormPurpose.EXAM,
        blueprint=blueprint_plans.load_default(db, at=at),
        policy=exam_policy.load_default(db, at=at),
        seed=1,
        by=bank.author_id,
        at=at,
    )


@pytest.fixture
def sealed(db: Session, bank: Bank, draft: ExamForm, at: datetime) -> ExamForm:
    exam_forms.seal(db, draft, by=bank.author_id, at=at)
    return draft
