"""Who may open a part on which device: access code, networks, Safe Exam Browser, and being let in without."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from examapp.delivery import tokens
from examapp.delivery.entry import Check, Device, findings_on, is_within, key_hash, opens
from examapp.delivery.models import AttemptPart
from examapp.registration.entry_rules import WantedRules, change_rules, let_in
from examapp.registration.models import EntryOverride, Registration
from question_bank.audit import AuditEvent
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.delivery.conftest import HOLDER, Post, answer, bearer
from tests.delivery.exam_page import OpenPage, answers_of, saved, state
from tests.personas import Client, Personas

KEY, NEXT_KEY = "ab" * 32, "cd" * 32
PAGE = "http://localhost/exam/R-1/parts/part_one"
HEADER = "X-SafeExamBrowser-ConfigKeyHash"

SetRules = Callable[..., None]


@pytest.fixture
def asks(db: Session, sitting: Registration, at: datetime) -> SetRules:
    """Sets the entry rules of the administration."""

    def change(**rules: Any) -> None:
        by = sitting.registered_by_id
        change_rules(db, sitting.administration, WantedRules(**rules), by=by, at=at)
        db.commit()

    return change


@pytest.fixture
def signed_in(client: Client, sitting: Registration) -> Client:
    client.sign_in_as(sitting.candidate)
    return client


def start(client: Client, sitting: Registration, headers: dict[str, str] | None = None, **typed: str) -> Any:
    address = f"/exam/{sitting.code}/parts/part_one/start"
    return client.post(address, data={"accepted": "y", **typed}, headers=headers or {})


def seb(address: str, key: str = KEY) -> dict[str, str]:
    """What Safe Exam Browser sends: the hash as its documentation has it."""
    return {HEADER: sha256(f"{address}{key}".encode()).hexdigest()}


# The pure check


def test_the_hash_is_of_the_address_without_its_fragment_and_the_key() -> None:
    assert key_hash(f"{PAGE}#question-3", KEY) == sha256(f"{PAGE}{KEY}".encode()).hexdigest()
    assert key_hash(f"{PAGE}?page=2", KEY) != key_hash(PAGE, KEY)


@pytest.mark.parametrize(
    ("sent", "met", "told"),
    [
        (key_hash(PAGE, KEY), True, True),
        (key_hash(PAGE, KEY).upper(), True, True),
        (key_hash(PAGE, NEXT_KEY), True, True),  # several are valid at a time
        (key_hash(PAGE, "ef" * 32), False, True),
        (key_hash(f"{PAGE}/other", KEY), False, True),
        (KEY, False, True),
        ("ü", False, True),
        ("", False, False),
    ],
)
def test_any_of_the_keys_opens(sent: str, met: bool, told: bool) -> None:
    rules, device = WantedRules(config_keys=[KEY, NEXT_KEY]), Device("192.0.2.7", [PAGE], config_key_hash=sent)
    [finding] = findings_on(rules, device)
    assert (finding.check, finding.met, finding.told) == (Check.CONFIG_KEY, met, told)


def test_each_kind_of_key_has_its_own_header() -> None:
    rules = WantedRules(config_keys=[KEY], browser_exam_keys=[NEXT_KEY])
    right = Device("", [PAGE], config_key_hash=key_hash(PAGE, KEY), request_hash=key_hash(PAGE, NEXT_KEY))
    swapped = replace(right, config_key_hash=right.request_hash, request_hash=right.config_key_hash)
    assert [finding.met for finding in findings_on(rules, right)] == [True, True]
    assert [finding.met for finding in findings_on(rules, swapped)] == [False, False]


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("192.0.2.200", True),
        ("::ffff:192.0.2.200", True),  # the same computer over an IPv6 socket
        ("2001:db8::7", True),
        ("198.51.100.1", False),
        ("2001:db9::7", False),
        ("", False),
        ("unix:", False),
    ],
)
def test_an_address_belongs_to_one_of_the_networks(address: str, inside: bool) -> None:
    assert is_within(address, ["192.0.2.0/24", "2001:db8::/32"]) is inside


def test_a_code_is_heard_not_spelled() -> None:
    assert opens("Blue heron 7", " blueHERON  7 ")
    assert not opens("Blue heron 7", "Blue heron")
    assert not opens("Blue heron 7", "")


# At the door


def test_nothing_is_asked_without_rules(signed_in: Client, sitting: Registration) -> None:
    assert "Access code" not in signed_in.get(f"/exam/{sitting.code}").text
    assert start(signed_in, sitting).location.endswith("/parts/part_one")


def test_the_access_code_is_typed_with_the_honour_statement(
    signed_in: Client, db: Session, sitting: Registration, asks: SetRules
) -> None:
    asks(access_code="Blue heron 7")
    assert "Access code" in signed_in.get(f"/exam/{sitting.code}").text
    for typed, sentence in ((" ", "Type the access code"), ("red heron", "This is not the access code")):
        wrong = start(signed_in, sitting, access_code=typed)
        assert wrong.status_code == 422
        assert sentence in wrong.text
    assert not db.scalars(select(AttemptPart)).all()
    assert start(signed_in, sitting, access_code="blue heron 7").location.endswith("/parts/part_one")


@pytest.mark.usefixtures("rate_limits")
def test_guessing_the_access_code_is_slowed_for_the_guesser_alone(
    signed_in: Client, db: Session, sitting: Registration, asks: SetRules, personas: Personas, at: datetime
) -> None:
    asks(access_code="heron")
    neighbour = factories.registration(db, at, personas.candidate(), sitting.administration)
    statuses = [start(signed_in, sitting, access_code=str(guess)).status_code for guess in range(11)]
    assert statuses == [422] * 10 + [429]
    signed_in.sign_in_as(neighbour.candidate)
    assert start(signed_in, neighbour, access_code="heron").status_code == 302


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"allowed_networks": ["192.0.2.0/24"]}, "its network is not one of the examination"),
        ({"config_keys": [KEY]}, "only in Safe Exam Browser, with its settings"),
        ({"browser_exam_keys": [KEY]}, "version of Safe Exam Browser that was agreed"),
    ],
)
def test_a_part_is_not_started_on_another_device(
    signed_in: Client, db: Session, sitting: Registration, asks: SetRules, rules: dict[str, Any], sentence: str
) -> None:
    asks(**rules)
    refused = start(signed_in, sitting)
    assert refused.location.endswith(f"/exam/{sitting.code}/computer")
    page = signed_in.get(refused.location).text
    assert sentence in page
    assert "Not met" in page
    assert not db.scalars(select(AttemptPart)).all()


def test_the_right_device_starts_opens_and_writes(signed_in: Client, sitting: Registration, asks: SetRules) -> None:
    asks(config_keys=[KEY], allowed_networks=["127.0.0.0/8"])
    part = f"/exam/{sitting.code}/parts/part_one"
    here = f"http://localhost{part}"
    assert start(signed_in, sitting, seb(f"{here}/start")).location == part
    assert signed_in.get(part, headers=seb(here)).status_code == 200
    lease = signed_in.post(f"{part}/lease", json={"holder": HOLDER}, headers=seb(f"{here}/lease"))
    assert lease.status_code == 200


def test_the_page_and_the_lease_are_refused_and_a_save_never(
    signed_in: Client, app: Flask, part: AttemptPart, sitting: Registration, asks: SetRules, post: Post
) -> None:
    asks(config_keys=[KEY])
    page = f"/exam/{sitting.code}/parts/part_one"
    assert signed_in.get(page).location.endswith("/computer")
    lease = signed_in.post(f"{page}/lease", json={"holder": "another-tab"})
    assert (lease.status_code, lease.json) == (403, {"reason": "entry", "next": f"/exam/{sitting.code}/computer"})
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain).status_code == 200
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    assert signed_in.post("/exam/close", headers=bearer(token), json={}).status_code == 200
    assert signed_in.get(f"{page}/handed-in").status_code == 200


def test_behind_a_proxy_the_address_is_the_browsers(
    signed_in: Client, app: Flask, sitting: Registration, asks: SetRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(config_keys=[KEY], allowed_networks=["192.0.2.0/24"])
    forwarded = {"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "exam.example.net"}
    headers = {**forwarded, **seb(f"https://exam.example.net/exam/{sitting.code}/parts/part_one/start")}
    assert start(signed_in, sitting, headers).location.endswith("/computer")  # nobody's word but a trusted proxy's
    monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1))
    assert start(signed_in, sitting, headers).location.endswith("/parts/part_one")


def test_a_proxy_that_hides_the_name_is_made_up_for_by_the_public_url(
    signed_in: Client, sitting: Registration, asks: SetRules
) -> None:
    asks(config_keys=[KEY])
    headers = seb(f"http://exam.example.org/exam/{sitting.code}/parts/part_one/start")
    assert start(signed_in, sitting, headers).location.endswith("/parts/part_one")


# Let in without


def test_a_proctor_lets_one_candidate_in_with_a_reason_that_is_kept(
    client: Client, db: Session, sitting: Registration, asks: SetRules, personas: Personas
) -> None:
    asks(config_keys=[KEY], allowed_networks=["192.0.2.0/24"])
    proctor = personas.proctor(name="Pat Yazzie")
    client.sign_in_as(proctor)
    here = f"/room/{sitting.administration_id}/let-in/{sitting.code}"
    assert f"/room/{sitting.administration_id}/let-in/CODE" in client.get(f"/room/{sitting.administration_id}").text
    assert client.post(here, data={"reason": " "}).status_code == 422
    assert "may enter on any computer" in client.post(
        here, data={"reason": "Her laptop is broken."}, follow_redirects=True
    ).text.replace("&#39;", "'")
    shown = [here, f"/room/{sitting.administration_id}/clock/{sitting.code}"]
    assert all("Her laptop is broken." in client.get(page).text for page in shown)
    assert db.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()[-1] == "registration.let_in"
    client.sign_in_as(sitting.candidate)
    assert "You may enter on any computer" in client.get(f"/exam/{sitting.code}/computer").text
    assert start(client, sitting).location.endswith("/parts/part_one")


def test_the_registration_shows_who_was_let_in(
    client: Client, db: Session, sitting: Registration, personas: Personas, at: datetime
) -> None:
    office = personas.administrator(name="Rosa Office")
    let_in(db, sitting, reason="Her laptop is broken.", by=office.id, at=at)
    client.sign_in_as(office)
    page = client.get(f"/administrations/{sitting.administration_id}/registrations/{sitting.code}").text
    assert "Her laptop is broken." in page
    assert "Rosa Office" in page


def test_nobody_lets_themselves_in(
    client: Client, db: Session, sitting: Registration, at: datetime, personas: Personas
) -> None:
    client.sign_in_as(sitting.candidate)
    here = f"/room/{sitting.administration_id}/let-in/{sitting.code}"
    assert client.post(here, data={"reason": "Please"}).status_code == 403
    assert not db.scalars(select(EntryOverride)).all()


# Days before


def test_the_check_is_there_days_before_and_shows_each_rule(
    client: Client, db: Session, personas: Personas, at: datetime
) -> None:
    given = factories.administration(db, at, personas.administrator(), opens_at=at + timedelta(days=4),
                                     closes_at=at + timedelta(days=5))  # fmt: skip
    sitting = factories.registration(db, at, personas.candidate(), given)
    wanted = WantedRules("heron", ["127.0.0.1"], [KEY])
    change_rules(db, given, wanted, by=given.created_by_id, at=at)
    client.sign_in_as(sitting.candidate)
    assert f"/exam/{sitting.code}/computer" in client.get(f"/exam/{sitting.code}").text
    page = client.get(f"/exam/{sitting.code}/computer").text
    assert "would not open on this computer" in page
    assert "heron" not in page
    assert KEY not in page
    right = client.get(f"/exam/{sitting.code}/computer", headers=seb(f"http://localhost/exam/{sitting.code}/computer"))
    assert "The examination opens on this computer" in right.text


def test_an_administrator_checks_the_room_and_is_told_what_to_mend(
    client: Client, sitting: Registration, asks: SetRules, personas: Personas
) -> None:
    asks(allowed_networks=["192.0.2.0/24"], config_keys=[KEY])
    client.sign_in_as(personas.administrator())
    here = f"/administrations/{sitting.administration_id}"
    assert f"{here}/computer" in client.get(here).text
    page = client.get(f"{here}/computer").text
    assert "Allowed are: 192.0.2.0/24" in page
    assert "TRUSTED_PROXIES" in page
    assert "turn on “Use Browser" in page.replace("&amp;", "&")
    assert KEY not in page


# In a browser


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_at_the_door_are_accessible_and_fit(
    sitting: Registration, asks: SetRules, personas: Personas, page_of: Callable[..., Page], width: int
) -> None:
    asks(access_code="heron", allowed_networks=["192.0.2.0/24"], config_keys=[KEY, NEXT_KEY])
    mine, theirs = page_of(sitting.candidate, width=width), page_of(personas.administrator(), width=width)
    given = f"/administrations/{sitting.administration_id}"
    for page, path in (
        (mine, f"/exam/{sitting.code}/computer"), (theirs, f"{given}/entry"),
        (theirs, f"/room/{sitting.administration_id}/let-in/{sitting.code}"),
    ):  # fmt: skip
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_page_that_gets_no_lease_on_this_device_goes_where_it_says_why(
    part_one: AttemptPart, sitting: Registration, asks: SetRules, open_part: OpenPage, page_of: OpenPage
) -> None:
    page = page_of(sitting.candidate)

    def change_rules_meanwhile(route: Route) -> None:
        asks(config_keys=[KEY])
        route.continue_()

    page.route("**/lease", change_rules_meanwhile)
    open_part(part_one, page)
    page.wait_for_url(f"**/exam/{sitting.code}/computer")
    assert page.get_by_text("only in Safe Exam Browser, with its settings").is_visible()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_refused_device_has_kept_is_saved_all_the_same(
    db: Session, part_one: AttemptPart, sitting: Registration, asks: SetRules, open_part: OpenPage
) -> None:
    page = open_part(part_one)
    saved(page)
    page.route("**/exam/log", lambda route: route.abort())
    page.get_by_text("Answer a to question 1").click()
    state(page, "offline")
    asks(config_keys=[KEY])
    again = page.context.new_page()
    page.close()
    again.goto(f"/exam/{sitting.code}/parts/part_one")
    expect(again.get_by_text("that this device had kept have been saved")).to_be_visible()
    assert again.url.endswith("/computer")
    assert answers_of(db, part_one) == {"TF-0001": "a"}
