"""The gate: both levels of the portfolio review, by two people, not too long ago, where the policy asks for it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from examapp.endorsements.gate import eligibility
from examapp.endorsements.models import ComponentRecord, ComponentState, EndorsementFile
from question_bank.exam_policy import ExamPolicy, default_exam_policy
from tests.endorsements.conftest import Record


def policy(**values: Any) -> ExamPolicy:
    return ExamPolicy.model_validate({**default_exam_policy().model_dump(), **values})


@pytest.mark.parametrize("recorded", [[], ["portfolio-review-1"], ["portfolio-review-2"]])
def test_each_missing_level_of_review_is_named(
    record: Record, file: EndorsementFile, at: datetime, recorded: list[str]
) -> None:
    for code in recorded:
        record(code)
    found = eligibility(file, policy(), at)
    missing = {"1", "2"} - {code[-1] for code in recorded}
    assert {str(reason).split()[1] for reason in found.reasons} == missing
    assert not found.ok


@pytest.mark.parametrize(("days_later", "ok"), [(0, True), (365, True), (366, False)])
def test_the_approval_counts_from_the_later_review(
    record: Record, file: EndorsementFile, days_later: int, ok: bool
) -> None:
    record("portfolio-review-1", verified_by="Ana", occurred_on=date(2026, 2, 1))
    record("portfolio-review-2", verified_by="Ben", occurred_on=date(2027, 3, 1))
    day = datetime(2027, 3, 1, 12, tzinfo=ZoneInfo("America/Denver")) + timedelta(days=days_later)
    found = eligibility(file, policy(), day)
    assert found.valid_until == date(2028, 2, 29)
    assert found.ok is ok


def test_the_last_day_ends_in_the_time_zone_that_asks(record: Record, file: EndorsementFile) -> None:
    record("portfolio-review-1", verified_by="Ana")
    record("portfolio-review-2", verified_by="Ben", occurred_on=date(2027, 3, 1))
    late = datetime(2028, 2, 29, 23, 0, tzinfo=ZoneInfo("America/Denver"))  # March 1 in UTC already
    assert eligibility(file, policy(), late).ok
    assert not eligibility(file, policy(), late.astimezone(ZoneInfo("UTC"))).ok


def test_a_review_that_was_taken_back_closes_the_gate(record: Record, file: EndorsementFile, at: datetime) -> None:
    record("portfolio-review-1", verified_by="Ana")
    record("portfolio-review-2", verified_by="Ben")
    assert eligibility(file, policy(), at).ok
    record("portfolio-review-2", verified_by="Ben", state=ComponentState.NOT_MET)
    assert not eligibility(file, policy(), at).ok


def test_reviews_by_one_person_do_not_pass_even_if_the_rows_exist(file: EndorsementFile, at: datetime) -> None:
    for code in ("portfolio-review-1", "portfolio-review-2"):
        row = ComponentRecord(
            requirement=code, state=ComponentState.MET, occurred_on=at.date(), evidence="", verified_by="Ana",
            recorded_at=at,
        )  # fmt: skip
        file.components.append(row)
    found = eligibility(file, policy(), at)
    assert "another reviewer" in str(found.reasons[0])


def test_a_policy_may_leave_the_review_or_the_examination_out(file: EndorsementFile, at: datetime) -> None:
    assert eligibility(file, policy(two_level_review_first=False), at).ok
    not_asked = policy(requirements=[{"level": 3, "track": None, "required": False}])
    assert "does not ask for the written examination" in str(eligibility(file, not_asked, at).reasons[0])
