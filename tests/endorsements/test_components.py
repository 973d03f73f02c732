"""Recording requirements: what each state needs, who may verify, and what it makes of the file."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements.components import components_of, progress_of, record_component
from examapp.endorsements.files import open_file, requirements_for
from examapp.endorsements.models import ComponentState, EndorsementFile
from question_bank.errors import RuleViolation
from tests.endorsements.conftest import Record
from tests.personas import Personas


@pytest.mark.parametrize(
    ("requirement", "values", "refusal"),
    [
        ("written-examination", {}, "never entered by hand"),
        ("no-such-row", {}, "does not belong"),
        ("education", {"occurred_on": None}, "Give the date"),
        ("education", {"occurred_on": date(2027, 3, 16)}, "lies in the future"),
        ("education", {"verified_by": "  "}, "who verified"),
        ("education", {"amount": Decimal(1)}, "has no amount"),
        ("training", {"amount": Decimal("29.5")}, "The requirement is 30 clock hours"),
        ("training", {"amount": None}, "The requirement is 30 clock hours"),
        ("training", {"amount": Decimal(-1), "state": ComponentState.IN_PROGRESS}, "less than zero"),
        ("education", {"state": ComponentState.WAIVED, "evidence": " "}, "Write in the note"),
        ("education", {"state": ComponentState.NOT_MET, "evidence": ""}, "Write in the note"),
        ("portfolio-review-1", {"state": ComponentState.WAIVED}, "cannot be waived"),
        ("portfolio-review-1", {"verified_by": "lucía  BACA"}, "reviews their own portfolio"),
    ],
)
def test_half_a_record_is_refused_with_what_to_do(
    record: Record, file: EndorsementFile, requirement: str, values: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(RuleViolation, match=refusal):
        record(requirement, **values)
    assert file.components == []


@pytest.mark.parametrize(
    ("requirement", "values"),
    [
        ("training", {"amount": Decimal(30)}),
        ("training", {"amount": Decimal("12.5"), "state": ComponentState.IN_PROGRESS, "occurred_on": None}),
        ("training", {"amount": None, "state": ComponentState.WAIVED}),
        ("code-of-ethics", {"state": ComponentState.IN_PROGRESS, "verified_by": "", "occurred_on": None}),
    ],
)
def test_a_record_that_says_enough_is_kept(record: Record, requirement: str, values: dict[str, Any]) -> None:
    assert record(requirement, **values).id


def test_nobody_records_in_their_own_file(record: Record, candidate: User) -> None:
    with pytest.raises(RuleViolation, match="own endorsement file"):
        record("education", by=candidate.id)


@pytest.mark.parametrize("second_name", ["Ana Chee", "ana  chee"])
def test_the_two_levels_of_review_need_two_people_by_name(record: Record, second_name: str) -> None:
    record("portfolio-review-1", verified_by="Ana Chee")
    with pytest.raises(RuleViolation, match="two different people"):
        record("portfolio-review-2", verified_by=second_name)
    assert record("portfolio-review-2", verified_by="Ben Ortiz").id


def test_the_two_levels_of_review_need_two_people_by_account(record: Record, personas: Personas) -> None:
    ana, other_ana = personas.reviewer(name="Ana Chee"), personas.reviewer(name="Ana Chee")
    record("portfolio-review-2", verified_by="", verifier_id=ana.id)
    for same in ({"verifier_id": ana.id}, {"verified_by": "Ana Chee"}):
        with pytest.raises(RuleViolation, match="two different people"):
            record("portfolio-review-1", **same)
    assert record("portfolio-review-1", verifier_id=other_ana.id).verified_by == "Ana Chee"


def test_the_newest_record_counts_and_the_older_ones_stay(db: Session, record: Record, file: EndorsementFile) -> None:
    record("training", state=ComponentState.IN_PROGRESS, amount=Decimal(10))
    record("training", amount=Decimal(31))
    training = next(c for c in components_of(db, file) if c.requirement.code == "training")
    assert [entry.amount for entry in training.history] == [31, 10]
    assert training.done


def test_progress_counts_what_the_endorsement_waits_for(
    db: Session, at: datetime, record: Record, keeper: User, candidate: User
) -> None:
    policy = open_file(db, candidate, 4, "policy", by=keeper.id, at=at)
    rows = [row.code for row in requirements_for(db, policy).requirements if row.counts]
    assert "reflective-supervision" not in rows
    assert "continuing-training" not in rows
    record("education", file=policy)
    record("code-of-ethics", file=policy, state=ComponentState.WAIVED)
    record("continuing-membership", file=policy)
    progress = progress_of(components_of(db, policy))
    assert (progress.done, progress.needed, progress.complete) == (2, len(rows), False)


def test_very_long_notes_are_kept_whole(db: Session, file: EndorsementFile, keeper: User, at: datetime) -> None:
    note = "Transcript é 漢字 " * 500
    made = record_component(
        db, file, "education", state=ComponentState.IN_PROGRESS, amount=None, occurred_on=None, evidence=note,
        verified_by="", verifier_id=None, by=keeper.id, at=at,
    )  # fmt: skip
    assert made.evidence == note.strip()
