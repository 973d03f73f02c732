"""Registering: the gate, once per person, and the ways out."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, Role, User, UserRole
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration, Registration
from examapp.registration.registrations import refusals, register, void, withdraw
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests.personas import Personas
from tests.registration.conftest import BOTH_PASSED, MakeFile, MakeRecord


def reasons(db: Session, administration: Administration, file: EndorsementFile, at: datetime) -> str:
    return " | ".join(map(str, refusals(db, administration, file, at)))


def test_a_registration_is_pinned_to_the_policy_and_told_by_mail(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    made = register(db, spring, file, by=office.id, at=at)
    assert (made.policy_id, made.parts, made.level) == (spring.policy_id, ["part_one", "part_two"], 3)
    assert made.code.startswith("R-")
    mail = db.scalars(select(OutboxMail)).one()
    assert mail.recipient == "lucia@example.org"
    assert made.code in mail.body
    assert "10:00" in mail.body
    assert "registration.registered" in db.scalars(select(AuditEvent.action)).all()


def test_the_mail_speaks_the_candidates_language_and_tells_both_clocks(
    db: Session, at: datetime, office: User, spring: Administration, make_file: MakeFile, personas: Personas
) -> None:
    candidate = personas.candidate(locale="es", time_zone="America/New_York")
    register(db, spring, make_file(candidate), by=office.id, at=at)
    body = db.scalars(select(OutboxMail.body)).one()
    assert "jueves 25 de marzo de 2027, 10:00" in body
    assert "12:00" in body


def test_without_both_reviews_nobody_is_registered(
    db: Session, at: datetime, office: User, spring: Administration, make_file: MakeFile
) -> None:
    with pytest.raises(RuleViolation, match="Level 1 of the portfolio review"):
        register(db, spring, make_file(reviewed=None), by=office.id, at=at)
    assert db.scalars(select(Registration)).all() == []


@pytest.mark.parametrize(
    ("reviewed", "refusal"),
    [
        (date(2027, 3, 1), ""),
        (date(2026, 3, 25), ""),  # the last day is the opening day, March 25, 2027
        (date(2026, 3, 24), "ends on 2027-03-24, before this administration opens"),
        (date(2026, 3, 14), "The approval to sit ended on 2027-03-14"),
    ],
)
def test_the_approval_holds_today_and_on_the_opening_day(
    db: Session, at: datetime, spring: Administration, make_file: MakeFile, reviewed: date, refusal: str
) -> None:
    found = reasons(db, spring, make_file(reviewed=reviewed), at)
    assert found.count("|") == 0
    assert refusal in found if refusal else not found


def test_a_person_is_registered_once(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile, make_file: MakeFile
) -> None:
    register(db, spring, file, by=office.id, at=at)
    other_level = make_file(file.user, level=4, track="clinical")
    for again in (file, other_level):
        with pytest.raises(RuleViolation, match="registered for this administration already"):
            register(db, spring, again, by=office.id, at=at)


def test_the_database_refuses_a_double_submit_even_past_the_check(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    made = register(db, spring, file, by=office.id, at=at)
    copy = {c.name: getattr(made, c.name) for c in Registration.__table__.columns if c.name not in ("id", "code")}
    db.add(Registration(**copy, code="R-COPY"))
    with pytest.raises(IntegrityError):
        db.flush()


def test_whoever_withdrew_can_come_back(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    made = register(db, spring, file, by=office.id, at=at)
    withdraw(db, made, by=office.id, at=at)
    again = register(db, spring, file, by=office.id, at=at + timedelta(hours=1))
    assert (again.id, again.active) == (made.id, True)
    subjects = db.scalars(select(OutboxMail.subject).order_by(OutboxMail.id)).all()
    assert [subject.split()[-1] for subject in subjects] == ["examination", "withdrawn", "examination"]


def test_a_candidate_waits_for_one_examination_at_a_time(
    db: Session, at: datetime, office: User, spring: Administration, fall: Administration, file: EndorsementFile
) -> None:
    made = register(db, spring, file, by=office.id, at=at)
    assert "registered for “Spring 2027” and has no result yet" in reasons(db, fall, file, at)
    missed = spring.closes_at + timedelta(days=1)
    assert reasons(db, fall, file, missed) == ""
    made.started_at = spring.opens_at
    db.flush()
    assert "has no result yet" in reasons(db, fall, file, missed)


@pytest.mark.parametrize("when", ["cancelled", "over"])
def test_a_closed_list_takes_nobody(
    db: Session, at: datetime, spring: Administration, file: EndorsementFile, when: str
) -> None:
    if when == "cancelled":
        spring.cancelled_at = at
        db.flush()
    found = reasons(db, spring, file, at if when == "cancelled" else spring.closes_at)
    assert f"This administration is {when}" in found


def test_a_deactivated_candidate_is_not_registered(
    db: Session, at: datetime, spring: Administration, file: EndorsementFile
) -> None:
    file.user.deactivated_at = at
    db.flush()
    assert "no active candidate account" in reasons(db, spring, file, at)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.RATER, Role.ADMINISTRATOR])
def test_who_works_on_the_examination_is_not_registered(
    db: Session, at: datetime, spring: Administration, file: EndorsementFile, role: Role
) -> None:
    file.user.role_rows.append(UserRole(role=role, granted_at=at))
    db.flush()
    assert "works on the examination" in reasons(db, spring, file, at)


def test_nobody_decides_about_their_own_registration(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    own = file.user_id
    with pytest.raises(RuleViolation, match="their own registration"):
        register(db, spring, file, by=own, at=at)
    made = register(db, spring, file, by=office.id, at=at)
    with pytest.raises(RuleViolation, match="their own registration"):
        void(db, made, reason="I did badly", by=own, at=at)


def test_a_form_without_essays_of_the_level_is_refused(
    db: Session, at: datetime, spring: Administration, make_file: MakeFile
) -> None:
    assert "no essays for this level and track" in reasons(db, spring, make_file(level=4, track="policy"), at)


def test_withdrawing_ends_with_the_first_part(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    made = register(db, spring, file, by=office.id, at=at)
    made.started_at = at
    db.flush()
    with pytest.raises(RuleViolation, match="declared void, but not withdrawn"):
        withdraw(db, made, by=office.id, at=at)


def test_void_needs_a_reason_and_happens_once(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    made = register(db, spring, file, by=office.id, at=at)
    with pytest.raises(RuleViolation, match="why the attempt is void"):
        void(db, made, reason="  ", by=office.id, at=at)
    void(db, made, reason="Copied answers", by=office.id, at=at)
    assert (made.voided_at, made.void_reason, made.active) == (at, "Copied answers", False)
    with pytest.raises(RuleViolation, match="void already"):
        void(db, made, reason="Again", by=office.id, at=at)
    with pytest.raises(RuleViolation, match="void already"):
        withdraw(db, made, by=office.id, at=at)
    assert "taken part in this administration" in reasons(db, spring, file, at)


def test_a_released_result_is_not_voided(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile, released: MakeRecord
) -> None:
    made = register(db, spring, file, by=office.id, at=at)
    released(made, BOTH_PASSED)
    with pytest.raises(RuleViolation, match="result is released"):
        void(db, made, reason="Too late", by=office.id, at=at)
