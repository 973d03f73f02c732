"""Registering candidates for an administration: the gate, the retake rules, and the ways out."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.endorsements.gate import eligibility
from examapp.endorsements.models import EndorsementFile
from examapp.endorsements.written_examinations import record_of_registration, records_by_registration
from examapp.registration import mails
from examapp.registration.insiders import insider_refusals
from examapp.registration.models import Administration, Registration
from examapp.registration.real import real_registrations
from examapp.registration.retakes import form_refusals, parts_to_take, retake_refusals, sets_on
from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.exam_policy import ExamPolicy, policy_of

# Without 0, O, 1, I and L, which people mix up on the telephone.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def policy_for(administration: Administration) -> ExamPolicy:
    return policy_of(administration.policy)


def refusals(
    session: Session, administration: Administration, file: EndorsementFile, at: datetime
) -> list[RuleViolation]:
    """Every reason why this person cannot be registered now; none when they can."""
    return refusals_by_file(session, administration, [file], at)[file.id]


def refusals_by_file(
    session: Session, administration: Administration, files: Sequence[EndorsementFile], at: datetime
) -> dict[int, list[RuleViolation]]:
    """The same for each of these files, in as many statements as for one."""
    policy = policy_for(administration)
    opening = administration.opens_at.astimezone(ZoneInfo(administration.time_zone))
    earlier = registrations_by_person(session, {file.user_id for file in files})
    insiders = insider_refusals(session, administration, [file.user for file in files])
    all_earlier = list(chain.from_iterable(earlier.values()))
    with_result = set(records_by_registration(session, [other.id for other in all_earlier]))
    sat = {other.administration.form_sha256 for other in all_earlier if other.started_at}
    sets = sets_on(session, {administration.form_sha256, *sat})

    def reasons(file: EndorsementFile) -> list[RuleViolation]:
        mine = earlier[file.user_id]
        return [
            *administration_refusals(administration, at),
            *person_refusals(administration, file.user, mine, with_result, at),
            *insiders[file.user_id],
            *gate_refusals(file, policy, at.astimezone(opening.tzinfo), opening),
            *retake_refusals(file, policy, opening.date()),
            *form_refusals(
                session,
                file,
                mine,
                parts=parts_to_take(file, policy),
                form_sha256=administration.form_sha256,
                sets=sets,
            ),
        ]

    return {file.id: reasons(file) for file in files}


def administration_refusals(administration: Administration, at: datetime) -> list[RuleViolation]:
    if administration.cancelled_at:
        return [RuleViolation("This administration is cancelled. Choose another one.")]
    if at >= administration.closes_at:
        return [RuleViolation("This administration is over. Choose another one.")]
    return []


def person_refusals(
    administration: Administration,
    user: User,
    registrations: list[Registration],
    with_result: Collection[int],
    at: datetime,
) -> list[RuleViolation]:
    """The account may not sit exams, or is registered already: here, or for an administration without result."""
    if Role.CANDIDATE not in user.roles or not user.is_active:
        return [RuleViolation("%(name)s has no active candidate account.", name=user.name)]
    for other in registrations:
        if other.administration_id == administration.id and other.active:
            return [RuleViolation("%(name)s is registered for this administration already.", name=user.name)]
        if other.administration_id == administration.id and (other.started_at or other.voided_at):
            return [RuleViolation("%(name)s has taken part in this administration already.", name=user.name)]
        if other.id not in with_result and is_open(other, at):
            return [
                RuleViolation(
                    "%(name)s is registered for “%(title)s” and has no result yet.",
                    name=user.name,
                    title=other.administration.title,
                )
            ]
    return []


def registrations_by_person(session: Session, user_ids: Collection[int]) -> dict[int, list[Registration]]:
    """Every registration of these people, for any of their files. What they practised counts nowhere."""
    found: dict[int, list[Registration]] = {user_id: [] for user_id in user_ids}
    for registration in session.scalars(real_registrations().where(Registration.candidate_id.in_(user_ids))):
        found[registration.candidate_id].append(registration)
    return found


def is_open(registration: Registration, at: datetime) -> bool:
    """Whether its administration still lies ahead, or its result: for who knows that none is released."""
    if not registration.active or registration.administration.cancelled_at:
        return False
    return at < registration.administration.closes_at or registration.started_at is not None


def gate_refusals(file: EndorsementFile, policy: ExamPolicy, today: datetime, opening: datetime) -> list[RuleViolation]:
    """The gate holds on the day of registration and on the opening day."""
    now = eligibility(file, policy, today)
    if not now.ok or now.valid_until is None or opening.date() <= now.valid_until:
        return now.reasons
    return [
        RuleViolation(
            "The approval to sit ends on %(day)s, before this administration opens. Choose an earlier one, "
            "or have the portfolio looked at again.",
            day=now.valid_until,
        )
    ]


def register(
    session: Session, administration: Administration, file: EndorsementFile, *, by: int, at: datetime
) -> Registration:
    """Register the candidate of a file, pinned to the policy of the administration, and write to them."""
    refuse_own(file.user_id, by)
    reasons = refusals(session, administration, file, at)
    if reasons:
        raise reasons[0]
    registration = withdrawn_registration(session, administration, file) or Registration(
        code=new_code(), administration_id=administration.id, candidate_id=file.user_id
    )
    registration.file = file
    registration.level, registration.track = file.level, file.track
    registration.policy = administration.policy
    registration.parts = parts_to_take(file, policy_for(administration))
    registration.registered_at, registration.registered_by_id = at, by
    registration.withdrawn_at = None
    try:
        with session.begin_nested():
            session.add(registration)
    except IntegrityError:
        raise RuleViolation("%(name)s is registered for this administration already.", name=file.user.name) from None
    record_deed(session, registration, "registered", by=by, at=at, parts=registration.parts)
    mails.registered(session, registration, at=at)
    session.flush()
    return registration


def withdrawn_registration(
    session: Session, administration: Administration, file: EndorsementFile
) -> Registration | None:
    """One row per person and administration: who comes back after withdrawing takes up their row again."""
    return session.scalar(
        select(Registration).where(
            Registration.administration_id == administration.id,
            Registration.candidate_id == file.user_id,
            Registration.withdrawn_at.is_not(None),
        )
    )


def new_code() -> str:
    return "R-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


def withdraw(session: Session, registration: Registration, *, by: int, at: datetime) -> None:
    """Take a candidate off the list before they have started."""
    refuse_own(registration.candidate_id, by)
    hold(session, registration)
    refuse_inactive(registration)
    if registration.started_at:
        raise RuleViolation("The examination has been started. It can be declared void, but not withdrawn.")
    registration.withdrawn_at = at
    record_deed(session, registration, "withdrawn", by=by, at=at)
    mails.withdrawn(session, registration, at=at)
    session.flush()


def void(session: Session, registration: Registration, *, reason: str, by: int, at: datetime) -> None:
    """Declare an attempt void, for a reason that is kept: it will not be scored."""
    refuse_own(registration.candidate_id, by)
    hold(session, registration)
    refuse_inactive(registration)
    if not reason.strip():
        raise RuleViolation("Write down why the attempt is void.")
    if record_of_registration(session, registration.id):
        raise RuleViolation("The result is released. A correction goes through another scoring run.")
    registration.voided_at, registration.void_reason = at, reason.strip()
    record_deed(session, registration, "voided", by=by, at=at, reason=reason.strip())
    session.flush()


def refuse_own(candidate_id: int, by: int) -> None:
    if candidate_id == by:
        raise RuleViolation("Nobody decides about their own registration. Ask another administrator.")


def hold(session: Session, registration: Registration) -> None:
    """Wait for whoever starts, scores or releases at this moment, and read what they have written."""
    administration = select(Administration.id).where(Administration.id == registration.administration_id)
    session.execute(administration.with_for_update())
    session.refresh(registration)


def refuse_inactive(registration: Registration) -> None:
    if registration.withdrawn_at:
        raise RuleViolation("This registration is withdrawn already.")
    if registration.voided_at:
        raise RuleViolation("This registration is void already.")


def record_deed(
    session: Session, registration: Registration, deed: str, *, by: int, at: datetime, **details: object
) -> None:
    audit.record(session, f"registration.{deed}", "registration", registration.code, by=by, at=at, **details)
