"""The practice examination: of sample items, taken as often as a candidate likes, never scored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from examapp.registration.accommodations import end
from examapp.registration.administrations import check_window, policy_on, refuse_shared, save
from examapp.registration.models import Accommodation, Administration, Registration
from examapp.registration.real import practice_administrations, real_administrations
from examapp.registration.registrations import new_code, record_deed
from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.exam_forms import FormPurpose, SealedForm, sealed_document
from question_bank.exam_policy import PART_ONE, PART_TWO
from question_bank.sealed_documents import SealedDocument

# What an accommodation gives, whoever granted it when.
GIVEN = ("factor", "extra_minutes", "break_minutes", "arrangements", "reason", "granted_at", "granted_by_id")


# For the office


def open_practice(
    session: Session, *, title: str, form_sha256: str, closes_at: datetime, time_zone: str, by: int, at: datetime
) -> Administration:
    """Open a practice form to every registered candidate, from now on: no proctor, no entry rules."""
    if session.get(SealedForm, form_sha256) is None or not is_for_practice(session, form_sha256):
        raise RuleViolation("Choose a sealed practice form.")
    if closes_at <= at:
        raise RuleViolation("This time is over already. Choose a later one.")
    check_window(at, closes_at, time_zone)
    refuse_shared(session, form_sha256, real_administrations().where(Administration.closes_at > at))
    practice = Administration(
        title=" ".join(title.split()),
        opens_at=at,
        closes_at=closes_at,
        time_zone=time_zone,
        form_sha256=form_sha256,
        practice=True,
        policy_id=policy_on(session, at.date()).id,
        created_at=at,
        created_by_id=by,
    )
    save(session, practice)
    audit.record(session, "practice.opened", "administration", practice.id, by=by, at=at, title=practice.title)
    session.flush()
    return practice


def is_for_practice(session: Session, form_sha256: str) -> bool:
    return sealed_document(session, form_sha256).purpose == FormPurpose.PRACTICE


def end_practice(session: Session, practice: Administration, *, by: int, at: datetime) -> None:
    """Nobody begins a part any more. Who is writing goes on until their own time is up."""
    if at >= practice.closes_at:
        raise RuleViolation("This practice examination is over already.")
    practice.closes_at = at
    audit.record(session, "practice.ended", "administration", practice.id, by=by, at=at, title=practice.title)
    session.flush()


def is_open(at: datetime) -> ColumnElement[bool]:
    return and_(Administration.opens_at <= at, Administration.closes_at > at)


def practices(session: Session) -> Sequence[Administration]:
    """All of them, the one that is open longest first."""
    newest = practice_administrations().order_by(Administration.closes_at.desc(), Administration.id.desc())
    return session.scalars(newest).all()


def rounds_by_practice(session: Session) -> dict[int, tuple[int, int]]:
    """By practice examination, how many candidates tried it and how many rounds they made. No names, no results."""
    rows = session.execute(
        select(Registration.administration_id, func.count(Registration.candidate_id.distinct()), func.count())
        .where(Registration.practice_round > 0)
        .group_by(Registration.administration_id)
    )
    return {practice_id: (candidates, rounds) for practice_id, candidates, rounds in rows}


# For a candidate


def practice_for(session: Session, registration: Registration, at: datetime) -> Administration | None:
    """The practice that is open and has what this candidate will be asked, by level, track and parts; the newest."""
    newest = practice_administrations().where(is_open(at)).order_by(Administration.id.desc())
    return next((p for p in session.scalars(newest) if serves(session, p, registration)), None)


def serves(session: Session, practice: Administration, registration: Registration) -> bool:
    form = sealed_document(session, practice.form_sha256)
    has = {PART_ONE: bool(form.part_one), PART_TWO: has_essays(form, registration)}
    # A form that was given nevertheless is not shown with its keys to those who will get it.
    apart = not form.codes & sealed_document(session, registration.administration.form_sha256).codes
    return apart and all(has[part] for part in registration.parts)


def has_essays(form: SealedDocument, registration: Registration) -> bool:
    groups = form.slot_groups_for(registration.level, registration.track)
    return bool(groups) and all(len(group.essays) >= group.choose for group in groups)


def rounds_of(session: Session, practice: Administration, candidate_id: int) -> Sequence[Registration]:
    """The rounds of a candidate, the newest first."""
    return session.scalars(
        select(Registration)
        .where(Registration.administration_id == practice.id, Registration.candidate_id == candidate_id)
        .order_by(Registration.practice_round.desc())
    ).all()


def begin_round(
    session: Session, practice: Administration, real: Registration, *, number: int, at: datetime
) -> Registration:
    """A registration of the candidate's own for one round, under the conditions of the examination ahead."""
    made = Registration(
        code=new_code(),
        administration_id=practice.id,
        candidate_id=real.candidate_id,
        practice_round=number,
        registered_at=at,
        registered_by_id=real.candidate_id,
    )
    take_conditions(made, real, at=at)
    session.add(made)
    session.flush()
    record_deed(session, made, "practice_begun", by=real.candidate_id, at=at, round=number)
    session.flush()
    return made


def take_conditions(practised: Registration, real: Registration, *, at: datetime) -> None:
    """Level, track, parts, minutes and accommodation are those of the examination ahead, as they are now."""
    practised.file_id, practised.level, practised.track = real.file_id, real.level, real.track
    practised.policy_id, practised.parts = real.policy_id, real.parts
    old, new = practised.accommodation, real.accommodation
    if given(old) == given(new):
        return
    if old:
        end(old, by=real.candidate_id, at=at)
    if new:
        practised.accommodations.append(Accommodation(**given(new)))


def given(accommodation: Accommodation | None) -> dict[str, object]:
    return {name: getattr(accommodation, name) for name in GIVEN} if accommodation else {}
