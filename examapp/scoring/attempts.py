"""Who sat an administration, what they were to answer and what they answered."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Load, Session, lazyload, selectinload

from examapp.delivery.attempts import close_overdue
from examapp.delivery.models import Attempt, AttemptPart, PaperEntry
from examapp.delivery.responses import PartResponses, responses_of
from examapp.endorsements.models import EndorsementFile, WrittenExaminationRecord
from examapp.registration.models import Administration, Registration
from question_bank.errors import RuleViolation
from question_bank.exam_forms import sealed_document
from question_bank.exam_policy import ExamPolicy, PartKind, policy_of
from question_bank.rule_documents import RuleDocument
from question_bank.sealed_documents import SealedSlotGroup

# For lists: a registration by itself, without the person and the administration it usually comes with.
ALONE = Load(Registration).lazyload("*")

# The records of its file, by which a retake counts parts that were passed before.
WITH_RECORDS = selectinload(Registration.file).options(
    lazyload(EndorsementFile.user),
    lazyload(EndorsementFile.components),
    selectinload(EndorsementFile.written_examinations).lazyload(WrittenExaminationRecord.file),
)


class NothingToRead(StrEnum):
    """Why a prompt that counts has no essay."""

    BLANK = "blank"
    NOT_CHOSEN = "not_chosen"


@dataclass(frozen=True)
class Prompt:
    """A prompt that counts for a candidate, with the text to rate or why there is none."""

    item: str
    text: str
    missing: NothingToRead | None


@dataclass(frozen=True)
class ScorableAttempt:
    """The attempt of one registration, as far as it went: everything a score is made of, except marks."""

    registration: Registration
    policy: ExamPolicy
    groups: Sequence[SealedSlotGroup]
    parts: dict[str, AttemptPart]
    responses: dict[str, PartResponses]

    def answer(self, part: str, item: str) -> str:
        responses = self.responses.get(part)
        return responses.answers.get(item, "") if responses else ""

    def chosen(self, part: str) -> list[str]:
        """The essay items in the order in which the candidate chose them."""
        responses = self.responses.get(part)
        return responses.chosen if responses else []

    def prompts(self, part: str) -> list[Prompt]:
        """The prompts that count in an essay part, as many as each slot group asks for."""
        return [prompt for group in self.groups for prompt in self.prompts_of_group(part, group)]

    def prompts_of_group(self, part: str, group: SealedSlotGroup) -> list[Prompt]:
        # A written answer that was not ticked fills an open place: nothing the server acknowledged goes unscored.
        chosen = group.essays if group.choose == len(group.essays) else self.chosen(part)
        written = [item for item in group.essays if self.answer(part, item).strip()]
        order = dict.fromkeys([*(item for item in chosen if item in group.essays), *written, *group.essays])
        return [self.prompt(part, item, item in chosen or item in written) for item in list(order)[: group.choose]]

    def prompt(self, part: str, item: str, chosen: bool) -> Prompt:
        text = self.answer(part, item)
        if text.strip():
            return Prompt(item, text, None)
        return Prompt(item, "", NothingToRead.BLANK if chosen else NothingToRead.NOT_CHOSEN)

    @property
    def essay_parts(self) -> list[str]:
        return [part for part in self.registration.parts if self.policy.part(part).kind == PartKind.ESSAY]


def attempts_of(
    session: Session, administrations: Collection[Administration], *, as_of: datetime, essays_only: bool = False
) -> list[ScorableAttempt]:
    """Everybody registered and not withdrawn at that moment, by code; on demand with their essays alone."""
    forms = {given.id: sealed_document(session, given.form_sha256) for given in administrations}
    registrations = registrations_at(session, forms, as_of, with_records=not essays_only)
    policies = policies_of(session, registrations)
    parts = parts_of(session, registrations)
    read = [
        part.id
        for registration in registrations
        for part in parts[registration.id]
        if not essays_only or policies[registration.policy_id].part(part.part).kind == PartKind.ESSAY
    ]
    responses = responses_of(session, read, as_of=as_of)
    return [
        ScorableAttempt(
            registration,
            policies[registration.policy_id],
            forms[registration.administration_id].slot_groups_for(registration.level, registration.track),
            {part.part: part for part in parts[registration.id]},
            {part.part: responses[part.id] for part in parts[registration.id] if part.id in responses},
        )
        for registration in registrations
    ]


def registrations_at(
    session: Session, administration_ids: Collection[int], as_of: datetime, *, with_records: bool
) -> Sequence[Registration]:
    """Who was registered at that moment."""
    return session.scalars(
        select(Registration)
        .where(
            Registration.administration_id.in_(administration_ids),
            or_(Registration.withdrawn_at.is_(None), Registration.withdrawn_at > as_of),
        )
        .order_by(Registration.code)
        .options(ALONE, *([WITH_RECORDS] if with_records else []))
    ).all()


def policies_of(session: Session, registrations: Collection[Registration]) -> dict[int, ExamPolicy]:
    """The exam policies that these registrations are pinned to."""
    documents = session.scalars(select(RuleDocument).where(RuleDocument.id.in_({r.policy_id for r in registrations})))
    return {document.id: policy_of(document) for document in documents}


def parts_of(session: Session, registrations: Collection[Registration]) -> dict[int, list[AttemptPart]]:
    """By registration, the parts that were started, in that order."""
    rows = session.execute(
        select(Attempt.registration_id, AttemptPart)
        .join(AttemptPart.attempt)
        .where(Attempt.registration_id.in_([registration.id for registration in registrations]))
        .order_by(AttemptPart.id)
        .options(lazyload(AttemptPart.attempt))
    )
    parts: dict[int, list[AttemptPart]] = defaultdict(list)
    for registration_id, part in rows:
        parts[registration_id].append(part)
    return parts


def one_at_a_time(session: Session, administration: Administration) -> None:
    """Hold the administration until the commit, so that a step pressed twice is done once."""
    session.execute(select(Administration.id).where(Administration.id == administration.id).with_for_update())


def refuse_unfinished(session: Session, administration: Administration, *, at: datetime) -> None:
    """Nothing is collected or scored while somebody may still write, or while their paper is being typed in."""
    close_overdue(session, at)
    waiting = unfinished(session, [administration], at=at)[administration.id]
    if waiting:
        raise RuleViolation(
            "%(count)s candidates may still start or write. Wait until the window and the last part have closed.",
            count=waiting,
        )
    refuse_pending_sheets(session, administration)


def refuse_pending_sheets(session: Session, administration: Administration) -> None:
    """Nothing is scored or released while answers on paper are not the attempt yet."""
    on_paper = being_typed_in(session, administration)
    if on_paper:
        raise RuleViolation(
            "The answer sheets of %(count)s candidates are still being typed in. Make them the attempt first.",
            count=on_paper,
        )


def being_typed_in(session: Session, administration: Administration) -> int:
    """How many candidates have answers that were typed in from paper and are not their attempt yet."""
    return (
        session.scalar(
            select(func.count(PaperEntry.registration_id.distinct()))
            .join(Registration, Registration.id == PaperEntry.registration_id)
            .where(
                Registration.administration_id == administration.id,
                Registration.withdrawn_at.is_(None),
                Registration.voided_at.is_(None),
                PaperEntry.transferred_at.is_(None),
            )
        )
        or 0
    )


def unfinished(session: Session, administrations: Collection[Administration], *, at: datetime) -> Counter[int]:
    """By administration, how many may still write: a part is open, or the window is and a part is still to come."""
    closing = {administration.id: administration.closes_at for administration in administrations}
    rows = session.execute(
        select(
            Registration.administration_id,
            Registration.parts,
            func.count(AttemptPart.id),
            func.count(AttemptPart.closed_at),
        )
        .outerjoin(Attempt, Attempt.registration_id == Registration.id)
        .outerjoin(AttemptPart, AttemptPart.attempt_id == Attempt.id)
        .where(
            Registration.administration_id.in_(closing),
            Registration.withdrawn_at.is_(None),
            Registration.voided_at.is_(None),
        )
        .group_by(Registration.id)
    )
    return Counter(
        administration_id
        for administration_id, parts, started, closed in rows
        if closed < started or (at < closing[administration_id] and closed < len(parts))
    )
