"""The written-examination record: what a released result becomes. Nothing else writes one."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload

from examapp.endorsements.models import EndorsementFile, WrittenExaminationRecord
from examapp.endorsements.signing import Signer, statement_of
from question_bank import audit
from question_bank.errors import RuleViolation


def write_written_examination_record(
    session: Session, record: WrittenExaminationRecord, *, at: datetime, signer: Signer
) -> WrittenExaminationRecord:
    """Number, sign and write the record of one registration; a correction names the record it replaces."""
    check_people(record.file, record.released_by_id, record.confirmed_by_id)
    with session.no_autoflush:  # the record is not complete before it is numbered and signed
        check_succession(session, record.registration_id, record.replaces)
        record.number = next_number(session, at.year)
    record.released_at = at
    record.signature = signer.sign(statement_of(record))
    session.add(record)
    audit_record(session, record, at)
    session.flush()
    return record


def check_people(file: EndorsementFile, released_by: int, confirmed_by: int) -> None:
    if released_by == confirmed_by:
        raise RuleViolation("A result is released by one person and confirmed by another.")
    if file.user_id in (released_by, confirmed_by):
        raise RuleViolation("Nobody releases or confirms their own result.")


def check_succession(session: Session, registration_id: int, replaces: WrittenExaminationRecord | None) -> None:
    """A registration has one record in force: the first, or the one that replaced the last."""
    in_force = record_of_registration(session, registration_id)
    if in_force is not replaces:
        raise RuleViolation("This result was recorded meanwhile. Reload and look at the record in force.")


def audit_record(session: Session, record: WrittenExaminationRecord, at: datetime) -> None:
    audit.record(
        session,
        "written_examination.recorded",
        "endorsement_file",
        record.file.number,
        by=record.confirmed_by_id,
        at=at,
        record=record.number,
        outcome=record.outcome,
        replaces=record.replaces.number if record.replaces else None,
    )


# The lock under which PostgreSQL gives out numbers; any number that nothing else uses.
NUMBERING = 20_270_001


def next_number(session: Session, year: int) -> str:
    """The next number of the year. Of two releases at the same moment the second waits until the first is written."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time in any case
        session.execute(select(func.pg_advisory_xact_lock(NUMBERING)))
    prefix = f"WX-{year}-"
    last = session.scalar(
        select(func.max(WrittenExaminationRecord.number)).where(WrittenExaminationRecord.number.startswith(prefix))
    )
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:06d}"


def record_of_registration(session: Session, registration_id: int) -> WrittenExaminationRecord | None:
    """The record in force of a registration."""
    return session.scalar(
        select(WrittenExaminationRecord)
        .where(WrittenExaminationRecord.registration_id == registration_id)
        .order_by(WrittenExaminationRecord.id.desc())
        .limit(1)
    )


def records_by_registration(session: Session, registration_ids: Collection[int]) -> dict[int, WrittenExaminationRecord]:
    """The records in force of many registrations, for lists; a registration without one is left out."""
    records = session.scalars(
        select(WrittenExaminationRecord)
        .where(WrittenExaminationRecord.registration_id.in_(registration_ids))
        .order_by(WrittenExaminationRecord.id)
        .options(lazyload(WrittenExaminationRecord.file))
    )
    return {record.registration_id: record for record in records}


def record_numbered(session: Session, number: str) -> WrittenExaminationRecord | None:
    return session.scalar(select(WrittenExaminationRecord).where(WrittenExaminationRecord.number == number))


def record_that_replaced(session: Session, record: WrittenExaminationRecord) -> WrittenExaminationRecord | None:
    return session.scalar(select(WrittenExaminationRecord).where(WrittenExaminationRecord.replaces_id == record.id))


def records_in_force(file: EndorsementFile) -> list[WrittenExaminationRecord]:
    """The records of a file that no later one replaced, oldest first."""
    replaced = {record.replaces_id for record in file.written_examinations}
    return [record for record in file.written_examinations if record.id not in replaced]
