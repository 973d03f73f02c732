"""How far one candidate is: the stage of the whole, and each part with its minutes and its deadline."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from examapp.delivery.attempts import attempt_of, part_of, part_rules
from examapp.delivery.clock import allowance
from examapp.delivery.models import Attempt, AttemptPart
from examapp.delivery.time_ledger import extra_seconds, planned_deadline
from examapp.registration.models import Administration, Registration
from examapp.registration.real import real_registrations
from question_bank.exam_policy import PartRules


class Stage(StrEnum):
    ENDED = "ended"  # withdrawn, void or cancelled
    UPCOMING = "upcoming"
    WAITING = "waiting"  # open, but the proctor has not admitted the candidate
    READY = "ready"  # a part can be started
    WRITING = "writing"
    FINISHED = "finished"
    MISSED = "missed"  # the window closed before every part was taken


@dataclass(frozen=True)
class PartProgress:
    rules: PartRules
    part: AttemptPart | None
    # Seconds the accommodation adds.
    extra: int
    # When it would end if it were started now.
    would_end_at: datetime

    @property
    def minutes(self) -> int:
        return (allowance(self.rules.minutes) + self.extra) // 60

    @property
    def closed(self) -> bool:
        return self.part is not None and self.part.closed_at is not None

    @property
    def open(self) -> bool:
        return self.part is not None and self.part.closed_at is None


@dataclass(frozen=True)
class Progress:
    registration: Registration
    attempt: Attempt | None
    parts: list[PartProgress]
    stage: Stage

    @property
    def next_part(self) -> PartProgress | None:
        """The part to take now: the open one, else the first not started."""
        return next((part for part in self.parts if not part.closed), None)


def progress_of(session: Session, registration: Registration, at: datetime) -> Progress:
    attempt = attempt_of(session, registration)
    parts = [
        PartProgress(
            rules=rules,
            part=part_of(attempt, rules.code),
            extra=extra_seconds(registration, rules.minutes),
            would_end_at=planned_deadline(registration, rules.minutes, at),
        )
        for rules in part_rules(registration)
    ]
    return Progress(registration, attempt, parts, stage_of(registration, parts, at))


def stage_of(registration: Registration, parts: list[PartProgress], at: datetime) -> Stage:
    administration = registration.administration
    if parts and all(part.closed for part in parts):
        return Stage.FINISHED
    if not registration.active or administration.cancelled_at:
        return Stage.ENDED
    if any(part.open for part in parts):
        return Stage.WRITING
    if at >= administration.closes_at:
        return Stage.MISSED
    if at < administration.opens_at:
        return Stage.UPCOMING
    if administration.proctored and registration.admitted_at is None:
        return Stage.WAITING
    return Stage.READY


def registrations_of(session: Session, candidate_id: int) -> list[Registration]:
    """A candidate's registrations, the latest examination first; without what they practised."""
    return list(
        session.scalars(
            real_registrations()
            .join(Registration.administration)
            .where(Registration.candidate_id == candidate_id)
            .order_by(Administration.opens_at.desc())
        )
    )
