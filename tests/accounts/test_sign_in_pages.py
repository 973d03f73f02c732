"""Signing in and out, as a browser sees it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture
from werkzeug.test import TestResponse

from examapp.accounts.models import FailedSignIn, SignIn, User
from examapp.accounts.passwords import hash_password
from examapp.accounts.views.browser import local_path
from examapp.accounts.views.words import browser_name
from tests.personas import Client, Personas

PASSWORD = "adobe-lantern-47-juniper"
HASH = hash_password(PASSWORD)


@pytest.fixture
def ana(personas: Personas) -> User:
    return personas.rater(email="ana@example.org", name="Ana Baca", password_hash=HASH)


def sign_in(client: Client, email: str = "ana@example.org", password: str = PASSWORD, wanted: str = "") -> TestResponse:
    return client.post("/sign-in" + wanted, data={"email": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_a_person_signs_in_and_out(client: Client, ana: User, db: Session) -> None:
    answer = sign_in(client, email=" Ana@Example.org ")
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Ana Baca" in client.get("/").text
    row = db.scalars(select(SignIn)).one()
    assert client.post("/sign-out").location == "/sign-in"
    assert row.revoked_at is not None
    assert not is_signed_in(client)


def test_signing_out_needs_a_post(client: Client, ana: User) -> None:
    client.sign_in_as(ana)
    assert client.get("/sign-out").status_code == 405
    assert is_signed_in(client)


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(client: Client, ana: User) -> None:
    client.sign_in_as(ana)
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.post("/sign-out")
    client.set_cookie("session", cookie.value)
    assert client.get("/account").status_code == 302


def test_the_page_asked_for_comes_after_signing_in(client: Client, ana: User) -> None:
    asked = client.get("/account?tab=1")
    assert asked.location == "/sign-in?next=/account?tab%3D1"
    assert sign_in(client, wanted=asked.location.removeprefix("/sign-in")).location == "/account?tab=1"


ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "account",
    "",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nothing_leads_to_another_site(target: str) -> None:
    assert local_path(target) is None


def test_signing_in_never_leads_to_another_site(client: Client, ana: User) -> None:
    assert sign_in(client, wanted="?next=//evil.example/").location == "/"


def test_who_is_signed_in_does_not_see_the_form(client: Client, ana: User) -> None:
    client.sign_in_as(ana)
    assert client.get("/sign-in?next=/account").location == "/account"


@pytest.mark.parametrize(("email", "password"), [("ana@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: Client, ana: User, email: str, password: str
) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert "wrong" not in answer.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", ["", "ana", "a" * 300 + "@example.org"])
def test_what_is_no_address_is_said_beside_the_field(client: Client, ana: User, email: str, db: Session) -> None:
    answer = sign_in(client, email)
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert db.scalars(select(FailedSignIn)).all() == []


def test_an_invited_person_without_a_password_cannot_sign_in(client: Client, personas: Personas) -> None:
    personas.rater(email="new@example.org")
    assert "do not belong together" in sign_in(client, "new@example.org", "nobody has this password").text


def test_a_deactivated_person_is_told_so_only_with_the_right_password(client: Client, ana: User, db: Session) -> None:
    ana.deactivated_at = ana.created_at
    assert "deactivated" not in sign_in(client, password="wrong").text
    answer = sign_in(client)
    assert "This account is deactivated" in answer.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_after_five_failures_even_the_right_password_waits(
    client: Client, ana: User, email: str, time_machine: TimeMachineFixture
) -> None:
    for _ in range(5):
        sign_in(client, email, "wrong")
    answer = sign_in(client, email)
    assert "Wait 30 s" in answer.text
    time_machine.shift(timedelta(seconds=31))
    assert "Wait" not in sign_in(client, email, "wrong").text
    assert "Wait 1 min" in sign_in(client, email).text
    time_machine.shift(timedelta(seconds=61))
    assert (sign_in(client, email).status_code == 302) is (email == "ana@example.org")


@pytest.mark.usefixtures("rate_limits")
def test_one_place_on_the_network_cannot_try_for_ever(client: Client) -> None:
    answers = [client.post("/sign-in", data={"email": "x"}).status_code for _ in range(61)]
    assert answers == [422] * 60 + [429]
    assert client.get("/sign-in").status_code == 200


def test_a_sign_in_that_ran_out_is_explained(client: Client, ana: User, time_machine: TimeMachineFixture) -> None:
    client.sign_in_as(ana)
    time_machine.shift(timedelta(hours=12))
    answer = client.get("/account", follow_redirects=True)
    assert "You are signed out. Sign in again" in answer.text
    assert "Sign in again" not in client.get("/sign-in").text


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.get("/account", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/account")


def test_deactivating_ends_what_a_person_was_doing(client: Client, ana: User, db: Session) -> None:
    client.sign_in_as(ana)
    assert is_signed_in(client)
    db.execute(update(User).values(deactivated_at=ana.created_at))
    assert not is_signed_in(client)


def test_the_last_use_is_noted_at_most_every_five_minutes(
    client: Client, ana: User, db: Session, time_machine: TimeMachineFixture
) -> None:
    client.sign_in_as(ana)
    began = db.scalars(select(SignIn.last_seen_at)).one()
    seen = []
    for _ in range(3):
        time_machine.shift(timedelta(minutes=3))
        client.get("/account")
        seen.append((db.scalars(select(SignIn.last_seen_at)).one() - began).total_seconds() / 60)
    assert seen == [0, 6, 6]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, ana: User) -> None:
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert not re.search(r"ana|Baca", cookie)


BROWSERS = [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/143.0 Safari/537.36", "Chrome on Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/143.0 Safari/537.36 Edg/143.0", "Edge on Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari on iPhone"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
    ("curl/8", "A browser"),
]


@pytest.mark.parametrize(("user_agent", "name"), BROWSERS)
def test_a_browser_is_named_as_its_owner_knows_it(worker_app: Flask, user_agent: str, name: str) -> None:
    with worker_app.test_request_context():
        assert browser_name(user_agent) == name
