"""What is recorded of each requirement in an endorsement file, and what that makes of the file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements.files import requirements_by_file, requirements_for
from examapp.endorsements.models import (
    ComponentRecord,
    ComponentState,
    EndorsementFile,
    Outcome,
    WrittenExaminationRecord,
)
from examapp.endorsements.requirements import (
    FIRST_REVIEW,
    REVIEWS,
    SECOND_REVIEW,
    LevelRequirements,
    Requirement,
    RequirementKind,
)
from examapp.endorsements.written_examinations import records_in_force
from question_bank import audit
from question_bank.errors import RuleViolation


@dataclass(frozen=True)
class Component:
    """One requirement of a file with everything recorded about it, the newest first."""

    requirement: Requirement
    history: list[ComponentRecord]
    # Only of the written examination: the records in force, the newest first.
    written_examinations: list[WrittenExaminationRecord]

    @property
    def latest(self) -> ComponentRecord | None:
        return self.history[0] if self.history else None

    @property
    def state(self) -> ComponentState | None:
        """None: nothing recorded yet."""
        if self.requirement.kind == RequirementKind.WRITTEN_EXAMINATION:
            return examination_state(self.written_examinations)
        return self.latest.state if self.latest else None

    @property
    def done(self) -> bool:
        return self.state in (ComponentState.MET, ComponentState.WAIVED)


@dataclass(frozen=True)
class Progress:
    """How far a file is: counted are the requirements that the endorsement waits for."""

    done: int
    needed: int

    @property
    def complete(self) -> bool:
        return self.done == self.needed


def components_of(session: Session, file: EndorsementFile) -> list[Component]:
    """Every requirement of the file's level and track, in order."""
    return components_by_file(session, [file])[file.id]


def components_by_file(session: Session, files: Collection[EndorsementFile]) -> dict[int, list[Component]]:
    """The same for each of these files, in as many statements as for one."""
    tables = requirements_by_file(session, files)
    return {
        file.id: [component_of(file, requirement) for requirement in tables[file.id].requirements] for file in files
    }


def component_of(file: EndorsementFile, requirement: Requirement) -> Component:
    is_examination = requirement.kind == RequirementKind.WRITTEN_EXAMINATION
    return Component(
        requirement,
        [record for record in reversed(file.components) if record.requirement == requirement.code],
        list(reversed(records_in_force(file))) if is_examination else [],
    )


def examination_state(records: list[WrittenExaminationRecord]) -> ComponentState | None:
    """A pass counts whenever it was; else the newest record speaks. An attempt without a result says nothing."""
    if any(record.outcome == Outcome.PASS for record in records):
        return ComponentState.MET
    return ComponentState.NOT_MET if any(record.outcome == Outcome.FAIL for record in records) else None


def progress_of(components: list[Component]) -> Progress:
    counted = [component for component in components if component.requirement.counts]
    return Progress(sum(component.done for component in counted), len(counted))


def latest_record(file: EndorsementFile, code: str) -> ComponentRecord | None:
    return next((record for record in reversed(file.components) if record.requirement == code), None)


def record_component(
    session: Session,
    file: EndorsementFile,
    requirement: str,
    *,
    state: ComponentState,
    amount: Decimal | None,
    occurred_on: date | None,
    evidence: str,
    verified_by: str,
    verifier_id: int | None,
    by: int,
    at: datetime,
) -> ComponentRecord:
    """Add what is now known about a requirement. Earlier records stay in the history."""
    row = recordable(requirements_for(session, file), requirement)
    if file.user_id == by:
        raise RuleViolation("Nobody records in their own endorsement file. Ask another administrator.")
    record = ComponentRecord(
        file_id=file.id,
        requirement=row.code,
        state=state,
        amount=amount,
        occurred_on=occurred_on,
        evidence=evidence.strip(),
        verified_by=verified_name(session, verified_by, verifier_id),
        verifier_id=verifier_id,
        recorded_at=at,
        recorded_by_id=by,
    )
    check_record(row, record, at.date())
    if row.code in REVIEWS:
        check_reviewer(file, record)
    file.components.append(record)
    audit.record(
        session, "component.recorded", "endorsement_file", file.number, by=by, at=at, requirement=row.code, state=state
    )
    session.flush()
    return record


def recordable(table: LevelRequirements, code: str) -> Requirement:
    row = table.requirement(code)
    if row is None:
        raise RuleViolation("This requirement does not belong to the level and track of the file.")
    if row.kind == RequirementKind.WRITTEN_EXAMINATION:
        raise RuleViolation(
            "The written examination is never entered by hand. It appears here when its result is released."
        )
    return row


def verified_name(session: Session, name: str, verifier_id: int | None) -> str:
    """The name that is kept: of the account when there is one, so that the two cannot disagree."""
    verifier = session.get(User, verifier_id) if verifier_id else None
    return verifier.name if verifier else " ".join(name.split())


def check_record(row: Requirement, record: ComponentRecord, today: date) -> None:
    """What a record must say before it may claim its state."""
    if record.occurred_on and record.occurred_on > today:
        raise RuleViolation("The date lies in the future. Record what has happened.")
    if record.amount is not None and row.amount is None:
        raise RuleViolation("This requirement has no amount. Leave the amount empty.")
    if record.amount is not None and record.amount < 0:
        raise RuleViolation("An amount cannot be less than zero.")
    if record.state == ComponentState.WAIVED and row.code in REVIEWS:
        raise RuleViolation("A level of the portfolio review cannot be waived: the examination comes after both.")
    if record.state in (ComponentState.WAIVED, ComponentState.NOT_MET) and not record.evidence:
        raise RuleViolation("Write in the note why this is so.")
    if record.state == ComponentState.MET:
        check_met(row, record)


def check_met(row: Requirement, record: ComponentRecord) -> None:
    if record.occurred_on is None:
        raise RuleViolation("Give the date on which the requirement was met.")
    if not record.verified_by:
        raise RuleViolation("Say who verified it.")
    if row.amount is not None and (record.amount is None or record.amount < row.amount):
        raise RuleViolation(
            "The requirement is %(needed)s %(unit)s. With less it is in progress, or waived with a reason in the note.",
            needed=f"{row.amount.normalize():f}",
            unit=row.unit,
        )


def check_reviewer(file: EndorsementFile, record: ComponentRecord) -> None:
    """The two levels of the review are done by two people, and by neither of them on their own file."""
    if is_person(record, file.user_id, file.user.name):
        raise RuleViolation("Nobody reviews their own portfolio. Name another reviewer.")
    other = latest_record(file, SECOND_REVIEW if record.requirement == FIRST_REVIEW else FIRST_REVIEW)
    if other and same_reviewer(other, record):
        raise RuleViolation(
            "%(name)s did the other level of this review. The two levels need two different people.",
            name=record.verified_by,
        )


def same_reviewer(one: ComponentRecord, other: ComponentRecord) -> bool:
    return bool(other.verified_by) and is_person(one, other.verifier_id, other.verified_by)


def is_person(record: ComponentRecord, user_id: int | None, name: str) -> bool:
    """Whether the verifier is this person: by account where both have one, else by the name as people read it."""
    if record.verifier_id is not None and user_id is not None:
        return record.verifier_id == user_id
    return record.verified_by.casefold() == " ".join(name.split()).casefold()
