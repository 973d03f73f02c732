"""Writing the entry rules of an administration: what is accepted, what is said beside the field, what is kept of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.registration.entry_rules import WantedRules, change_rules, let_in, overrides_of, rules_of
from examapp.registration.models import Administration, EntryRules
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests import factories
from tests.personas import Client, Personas

KEY, NEXT_KEY = "ab" * 32, "cd" * 32
RULES = {
    "access_code": " Blue  heron ",
    "allowed_networks": "192.0.2.7/24\n\n2001:db8::/32\n192.0.2.0/24",
    "config_keys": f"{KEY.upper()}\n {NEXT_KEY}",
    "browser_exam_keys": "",
}


def test_what_is_typed_is_kept_in_one_form(client: Client, spring: Administration, office: User) -> None:
    client.sign_in_as(office)
    here = f"/administrations/{spring.id}/entry"
    page = client.post(here, data=RULES, follow_redirects=True).text
    assert "The entry rules are saved." in page
    assert "Access code, Allowed networks, Safe Exam Browser" in page
    assert rules_of(spring) == WantedRules("Blue heron", ["192.0.2.0/24", "2001:db8::/32"], [KEY, NEXT_KEY], [])
    assert f"{KEY}\n{NEXT_KEY}</textarea>" in client.get(here).text.replace("\r", "")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("allowed_networks", "192.0.2.0/33", "“192.0.2.0/33” is no network such as"),
        ("allowed_networks", "192.0.2.0/24\nthe library", "“the library” is no network"),
        ("config_keys", KEY[:-1], "is no key: a key has 64 digits"),
        ("browser_exam_keys", f"{KEY}\n{'g' * 64}", f"“{'g' * 64}” is no key"),
        ("access_code", "x" * 41, "Keep it under 40 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client: Client, db: Session, spring: Administration, office: User, field: str, typed: str, sentence: str
) -> None:
    client.sign_in_as(office)
    answer = client.post(f"/administrations/{spring.id}/entry", data={**RULES, field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="{field}-error"')[1]
    assert not db.scalars(select(EntryRules)).all()


def test_the_trail_tells_every_change_and_no_secret(
    client: Client, db: Session, spring: Administration, office: User, at: datetime
) -> None:
    change_rules(db, spring, WantedRules("heron", ["192.0.2.0/24"], [KEY]), by=office.id, at=at)
    change_rules(db, spring, WantedRules("egret", ["192.0.2.0/24"], [KEY, NEXT_KEY]), by=office.id, at=at)
    details = str([event.details for event in db.scalars(select(AuditEvent))])
    assert not [secret for secret in ("heron", "egret", KEY, NEXT_KEY) if secret in details]
    client.sign_in_as(office)
    trail = client.get("/audit").text
    assert "changed the entry rules of “Spring 2027”" in trail
    assert "cdcdcdcd…" in trail


def test_empty_rules_ask_nothing(db: Session, spring: Administration, office: User, at: datetime) -> None:
    assert rules_of(spring) == WantedRules()
    change_rules(db, spring, WantedRules("heron"), by=office.id, at=at)
    change_rules(db, spring, WantedRules(), by=office.id, at=at)
    assert rules_of(spring) == WantedRules("", [], [], [])


def test_rules_of_what_is_over_stay_as_they_were(
    db: Session, spring: Administration, office: User, at: datetime
) -> None:
    with pytest.raises(RuleViolation, match="is over"):
        change_rules(db, spring, WantedRules("heron"), by=office.id, at=at + timedelta(days=11))


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.RATER, Role.PROCTOR])
def test_only_administrators_see_the_keys(
    client: Client, spring: Administration, personas: Personas, role: Role
) -> None:
    client.sign_in_as(personas.person(role))
    assert client.get(f"/administrations/{spring.id}/entry").status_code == 403
    assert client.get(f"/administrations/{spring.id}/computer").status_code == 403


def test_letting_in_needs_a_reason_and_somebody_else(
    db: Session, spring: Administration, office: User, personas: Personas, at: datetime
) -> None:
    registered = factories.registration(db, at, personas.candidate(), spring)
    with pytest.raises(RuleViolation, match="Write down the reason"):
        let_in(db, registered, reason="  ", by=office.id, at=at)
    with pytest.raises(RuleViolation, match="Nobody decides"):
        let_in(db, registered, reason="Mine", by=registered.candidate_id, at=at)
    made = let_in(db, registered, reason="Broken laptop", by=office.id, at=at)
    assert list(overrides_of(db, registered)) == [made]
