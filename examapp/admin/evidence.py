"""Checking everything that carries a digest or a signature, row by row, without believing what is stored."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.delivery.verification import check_parts
from examapp.endorsements.models import WrittenExaminationRecord
from examapp.endorsements.signing import Signer
from question_bank.exam_forms import SealedForm
from question_bank.rule_documents import RuleDocument, canonical_json, sha256_of

COVERED = (
    "every change of every part: its number, kind, item, value and the device's time, and that none is missing",
    "the start and the form of every part",
    "the content of sealed forms, and of framework, requirements and exam policies",
    "every fact of written-examination records",
)
# Said with every check, so that nobody takes it for more than it is.
NOT_COVERED = (
    "the audit trail: its rows have no chain, only triggers keep them from being changed",
    "the times at which changes were received, and changes that came late",
    "how and when a part was closed: the hand-in code proves it (attempt verify CODE)",
    "keys, ratings and scoring runs: compute a run again on its page to check it",
)

ROWS_AT_A_TIME = 200


@dataclass(frozen=True)
class WrongRow:
    """One row that is not what it was, as people know it."""

    table: str
    row: str
    sentence: str


@dataclass
class Counts:
    """How much has been checked so far."""

    changes: int = 0
    of: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        others = ", ".join(f"{count:,} {name}" for name, count in self.of.items())
        return f"{self.changes:,} changes, {others}" if others else f"{self.changes:,} changes"


def verify_evidence(
    session: Session, signer: Signer, counts: Counts, after_part: Callable[[], None]
) -> Iterator[WrongRow]:
    """Yields every row that is wrong, and counts what was checked. Takes little memory, however long the log."""
    yield from wrong_parts(session, counts, after_part)
    yield from wrong_documents(session, counts)
    yield from wrong_records(session, signer, counts)


def wrong_parts(session: Session, counts: Counts, after_part: Callable[[], None]) -> Iterator[WrongRow]:
    for check in check_parts(session):
        counts.of["parts"] += 1
        counts.changes += check.events
        name = f"{check.registration} {check.part}"
        for fault in check.faults:
            if fault.seq is None:
                yield WrongRow("attempt_part", name, fault.sentence)
            else:
                yield WrongRow("response_event", f"{name} {fault.seq}", fault.sentence)
        after_part()


def wrong_documents(session: Session, counts: Counts) -> Iterator[WrongRow]:
    options = {"stream_results": True, "yield_per": ROWS_AT_A_TIME}
    for sha256, text in session.execute(select(SealedForm.sha256, SealedForm.document), execution_options=options):
        counts.of["sealed forms"] += 1
        if sha256_of(text) != sha256:
            yield WrongRow("sealed_form", sha256, "The form is not what its digest says.")
    for document in session.scalars(select(RuleDocument).order_by(RuleDocument.id), execution_options=options):
        counts.of["rule documents"] += 1
        if sha256_of(canonical_json(document.content)) != document.sha256:
            name = f"{document.kind} {document.version}"
            yield WrongRow("rule_document", name, "The document is not what its digest says.")


def wrong_records(session: Session, signer: Signer, counts: Counts) -> Iterator[WrongRow]:
    waiting = session.scalar(select(func.count()).select_from(WrittenExaminationRecord)) or 0
    if waiting and not signer.path.exists():
        yield WrongRow(
            "written_examination_record", "all", f"There is no key at {signer.path} to check {waiting} with."
        )
        return
    records = select(WrittenExaminationRecord).order_by(WrittenExaminationRecord.id)
    for record in session.scalars(records, execution_options={"yield_per": ROWS_AT_A_TIME}):
        counts.of["records"] += 1
        if not signer.verify(record):
            yield WrongRow("written_examination_record", record.number, "The signature does not fit the record.")
