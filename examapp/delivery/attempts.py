"""Taking the exam: the honour statement, starting a part, and the one way a part is closed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, literal, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from examapp.delivery import clock, opening
from examapp.delivery.log import first_link
from examapp.delivery.models import Attempt, AttemptPart, ClosedBy, PaperEntry
from examapp.delivery.time_ledger import end_stops_of_closed, opening_ledger, planned_deadline
from examapp.registration.insiders import insider_refusals, may_be_insider
from examapp.registration.models import Administration, Registration
from question_bank import audit
from question_bank.base import UTCDateTime
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PartRules, policy_of
from question_bank.rule_documents import RuleDocument

# Statements that many ask at once are built once: building one costs as much as carrying it out.
OF_REGISTRATION = (
    select(Attempt)
    .where(Attempt.registration_id == bindparam("of_registration"))
    .options(joinedload(Attempt.parts), lazyload(Attempt.registration))
)


def attempt_of(session: Session, registration: Registration) -> Attempt | None:
    return session.scalars(OF_REGISTRATION, {"of_registration": registration.id}).unique().one_or_none()


def part_of(attempt: Attempt | None, code: str) -> AttemptPart | None:
    return next((part for part in attempt.parts if part.part == code), None) if attempt else None


def part_rules(registration: Registration) -> list[PartRules]:
    """The parts this candidate takes, in order, by the policy of the registration."""
    policy = policy_of(registration.policy)
    return [rules for rules in policy.parts if rules.code in registration.parts]


# Starting


class HonourNotAcceptedError(RuleViolation):
    """The first part starts with the honour statement."""


@dataclass(frozen=True)
class Threshold:
    """All that is asked of a registration before one of its parts is started."""

    registration: Registration
    attempt: Attempt | None
    # Whether the part was written on paper, and whether the candidate may know the questions.
    on_paper: bool
    insider: bool


AT_THE_THRESHOLD = (
    select(
        Registration,
        Attempt,
        exists().where(PaperEntry.registration_id == Registration.id, PaperEntry.part == bindparam("of_part")),
        may_be_insider(Registration.candidate_id),
    )
    .join(Registration.administration)
    .outerjoin(Attempt, Attempt.registration_id == Registration.id)
    .where(Registration.id == bindparam("of_registration"))
    .options(
        contains_eager(Registration.administration).joinedload(Administration.entry_rules),
        joinedload(Registration.accommodations),
        joinedload(Registration.policy).load_only(RuleDocument.sha256),  # its content the process has read before
        lazyload(Registration.candidate),
        lazyload(Attempt.registration),
        joinedload(Attempt.parts).lazyload(AttemptPart.attempt),
    )
    .with_for_update(read=True, of=Administration)
    .execution_options(populate_existing=True)
)


def threshold(session: Session, registration_id: int, part_code: str) -> Threshold:
    """Read in one statement, while a whole room starts at once.

    It waits for whoever extends the window, withdraws or declares void; candidates do not wait for each other. What is
    withdrawn in this very moment, the database itself refuses to start (migrations/starts.py).
    """
    found = session.execute(AT_THE_THRESHOLD, {"of_registration": registration_id, "of_part": part_code})
    registration, attempt, on_paper, noted = found.unique().one()
    administration = registration.administration
    insider = (
        noted
        and not administration.practice
        and bool(insider_refusals(session, administration, [registration.candidate])[registration.candidate_id])
    )
    return Threshold(registration, attempt, on_paper, insider)


def start_part(
    session: Session,
    registration: Registration,
    part_code: str,
    *,
    at: datetime,
    accepts_honour: bool = False,
    grace_seconds: int = clock.NETWORK_GRACE_SECONDS,
) -> AttemptPart:
    """Start the clock of a part; the first one needs the honour statement, accepted now or before.

    A part that has been started is given back as it is: its start never changes.
    """
    found = threshold(session, registration.id, part_code)
    if found.attempt is None and accepts_honour:
        refuse_outside(found, at)
        found = replace(found, attempt=begin_attempt(session, found.registration, at))
    attempt = start(session, found, part_code, at=at, grace_seconds=grace_seconds)
    return next(part for part in attempt.parts if part.part == part_code)


def start(
    session: Session,
    found: Threshold,
    part_code: str,
    *,
    at: datetime,
    grace_seconds: int = clock.NETWORK_GRACE_SECONDS,
) -> Attempt:
    """The same, once everything is read."""
    registration, attempt = found.registration, found.attempt
    if attempt is None:
        raise HonourNotAcceptedError("Accept the honour statement first.")
    if part_of(attempt, part_code):
        return attempt
    refuse_outside(found, at)
    if found.on_paper:
        raise RuleViolation("You wrote this part on paper, and it is being typed in.")
    if any(is_overdue(part, at) for part in attempt.parts):
        close_overdue(session, at)
    rules = rules_in_turn(part_rules(registration), attempt, part_code)
    session.flush()
    opening.write(
        session,
        begun_part(attempt, registration, rules, at, grace_seconds),
        opening_ledger(registration, rules, at),
        audit.row("part.started", "registration", registration.id, by=registration.candidate_id, at=at, part=part_code),
    )
    session.expire(attempt, ["parts"])
    set_committed_value(registration, "started_at", registration.started_at or at)  # the database has written it
    return attempt


def accept_honour(session: Session, registration: Registration, *, at: datetime) -> Attempt:
    """Accept the honour statement, in the waiting room or later: the attempt begins to exist, and no clock runs."""
    found = threshold(session, registration.id, "")
    if found.attempt:
        return found.attempt
    refuse_out_of_force(found)
    refuse_closed(found, at)
    return begin_attempt(session, found.registration, at)


def begin_attempt(session: Session, registration: Registration, at: datetime) -> Attempt:
    attempt = Attempt(
        registration_id=registration.id,
        form_sha256=registration.administration.form_sha256,
        honour_accepted_at=at,
        parts=[],
    )
    session.add(attempt)
    session.flush()
    audit.record(
        session, "attempt.honour_accepted", "registration", registration.id, by=registration.candidate_id, at=at
    )
    return attempt


def begun_part(
    attempt: Attempt, registration: Registration, rules: PartRules, at: datetime, grace_seconds: int
) -> dict[str, Any]:
    ends = planned_deadline(registration, rules.minutes, at)
    return {
        "attempt_id": attempt.id,
        "part": rules.code,
        "started_at": at,
        "deadline_at": ends,
        "accepts_until": clock.accepts_until(ends, grace_seconds),
        "chain": first_link(attempt.id, rules.code, attempt.form_sha256, at),
        "last_seen_at": at,
    }


def refuse_outside(found: Threshold, at: datetime) -> None:
    """Nothing is written outside the window, without a registration in force, or without a proctor's word."""
    registration, administration = found.registration, found.registration.administration
    refuse_out_of_force(found)
    if at < administration.opens_at:
        raise RuleViolation("The examination has not opened yet.")
    refuse_closed(found, at)
    if administration.proctored and registration.admitted_at is None:
        raise RuleViolation("Wait for the proctor to admit you.")


def refuse_closed(found: Threshold, at: datetime) -> None:
    if at >= found.registration.administration.closes_at:
        raise RuleViolation("The examination has closed.")


def refuse_out_of_force(found: Threshold) -> None:
    """Only a registration in force, of somebody who has not worked on the examination, becomes an attempt."""
    if found.insider:
        raise RuleViolation("Who works or worked on this examination does not sit it. Ask the endorsement office.")
    if not found.registration.active or found.registration.administration.cancelled_at:
        raise RuleViolation("This registration is no longer in force. Ask the endorsement office.")


def rules_in_turn(parts: list[PartRules], attempt: Attempt | None, code: str) -> PartRules:
    """The rules of a part whose turn it is: every part before it is closed."""
    codes = [rules.code for rules in parts]
    if code not in codes:
        raise RuleViolation("This part does not belong to your registration.")
    for earlier in parts[: codes.index(code)]:
        part = part_of(attempt, earlier.code)
        if part is None or part.closed_at is None:
            raise RuleViolation("Hand in %(part)s first.", part=earlier.title)
    return parts[codes.index(code)]


# Closing


def close_part(
    session: Session,
    part: AttemptPart,
    *,
    closed_by: ClosedBy,
    at: datetime,
    by: int | None = None,
    reason: str = "",
    noted_at: datetime | None = None,
) -> bool:
    """Close one part; False when it was closed before. ``noted_at``: of paper, when its end is written down later."""
    closed = close(
        session, AttemptPart.id == part.id, closed_by=closed_by, at=at, by=by, reason=reason, noted_at=noted_at
    )
    session.expire(part, ["closed_at", "closed_by", "deadline_at", "stopped_left"])
    return bool(closed)


def close_overdue(session: Session, at: datetime) -> int:
    """Close every part that takes no more answers; how many they were."""
    return len(
        close(
            session,
            (AttemptPart.deadline_at <= at) & (AttemptPart.accepts_until <= at),
            closed_by=ClosedBy.DEADLINE,
            at=at,
            by=None,
        )
    )


def close(
    session: Session,
    which: ColumnElement[bool],
    *,
    closed_by: ClosedBy,
    at: datetime,
    by: int | None,
    reason: str = "",
    noted_at: datetime | None = None,
) -> list[int]:
    """The one way a part is closed. Its closing time is never after its deadline, whoever closes it however late."""
    overdue = AttemptPart.deadline_at <= at
    not_begun = AttemptPart.started_at > at  # the server's clock was set back
    rows = session.execute(
        update(AttemptPart)
        .where(AttemptPart.closed_at.is_(None), which)
        .values(
            closed_at=case(
                (overdue, AttemptPart.deadline_at),
                (not_begun, AttemptPart.started_at),
                else_=literal(at, UTCDateTime()),
            ),
            closed_by=case(
                (overdue, literal(ClosedBy.DEADLINE, AttemptPart.closed_by.type)),
                else_=literal(closed_by, AttemptPart.closed_by.type),
            ),
        )
        .returning(AttemptPart.id, AttemptPart.part, AttemptPart.closed_by, AttemptPart.stopped_left)
        .execution_options(synchronize_session="fetch")
    ).all()
    for part_id, part, closer, _stopped_left in rows:
        audit.record(
            session, "part.closed", "attempt_part", part_id, by=by, at=noted_at or at,
            part=part, closed_by=closer, reason=reason,
        )  # fmt: skip
    stopped = [row.id for row in rows if row.stopped_left is not None]
    if stopped:
        end_stops_of_closed(session, stopped)
    session.flush()
    return [row.id for row in rows]


def is_overdue(part: AttemptPart, at: datetime) -> bool:
    return part.closed_at is None and part.accepts_until <= at
