"""Making, changing and closing accounts."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts import people, sign_in
from examapp.accounts.links import LinkState, find_link, make_link
from examapp.accounts.models import LinkPurpose, OutboxMail, Role, User
from examapp.db import Database
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests.conftest import SETTINGS
from tests.personas import Personas

KEY = SETTINGS.secret_key


def make(db: Session, at: datetime, **values: object) -> User:
    details = {"email": "ana@example.org", "name": "Ana Baca", "roles": {Role.RATER}, "by": None, "at": at, **values}
    return people.create_user(db, **details)  # type: ignore[arg-type]  # the defaults of a test


def save(db: Session, user: User, *, by: User, at: datetime, **values: object) -> None:
    kept = {name: getattr(user, name) for name in ("email", "name", "roles", "locale", "time_zone")}
    people.change_person(db, user, by=by, at=at, **{**kept, **values})


def test_an_account_has_several_roles_and_no_password(db: Session, at: datetime) -> None:
    user = make(db, at, roles={Role.RATER, Role.AUTHOR})
    assert user.roles == {Role.RATER, Role.AUTHOR}
    assert user.password_hash is None


def test_an_address_is_kept_in_lower_case_and_belongs_to_one_account(db: Session, at: datetime) -> None:
    assert make(db, at, email=" Ana@Example.ORG ").email == "ana@example.org"
    with pytest.raises(RuleViolation, match="has an account already"):
        make(db, at, email="ANA@example.org")


WRONG = [
    ({"email": "ana at example"}, "not an e-mail address"),
    ({"name": "   "}, "Write the person's name"),
    ({"roles": set()}, "at least one role"),
    ({"locale": "fr"}, "Choose a language"),
    ({"time_zone": "Mars/Olympus"}, "Choose a time zone"),
]


@pytest.mark.parametrize(("values", "why"), WRONG)
def test_an_account_that_makes_no_sense_is_refused(
    db: Session, at: datetime, values: dict[str, object], why: str
) -> None:
    with pytest.raises(RuleViolation, match=why):
        make(db, at, **values)


def test_people_with_a_role_are_the_active_ones_by_name(db: Session, at: datetime, personas: Personas) -> None:
    personas.rater(name="Zoe")
    personas.rater(name="Abel")
    personas.rater(name="Gone", deactivated_at=at)
    personas.author()
    assert [user.name for user in people.people_with_role(db, Role.RATER)] == ["Abel", "Zoe"]


def test_a_change_is_written_down_with_before_and_after(db: Session, at: datetime, personas: Personas) -> None:
    user, administrator = personas.rater(name="Ana"), personas.administrator()
    save(db, user, by=administrator, at=at, roles={Role.RATER, Role.AUTHOR})
    event = db.scalars(select(AuditEvent)).one()
    assert event.details == {"roles": {"from": ["rater"], "to": ["author", "rater"]}}
    assert event.actor_id == administrator.id


def test_saving_without_a_change_writes_nothing_down(db: Session, at: datetime, personas: Personas) -> None:
    save(db, personas.rater(), by=personas.administrator(), at=at)
    assert db.scalars(select(AuditEvent)).all() == []


def test_a_new_address_voids_links_and_the_old_one_is_told(db: Session, at: datetime, personas: Personas) -> None:
    user, administrator = personas.rater(email="old@example.org"), personas.administrator()
    token = make_link(db, user, LinkPurpose.PASSWORD_RESET, key=KEY, by=None, at=at)
    save(db, user, by=administrator, at=at, email="NEW@example.org")
    db.expire_all()
    assert user.email == "new@example.org"
    assert find_link(db, token, LinkPurpose.PASSWORD_RESET, key=KEY, at=at)[1] is LinkState.EXPIRED
    assert db.scalars(select(OutboxMail.recipient)).all() == ["old@example.org"]
    with pytest.raises(RuleViolation, match="has an account already"):
        save(db, user, by=administrator, at=at, email=administrator.email)


def test_nobody_takes_the_administrator_role_from_themselves(db: Session, at: datetime, personas: Personas) -> None:
    administrator = personas.person(Role.ADMINISTRATOR, Role.RATER)
    personas.administrator()
    with pytest.raises(RuleViolation, match="from yourself"):
        save(db, administrator, by=administrator, at=at, roles={Role.RATER})


def test_the_last_active_administrator_stays(db: Session, at: datetime, personas: Personas) -> None:
    last, leaving = personas.administrator(), personas.administrator()
    people.deactivate(db, leaving, by=last, at=at)
    with pytest.raises(RuleViolation, match="last active administrator"):
        people.deactivate(db, last, by=leaving, at=at)
    with pytest.raises(RuleViolation, match="last active administrator"):
        save(db, last, by=leaving, at=at, roles={Role.RATER})


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(
    database: Database, at: datetime, personas: Personas
) -> None:
    first, second = personas.administrator(), personas.administrator()

    def remove(user: User, by: User) -> None:
        with database.transaction() as session:
            people.deactivate(session, session.get_one(User, user.id), by=by, at=at)

    with ThreadPoolExecutor() as pool:
        with database.transaction() as session:
            people.deactivate(session, session.get_one(User, second.id), by=first, at=at)
            session.flush()
            other = pool.submit(remove, first, by=second)
            time.sleep(0.3)  # the other one is waiting by now
        with pytest.raises(RuleViolation, match="last active"):
            other.result()


def test_deactivating_signs_out_and_reactivating_does_not_sign_in(
    db: Session, at: datetime, personas: Personas
) -> None:
    user, administrator = personas.rater(), personas.administrator()
    token = sign_in.start(db, user, address="", browser="", at=at)
    people.deactivate(db, user, by=administrator, at=at)
    assert sign_in.find_open(db, token, at) is None
    people.reactivate(db, user, by=administrator, at=at + timedelta(days=1))
    assert user.is_active
    assert sign_in.find_open(db, token, at) is None


def test_an_account_is_closed_and_opened_once(db: Session, at: datetime, personas: Personas) -> None:
    user, administrator = personas.rater(), personas.administrator()
    with pytest.raises(RuleViolation, match="active already"):
        people.reactivate(db, user, by=administrator, at=at)
    people.deactivate(db, user, by=administrator, at=at)
    with pytest.raises(RuleViolation, match="deactivated already"):
        people.deactivate(db, user, by=administrator, at=at)


def test_a_new_password_ends_every_sign_in(db: Session, at: datetime, personas: Personas) -> None:
    user = personas.rater()
    token = sign_in.start(db, user, address="", browser="", at=at)
    people.set_password(db, user, "adobe-lantern-47-juniper", at=at)
    assert sign_in.find_open(db, token, at) is None
