"""The pages behind links sent by mail."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.links import make_link
from examapp.accounts.models import LinkPurpose, OutboxMail, User
from examapp.accounts.passwords import is_right
from tests.conftest import SETTINGS
from tests.personas import Client, Personas

PASSWORD = "adobe-lantern-47-juniper"
INVITATION, RESET = LinkPurpose.INVITATION, LinkPurpose.PASSWORD_RESET
PAGES = {INVITATION: "/invitation/", RESET: "/password-reset/"}


@pytest.fixture
def ana(personas: Personas) -> User:
    return personas.rater(email="ana@example.org", name="Ana Baca")


def link(db: Session, user: User, purpose: LinkPurpose, at: datetime) -> str:
    return PAGES[purpose] + make_link(db, user, purpose, key=SETTINGS.secret_key, by=None, at=at)


def test_an_invited_person_confirms_the_name_and_chooses_a_password(
    client: Client, ana: User, db: Session, at: datetime
) -> None:
    address = link(db, ana, INVITATION, at)
    assert "Ana Baca" in client.get(address).text
    answer = client.post(address, data={"name": "Ana Lucía Baca", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Welcome, Ana Lucía Baca" in client.get("/").text
    assert is_right(ana.password_hash, PASSWORD)


def test_looking_at_an_invitation_does_not_use_it(client: Client, ana: User, db: Session, at: datetime) -> None:
    address = link(db, ana, INVITATION, at)
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_sending_the_form_twice_does_it_once(
    client: Client, ana: User, db: Session, at: datetime, purpose: LinkPurpose
) -> None:
    address, form = link(db, ana, purpose, at), {"name": "Ana", "password": PASSWORD}
    assert client.post(address, data=form).status_code == 302
    again = client.post(address, data={**form, "password": "another-lantern-48-juniper"})
    assert again.status_code == 410
    assert "This address has been used" in again.text
    assert is_right(ana.password_hash, PASSWORD)


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_an_expired_address_says_what_to_do(
    client: Client, ana: User, db: Session, at: datetime, purpose: LinkPurpose, time_machine: TimeMachineFixture
) -> None:
    address = link(db, ana, purpose, at)
    time_machine.shift(timedelta(hours=72))
    for answer in (client.get(address), client.post(address, data={"name": "Ana", "password": PASSWORD})):
        assert answer.status_code == 410
        assert "This address has stopped working" in answer.text
        assert ("endorsement office to send it again" in answer.text) is (purpose is INVITATION)
    assert ana.password_hash is None


@pytest.mark.parametrize("page", list(PAGES.values()))
def test_an_address_that_was_never_sent_is_not_found(client: Client, page: str) -> None:
    answer = client.get(page + "x" * 43)
    assert answer.status_code == 404
    assert "copy it from there in full" in answer.text


def test_a_link_serves_only_its_purpose(client: Client, ana: User, db: Session, at: datetime) -> None:
    secret = link(db, ana, INVITATION, at).rpartition("/")[2]
    assert client.get(f"/password-reset/{secret}").status_code == 404


@pytest.mark.parametrize(("form", "field"), [
    ({"name": "Ana", "password": "short"}, "password"),
    ({"name": "Ana", "password": "anabaca2024!"}, "password"),
    ({"name": "  ", "password": PASSWORD}, "name"),
    ({}, "password"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_the_link_stays_good(
    client: Client, ana: User, db: Session, at: datetime, form: dict[str, str], field: str
) -> None:
    address = link(db, ana, INVITATION, at)
    answer = client.post(address, data=form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert client.get(address).status_code == 200


def test_asking_for_a_reset_has_one_answer_for_everybody(client: Client, ana: User, db: Session) -> None:
    answers = []
    for email in ("ana@example.org", "nobody@example.org"):
        answer = client.post("/password-reset", data={"email": email})
        answers.append((answer.status_code, answer.location, client.get(answer.location).text))
    assert answers[0] == answers[1]
    assert [mail.recipient for mail in db.scalars(select(OutboxMail))] == ["ana@example.org"]


def test_a_reset_signs_in_here_and_out_everywhere_else(client: Client, ana: User, db: Session, at: datetime) -> None:
    elsewhere = client.application.test_client()
    assert isinstance(elsewhere, Client)
    elsewhere.db = db
    elsewhere.sign_in_as(ana)
    client.post(link(db, ana, RESET, at), data={"password": PASSWORD})
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_deactivated_person_cannot_use_a_link(client: Client, ana: User, db: Session, at: datetime) -> None:
    address = link(db, ana, RESET, at)
    ana.deactivated_at = at
    assert client.post(address, data={"password": PASSWORD}).status_code == 404


@pytest.mark.usefixtures("rate_limits")
def test_one_place_on_the_network_cannot_ask_for_ever(client: Client) -> None:
    answers = [client.post("/password-reset", data={"email": "ana@example.org"}).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]


def test_mail_of_a_request_leaves_when_its_answer_does(client: Client, ana: User, db: Session) -> None:
    client.post("/password-reset", data={"email": "ana@example.org"})
    assert db.scalars(select(OutboxMail)).one().sent_at is not None
