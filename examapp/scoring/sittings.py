"""Who sat an administration, what they were to answer and what they answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from examapp.delivery.attempts import close_overdue
from examapp.delivery.models import Attempt, AttemptPart, EventKind, ResponseEvent
from examapp.delivery.responses import PartResponses, responses_of
from examapp.registration.models import Administration, Registration
from question_bank.errors import RuleViolation
from question_bank.exam_forms import sealed_document
from question_bank.exam_policy import ExamPolicy, PartKind, policy_of
from question_bank.rule_documents import RuleDocument
from question_bank.sealed_documents import SealedSlotGroup


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
class Sitting:
    """One registration with everything a score is made of, except marks."""

    registration: Registration
    policy: ExamPolicy
    groups: Sequence[SealedSlotGroup]
    parts: dict[str, AttemptPart]
    responses: dict[str, PartResponses]
    # Essay items in the order in which the candidate chose them.
    choices: Sequence[str]

    def answer(self, part: str, item: str) -> str:
        responses = self.responses.get(part)
        return responses.answers.get(item, "") if responses else ""

    def prompts(self, part: str) -> list[Prompt]:
        """The prompts that count in an essay part, as many as each slot group asks for."""
        return [prompt for group in self.groups for prompt in self.prompts_of_group(part, group)]

    def prompts_of_group(self, part: str, group: SealedSlotGroup) -> list[Prompt]:
        # A written answer that was not ticked fills an open place: nothing the server acknowledged goes unscored.
        chosen = group.essays if group.choose == len(group.essays) else self.choices
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


def sittings_of(session: Session, administration: Administration, *, as_of: datetime) -> list[Sitting]:
    """Everybody registered and not withdrawn at that moment."""
    registrations = session.scalars(
        select(Registration)
        .where(
            Registration.administration_id == administration.id,
            or_(Registration.withdrawn_at.is_(None), Registration.withdrawn_at > as_of),
        )
        .order_by(Registration.code)
    ).all()
    attempts = session.scalars(
        select(Attempt)
        .where(Attempt.registration_id.in_([registration.id for registration in registrations]))
        .options(selectinload(Attempt.parts))
    )
    parts = {attempt.registration_id: attempt.parts for attempt in attempts}
    part_ids = [part.id for started in parts.values() for part in started]
    responses, choices = responses_of(session, part_ids), choices_of(session, part_ids)
    form = sealed_document(session, administration.form_sha256)
    policies = {
        policy_id: policy_of(session.get_one(RuleDocument, policy_id))
        for policy_id in {r.policy_id for r in registrations}
    }
    return [
        Sitting(
            registration,
            policies[registration.policy_id],
            form.slot_groups_for(registration.level, registration.track),
            {part.part: part for part in parts.get(registration.id, [])},
            {part.part: responses[part.id] for part in parts.get(registration.id, []) if part.id in responses},
            [item for part in parts.get(registration.id, []) for item in choices.get(part.id, [])],
        )
        for registration in registrations
    ]


def choices_of(session: Session, part_ids: Sequence[int]) -> dict[int, list[str]]:
    """By part, the items whose last word is "chosen", in the order in which that was said."""
    last = (
        select(ResponseEvent.part_id, func.max(ResponseEvent.seq).label("seq"))
        .where(ResponseEvent.part_id.in_(part_ids), ResponseEvent.kind == EventKind.CHOOSE)
        .group_by(ResponseEvent.part_id, ResponseEvent.item)
        .subquery()
    )
    rows = session.execute(
        select(ResponseEvent.part_id, ResponseEvent.item)
        .join(last, and_(ResponseEvent.part_id == last.c.part_id, ResponseEvent.seq == last.c.seq))
        .where(ResponseEvent.value != "")
        .order_by(ResponseEvent.part_id, ResponseEvent.seq)
    )
    choices: dict[int, list[str]] = defaultdict(list)
    for part_id, item in rows:
        choices[part_id].append(item)
    return choices


def one_at_a_time(session: Session, administration: Administration) -> None:
    """Hold the administration until the commit, so that a step pressed twice is done once."""
    session.execute(select(Administration.id).where(Administration.id == administration.id).with_for_update())


def refuse_unfinished(session: Session, administration: Administration, *, at: datetime) -> None:
    """Nothing is collected or scored while somebody may still write."""
    close_overdue(session, at)
    waiting = unfinished(session, administration, at=at)
    if waiting:
        raise RuleViolation(
            "%(count)s candidates may still start or write. Wait until the window and the last part have closed.",
            count=waiting,
        )


def unfinished(session: Session, administration: Administration, *, at: datetime) -> int:
    """How many candidates may still write: a part is open, or the window is and a part of theirs is still to come."""
    window_open = at < administration.closes_at
    rows = session.execute(
        select(Registration.id, Registration.parts, func.count(AttemptPart.id), func.count(AttemptPart.closed_at))
        .outerjoin(Attempt, Attempt.registration_id == Registration.id)
        .outerjoin(AttemptPart, AttemptPart.attempt_id == Attempt.id)
        .where(
            Registration.administration_id == administration.id,
            Registration.withdrawn_at.is_(None),
            Registration.voided_at.is_(None),
        )
        .group_by(Registration.id)
    )
    return sum(closed < started or (window_open and closed < len(parts)) for _, parts, started, closed in rows)
