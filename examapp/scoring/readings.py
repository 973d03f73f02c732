"""The readings of each essay, with the way back to the candidate. For assignment and scoring, never for raters."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from examapp.registration.models import Administration, Registration
from examapp.scoring.attempts import ALONE, policies_of
from examapp.scoring.marking import AdjudicationReason, EssayScale, adjudication_reasons
from examapp.scoring.models import EssayResponse, EssayResponseSource, RatingTask
from question_bank.exam_forms import key_document, newest_key
from question_bank.exam_policy import ExamPolicy, PartKind
from question_bank.sealed_documents import KeyDocument

# For who reads the present state: a lock taken while they waited for theirs counts too.
AT_PRESENT = datetime.max.replace(tzinfo=UTC)

THIRD = 3


@dataclass(frozen=True)
class EssayReadings:
    """One essay with its candidate, the rules it is read by, and the tasks so far."""

    response: EssayResponse
    registration: Registration
    policy: ExamPolicy
    scale: EssayScale
    tasks: list[RatingTask]

    @property
    def locked(self) -> list[RatingTask]:
        return [task for task in self.tasks if task.locked_at is not None]

    @property
    def planned(self) -> int:
        return self.policy.raters_per_essay

    @cached_property
    def reasons(self) -> list[AdjudicationReason]:
        """Why a third reading is asked for; known when both of two planned readings are locked."""
        planned = [task for task in self.locked if task.reading <= self.planned]
        if self.planned != 2 or len(planned) < 2:
            return []
        first, second = (task.levels for task in planned)
        return adjudication_reasons(first, second, self.scale, self.policy.adjudication)

    @property
    def wanted(self) -> list[int]:
        """The numbers of the readings this essay needs."""
        return [*range(1, self.planned + 1), *([THIRD] if self.reasons else [])]

    @property
    def complete(self) -> bool:
        return {task.reading for task in self.locked} >= set(self.wanted)


def scale_of(policy: ExamPolicy, keys: KeyDocument, item: str) -> EssayScale:
    """What the rubric of an essay item is worth under a policy."""
    part = next(part for part in policy.parts if part.kind == PartKind.ESSAY)
    dimensions = tuple(dimension.code for dimension in keys.essays[item].rubric.dimensions)
    return EssayScale(dimensions, policy.level_marks, part.cut_percent)


def readings_of(
    session: Session, administrations: Collection[Administration], *, keys: Mapping[str, KeyDocument], as_of: datetime
) -> list[EssayReadings]:
    """Every essay collected by that moment from a registration that then counted, with what was locked by then.

    ``keys``: by the digest of each form.
    """
    rows = session.execute(
        select(EssayResponse, Registration)
        .join(EssayResponseSource, EssayResponseSource.essay_response_id == EssayResponse.id)
        .join(Registration, Registration.id == EssayResponseSource.registration_id)
        .where(
            EssayResponse.administration_id.in_([administration.id for administration in administrations]),
            EssayResponse.collected_at <= as_of,
        )
        .options(ALONE, selectinload(EssayResponse.tasks).lazyload(RatingTask.response))
        .order_by(EssayResponse.code)
    ).all()
    return together(session, [(response, registration) for response, registration in rows], keys, as_of)


def readings_of_essay(session: Session, response: EssayResponse, *, as_of: datetime) -> EssayReadings | None:
    """One essay; None when its registration no longer counts."""
    session.expire(response, ["tasks"])
    registration = session.scalars(
        select(Registration)
        .join(EssayResponseSource, EssayResponseSource.registration_id == Registration.id)
        .where(EssayResponseSource.essay_response_id == response.id)
    ).one()
    keys = key_document(newest_key(session, response.form_sha256))
    return next(iter(together(session, [(response, registration)], {response.form_sha256: keys}, as_of)), None)


def together(
    session: Session,
    rows: Collection[tuple[EssayResponse, Registration]],
    keys: Mapping[str, KeyDocument],
    as_of: datetime,
) -> list[EssayReadings]:
    policies = policies_of(session, [registration for _, registration in rows])
    essays = []
    for response, registration in rows:
        if counts(registration, as_of):
            policy = policies[registration.policy_id]
            tasks = [task for task in response.tasks if not (task.locked_at and task.locked_at > as_of)]
            scale = scale_of(policy, keys[response.form_sha256], response.item)
            essays.append(EssayReadings(response, registration, policy, scale, tasks))
    return essays


def counts(registration: Registration, as_of: datetime) -> bool:
    """Whether the registration was neither withdrawn nor void at that moment."""
    ends = (registration.withdrawn_at, registration.voided_at)
    return all(end is None or end > as_of for end in ends)
