"""Who could once read the questions or the keys of a form does not sit it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User, UserRole
from examapp.accounts.people import change_person
from examapp.delivery.attempts import start_part
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration
from examapp.registration.registrations import refusals, register
from examapp.scoring.runs import score
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PART_ONE
from tests import factories
from tests.personas import Personas

DAY = timedelta(days=1)
KNOWN = "could read the questions or keys of this form in an earlier role"


def take_away(db: Session, person: User, *roles: Role, by: User, at: datetime) -> None:
    """Give somebody these roles and take them away again, the second at this moment."""
    person.role_rows += [UserRole(role=role, granted_at=at - DAY) for role in roles]
    change_person(
        db, person, email=person.email, name=person.name, roles={Role.CANDIDATE}, locale="en",
        time_zone="America/Denver", by=by, at=at,
    )  # fmt: skip


@pytest.fixture
def scored(db: Session, at: datetime, office: User, spring: Administration, personas: Personas) -> datetime:
    """An earlier administration of the form of ``spring`` has been scored; when."""
    earlier = factories.administration(
        db, at, office, opens_at=at - 3 * DAY, closes_at=at - 2 * DAY, form_sha256=spring.form_sha256
    )
    factories.registration(db, at - 4 * DAY, personas.candidate(), earlier)
    score(db, earlier, by=office.id, at=at - DAY)
    return at - DAY


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RATER])
def test_who_could_read_the_keys_of_a_scored_form_is_not_registered(
    db: Session, at: datetime, office: User, spring: Administration, scored: datetime, file: EndorsementFile, role: Role
) -> None:
    take_away(db, file.user, role, by=office, at=scored + timedelta(hours=1))
    [refusal] = refusals(db, spring, file, at)
    assert KNOWN in str(refusal)
    with pytest.raises(RuleViolation, match=KNOWN):
        register(db, spring, file, by=office.id, at=at)


def test_a_form_that_was_scored_afterwards_was_never_open(
    db: Session, at: datetime, office: User, spring: Administration, scored: datetime, file: EndorsementFile
) -> None:
    take_away(db, file.user, Role.ADMINISTRATOR, by=office, at=scored - timedelta(hours=1))
    assert refusals(db, spring, file, at) == []


def test_a_form_that_nobody_has_scored_shows_administrators_nothing(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    take_away(db, file.user, Role.ADMINISTRATOR, Role.PROCTOR, by=office, at=at)
    assert refusals(db, spring, file, at) == []


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
@pytest.mark.parametrize(("left", "refused"), [(-DAY, False), (DAY, True)])
def test_the_bank_was_open_to_authors_and_reviewers_from_the_first_item(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile, role: Role,
    left: timedelta, refused: bool,
) -> None:  # fmt: skip
    take_away(db, file.user, role, by=office, at=at + left)  # the form was made at ``at``
    assert (KNOWN in " ".join(map(str, refusals(db, spring, file, at + 2 * DAY)))) is refused


def test_what_was_learned_after_the_registration_keeps_from_starting(
    db: Session, at: datetime, office: User, spring: Administration, scored: datetime, file: EndorsementFile
) -> None:
    registration = register(db, spring, file, by=office.id, at=at)
    take_away(db, file.user, Role.ADMINISTRATOR, by=office, at=at + DAY)
    with pytest.raises(RuleViolation, match="works or worked on this examination"):
        start_part(db, registration, PART_ONE, at=spring.opens_at, accepts_honour=True)
