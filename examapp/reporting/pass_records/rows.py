"""What a pass record says, gathered once for every format."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Load, Session, aliased, contains_eager, lazyload

from examapp.accounts.models import User
from examapp.endorsements.models import EndorsementFile, Outcome, WrittenExaminationRecord
from examapp.endorsements.signing import verification_code
from examapp.paging import Page, paginate_rows
from examapp.registration.models import Administration, Registration
from examapp.scoring.models import ScoringRun
from question_bank.exam_policy import policy_of
from question_bank.framework import Framework, current_framework
from question_bank.rule_documents import RuleDocument

PassRecordQuery = Select[
    WrittenExaminationRecord, Registration, Administration, EndorsementFile, RuleDocument, int, str, str
]


@dataclass(frozen=True)
class PartResult:
    """Marks are exact decimals as text, without idle zeros."""

    code: str
    title: str
    raw: str
    maximum: str
    percent: str
    cut_percent: str
    passed: bool


@dataclass(frozen=True)
class PassRecord:
    number: str
    outcome: Outcome
    reason: str
    candidate: str
    email: str
    endorsement_file: str
    level: int
    level_title: str
    track: str | None
    track_title: str | None
    administration: str
    registration: str
    sat_on: date | None
    parts: list[PartResult]
    exam_policy_version: int
    scoring_run: int | None
    form_sha256: str
    released_at: datetime
    released_by: str
    confirmed_by: str
    signature: str
    # What a document prints beside the number, so that anybody can check it on the verification page.
    verification_code: str


def pass_records(
    session: Session,
    *,
    administration_id: int | None = None,
    outcome: Outcome | None = None,
    number: str | None = None,
) -> list[PassRecord]:
    """The records in force (a replaced one is left out), by administration and name; no-shows and voids included."""
    framework = current_framework(session)
    query = narrowed(administration_id, outcome)
    if number is not None:
        query = query.where(WrittenExaminationRecord.number == number)
    return [as_pass_record(framework, *row) for row in session.execute(query)]


def page_of_pass_records(
    session: Session, page: int, *, administration_id: int | None = None, outcome: Outcome | None = None, size: int = 50
) -> Page[PassRecord]:
    """The same, a page at a time."""
    framework = current_framework(session)
    found = paginate_rows(session, narrowed(administration_id, outcome), page, size)
    return Page([as_pass_record(framework, *row) for row in found.rows], found.page, found.pages, found.total)


def narrowed(administration_id: int | None, outcome: Outcome | None) -> PassRecordQuery:
    query = in_force()
    if administration_id is not None:
        query = query.where(Administration.id == administration_id)
    if outcome is not None:
        query = query.where(WrittenExaminationRecord.outcome == outcome)
    return query


def in_force() -> PassRecordQuery:
    """The records that no later one replaced, with everything that is said of them."""
    released_by, confirmed_by, later = aliased(User), aliased(User), aliased(WrittenExaminationRecord)
    return (
        select(
            WrittenExaminationRecord, Registration, Administration, EndorsementFile, RuleDocument, ScoringRun.number,
            released_by.name, confirmed_by.name,
        )
        .join(Registration, Registration.id == WrittenExaminationRecord.registration_id)
        .join(Administration, Administration.id == Registration.administration_id)
        .join(EndorsementFile, EndorsementFile.id == WrittenExaminationRecord.file_id)
        .join(User, User.id == EndorsementFile.user_id)
        .join(RuleDocument, RuleDocument.id == WrittenExaminationRecord.policy_id)
        .outerjoin(ScoringRun, ScoringRun.id == WrittenExaminationRecord.scoring_run_id)
        .join(released_by, released_by.id == WrittenExaminationRecord.released_by_id)
        .join(confirmed_by, confirmed_by.id == WrittenExaminationRecord.confirmed_by_id)
        .outerjoin(later, later.replaces_id == WrittenExaminationRecord.id)
        .where(later.id.is_(None))
        .order_by(Administration.opens_at.desc(), User.name, WrittenExaminationRecord.id)
        # What the rows name is in them; what else hangs on them is not asked for.
        .options(
            Load(WrittenExaminationRecord).lazyload("*"),
            Load(Registration).lazyload("*"),
            contains_eager(EndorsementFile.user).lazyload(User.role_rows),
            lazyload(EndorsementFile.components),
            lazyload(EndorsementFile.written_examinations),
        )
    )  # fmt: skip


def as_pass_record(
    framework: Framework,
    record: WrittenExaminationRecord,
    registration: Registration,
    administration: Administration,
    file: EndorsementFile,
    policy: RuleDocument,
    run_number: int | None,
    released_by: str,
    confirmed_by: str,
) -> PassRecord:
    return PassRecord(
        number=record.number,
        outcome=record.outcome,
        reason=record.reason,
        candidate=file.user.name,
        email=file.user.email,
        endorsement_file=file.number,
        level=file.level,
        level_title=framework.level_title(file.level),
        track=file.track or None,
        track_title=framework.track_title(file.track),
        administration=administration.title,
        registration=registration.code,
        sat_on=record.sat_on,
        parts=[part_result(policy, part) for part in record.parts],
        exam_policy_version=policy.version,
        scoring_run=run_number,
        form_sha256=record.form_sha256,
        released_at=record.released_at,
        released_by=released_by,
        confirmed_by=confirmed_by,
        signature=record.signature,
        verification_code=verification_code(record),
    )


def part_result(policy: RuleDocument, part: dict[str, Any]) -> PartResult:
    return PartResult(
        code=part["part"],
        title=policy_of(policy).part(part["part"]).title,
        raw=trimmed(part["raw"]),
        maximum=trimmed(part["maximum"]),
        percent=trimmed(part["percent"]),
        cut_percent=trimmed(part["cut_percent"]),
        passed=part["passed"],
    )


def trimmed(marks: str) -> str:
    """A decimal without its idle zeros: 48.0000 is 48, 86.6700 is 86.67."""
    return marks.rstrip("0").rstrip(".") if "." in marks else marks
