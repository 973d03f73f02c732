"""What candidates may see of their own results: outcome, scores, areas and dimensions, and what comes next."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements.models import Outcome, WrittenExaminationRecord
from examapp.endorsements.written_examinations import record_of_registration, records_in_force
from examapp.registration.models import Registration
from examapp.registration.real import real_registrations
from examapp.scoring.models import PartScore
from question_bank.exam_policy import ExamPolicy, PartRules, policy_of
from question_bank.rule_documents import RuleDocument


@dataclass(frozen=True)
class Line:
    """One area or rubric dimension: how much of what was to be had."""

    title: str
    raw: Decimal
    maximum: Decimal

    @property
    def percent(self) -> int:
        return round(self.raw * 100 / self.maximum) if self.maximum else 0


@dataclass(frozen=True)
class PartResult:
    rules: PartRules
    raw: Decimal
    maximum: Decimal
    percent: Decimal
    cut_percent: Decimal
    passed: bool
    lines: list[Line]
    # The record by which a retake counts this part as passed before.
    earlier_record: str | None


@dataclass(frozen=True)
class Retake:
    """When a candidate who has not passed may sit again, and which parts."""

    first_day: date
    parts: list[PartRules]


@dataclass(frozen=True)
class Result:
    """The record in force of one registration, with the detail that the exam policy lets its candidate see."""

    record: WrittenExaminationRecord
    registration: Registration
    policy: ExamPolicy
    parts: list[PartResult]
    retake: Retake | None


def results_of_candidate(session: Session, user: User) -> list[Result]:
    """The released results of a person, the newest first."""
    registrations = session.scalars(real_registrations().where(Registration.candidate_id == user.id))
    found = [result_of(session, registration) for registration in registrations]
    released = [result for result in found if result]
    return sorted(released, key=lambda result: result.record.released_at, reverse=True)


def result_of(session: Session, registration: Registration) -> Result | None:
    """The result in force of a registration; None while nothing is released."""
    record = record_of_registration(session, registration.id)
    if record is None:
        return None
    policy = policy_of(session.get_one(RuleDocument, record.policy_id))
    shown = record.parts if policy.feedback.shows_parts else []
    parts = [part_result(session, policy, record, entry) for entry in shown]
    return Result(record, registration, policy, parts, retake_of(policy, record, registration))


def part_result(
    session: Session, policy: ExamPolicy, record: WrittenExaminationRecord, entry: dict[str, Any]
) -> PartResult:
    score = session.get(PartScore, (record.scoring_run_id, record.registration_id, entry["part"]))
    lines = score.breakdown if score and policy.feedback.shows_areas else []
    return PartResult(
        rules=policy.part(entry["part"]),
        raw=Decimal(entry["raw"]),
        maximum=Decimal(entry["maximum"]),
        percent=Decimal(entry["percent"]),
        cut_percent=Decimal(entry["cut_percent"]),
        passed=entry["passed"],
        lines=[Line(line["title"], Decimal(line["raw"]), Decimal(line["maximum"])) for line in lines],
        earlier_record=entry.get("record"),
    )


def retake_of(policy: ExamPolicy, record: WrittenExaminationRecord, registration: Registration) -> Retake | None:
    """What comes next after this result: nothing after a pass, nor where a later attempt was passed."""
    in_force = records_in_force(registration.file)
    if record.outcome != Outcome.FAIL or record.sat_on is None or any(r.outcome == Outcome.PASS for r in in_force):
        return None
    failed = {entry["part"] for entry in record.parts if not entry["passed"]}
    parts = [part for part in policy.parts if part.code in failed or not policy.retake_only_failed_part]
    return Retake(record.sat_on + timedelta(days=policy.retake_wait_days), parts)
