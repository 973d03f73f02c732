"""One's own account: language and time zone, password, and where one is signed in."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts import sign_in
from examapp.accounts.models import OutboxMail, SignIn, User
from examapp.accounts.passwords import hash_password, is_right
from question_bank.audit import AuditEvent
from tests.personas import Client, Personas

PASSWORD, OTHER = "adobe-lantern-47-juniper", "cedar-window-18-marble"
HASH = hash_password(PASSWORD)


@pytest.fixture
def ana(personas: Personas, client: Client) -> User:
    user = personas.candidate(email="ana@example.org", name="Ana Baca", password_hash=HASH)
    client.sign_in_as(user)
    return user


def elsewhere(db: Session, user: User, at: datetime) -> SignIn:
    sign_in.start(db, user, address="192.0.2.7", browser="Firefox/145.0 Windows", at=at)
    return db.scalars(select(SignIn).order_by(SignIn.id.desc())).first()  # type: ignore[return-value]


def test_the_account_shows_who_one_is_and_where_one_is_signed_in(
    client: Client, ana: User, db: Session, at: datetime
) -> None:
    elsewhere(db, ana, at)
    page = client.get("/account").text
    for words in ("Ana Baca", "ana@example.org", "Candidate", "Firefox on Windows", "192.0.2.7", "This browser"):
        assert words in page


def test_a_person_chooses_language_and_time_zone(client: Client, ana: User) -> None:
    answer = client.post("/account", data={"locale": "es", "time_zone": "America/Phoenix"})
    assert answer.location == "/account"
    assert (ana.locale, ana.time_zone) == ("es", "America/Phoenix")
    assert '<html lang="es">' in client.get("/account").text


@pytest.mark.parametrize(
    "form", [{"locale": "xx", "time_zone": "America/Denver"}, {"locale": "en", "time_zone": "UTC+7"}]
)
def test_what_is_not_on_the_list_is_refused(client: Client, ana: User, form: dict[str, str]) -> None:
    assert client.post("/account", data=form).status_code == 422
    assert (ana.locale, ana.time_zone) == ("en", "America/Denver")


def test_one_other_browser_is_signed_out(client: Client, ana: User, db: Session, at: datetime) -> None:
    row = elsewhere(db, ana, at)
    assert client.post(f"/account/sign-ins/{row.id}/end").location == "/account"
    assert row.revoked_at is not None
    assert client.post(f"/account/sign-ins/{row.id}/end").status_code == 409


def test_nobody_signs_other_people_out(
    client: Client, ana: User, db: Session, at: datetime, personas: Personas
) -> None:
    row = elsewhere(db, personas.rater(), at)
    assert client.post(f"/account/sign-ins/{row.id}/end").status_code == 404
    assert client.post("/account/sign-ins/999/end").status_code == 404
    assert client.get(f"/account/sign-ins/{row.id}/end").status_code == 405
    assert row.revoked_at is None


def test_every_other_browser_is_signed_out(client: Client, ana: User, db: Session, at: datetime) -> None:
    rows = [elsewhere(db, ana, at), elsewhere(db, ana, at)]
    assert "2 other browsers" in client.post("/account/sign-ins/end-others", follow_redirects=True).text
    assert all(row.revoked_at for row in rows)
    assert "nowhere else" in client.post("/account/sign-ins/end-others", follow_redirects=True).text


def test_a_new_password_needs_the_current_one(client: Client, ana: User, db: Session, at: datetime) -> None:
    row = elsewhere(db, ana, at)
    answer = client.post("/account/password", data={"current_password": PASSWORD, "password": OTHER})
    assert answer.location == "/account"
    assert is_right(ana.password_hash, OTHER)
    assert row.revoked_at is not None
    assert client.get("/account").status_code == 200
    assert db.scalars(select(OutboxMail.subject)).all() == ["Your password was changed"]


@pytest.mark.parametrize(
    ("current", "new", "field"), [("wrong", OTHER, "current_password"), (PASSWORD, "weak", "password")]
)
def test_a_password_change_that_is_wrong_changes_nothing(
    client: Client, ana: User, current: str, new: str, field: str
) -> None:
    answer = client.post("/account/password", data={"current_password": current, "password": new})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert is_right(ana.password_hash, PASSWORD)


def test_a_visitor_chooses_a_language_for_this_browser(client: Client) -> None:
    answer = client.post("/language", data={"locale": "es", "next": "/sign-in?next=/account"})
    assert answer.location == "/sign-in?next=/account"
    assert '<html lang="es">' in client.get("/sign-in").text


def test_the_language_switch_is_remembered_with_the_account(client: Client, ana: User, db: Session) -> None:
    client.post("/language", data={"locale": "es", "next": "/account"})
    assert ana.locale == "es"
    event = db.scalars(select(AuditEvent).where(AuditEvent.action == "user.changed")).one()
    assert event.details == {"locale": {"from": "en", "to": "es"}}
    client.post("/sign-out")
    assert '<html lang="es">' in client.get("/sign-in").text


@pytest.mark.parametrize("locale", ["", "fr", "<script>"])
def test_an_unknown_language_is_refused(client: Client, locale: str) -> None:
    assert client.post("/language", data={"locale": locale}).status_code == 400


def test_the_language_switch_leads_to_no_other_site(client: Client) -> None:
    assert client.post("/language", data={"locale": "en", "next": "//evil.example"}).location == "/"
