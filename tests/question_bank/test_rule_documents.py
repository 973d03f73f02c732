"""Dated rules: what ships is written once, and a document is read as what it says."""

from datetime import date, datetime
from types import ModuleType

import pytest
from sqlalchemy.orm import Session

from examapp.endorsements import requirements
from question_bank import exam_policy, framework, rule_documents
from question_bank.exam_policy import default_exam_policy, policy_of, save_exam_policy
from question_bank.rule_documents import DocumentKind

SHIPPED = [
    (framework, DocumentKind.FRAMEWORK),
    (requirements, DocumentKind.REQUIREMENTS),
    (exam_policy, DocumentKind.EXAM_POLICY),
]


@pytest.mark.parametrize(("rules", "kind"), SHIPPED, ids=lambda entry: getattr(entry, "value", ""))
def test_what_ships_is_written_once(db: Session, at: datetime, rules: ModuleType, kind: DocumentKind) -> None:
    first = rules.load_default(db, at=at)
    assert rules.load_default(db, at=at) is first
    assert (first.kind, first.version, first.note) == (kind, 1, "As shipped with the product.")
    assert first.effective_from <= at.date()


def test_what_was_changed_since_is_left_as_it_is(db: Session, at: datetime) -> None:
    exam_policy.load_default(db, at=at)
    longer = default_exam_policy().model_copy(update={"retention_years": 30})
    second = save_exam_policy(db, longer, effective_from=date(2027, 1, 1), note="Longer.", by=None, at=at)
    assert exam_policy.load_default(db, at=at) is second


def test_each_version_is_read_as_what_it_says(db: Session, at: datetime) -> None:
    first = exam_policy.load_default(db, at=at)
    longer = default_exam_policy().model_copy(update={"retention_years": 30})
    second = save_exam_policy(db, longer, effective_from=date(2027, 1, 1), note="Longer.", by=None, at=at)
    assert policy_of(second) == longer != policy_of(first)
    assert [document.version for document in rule_documents.versions(db, DocumentKind.EXAM_POLICY)] == [2, 1]
