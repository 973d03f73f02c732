"""The pages of the replay: who may open them, that it is written down, and what they show."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import Role, User, UserRole
from examapp.delivery.models import AttemptPart
from question_bank.audit import AuditEvent
from tests.browser import assert_accessible, assert_fits
from tests.personas import Client, Personas
from tests.tampering import tamper


@pytest.fixture
def signed_in(client: Client, chief: User) -> Client:
    client.sign_in_as(chief)
    return client


def address(part: AttemptPart, rest: str = "") -> str:
    return f"/replays/{part.attempt.registration.code}/{part.part}{rest}"


def test_the_page_tells_what_happened_by_numbers_and_letters(signed_in: Client, part: AttemptPart) -> None:
    page = signed_in.get(address(part)).text
    for told in (
        "Lucía Baca",
        "Fire drill.",
        "Doors closed.",
        "The laptop froze.",
        "Felt ill.",
        "instead of A",
        "A, D",
    ):
        assert told in page
    assert "TF-0001" not in page and "family" not in page


def test_every_step_shows_its_own_answers(signed_in: Client, essays: AttemptPart) -> None:
    page = signed_in.get(address(essays, "?step=5")).text
    assert "After change 5 of 6" in page
    assert "<del>baby sleeps and the </del>" in page
    assert "Before the first change" in signed_in.get(address(essays, "?step=0")).text
    assert "After change 6 of 6" in signed_in.get(address(essays, "?step=999999999999999999999")).text


@pytest.mark.parametrize(
    "query", ["?step=x", "?step=-5", "?show=nothing", "?item=99", "?page=999", "?item=x&show=late"]
)
def test_an_address_that_asks_for_nonsense_shows_a_page(signed_in: Client, part: AttemptPart, query: str) -> None:
    assert signed_in.get(address(part, query)).status_code == 200


def test_the_whole_timeline_can_be_printed(signed_in: Client, essays: AttemptPart) -> None:
    page = signed_in.get(address(essays, "/print")).text
    assert "in 4 changes" in page
    assert "The mother waits" in page and "<ins>The" not in page


def test_a_log_that_was_changed_is_said(signed_in: Client, db: Session, part: AttemptPart) -> None:
    assert "intact" in signed_in.get(address(part)).text
    tamper(db, "UPDATE response_event SET value = 'd' WHERE seq = 2")
    assert "Change 2 does not agree with its digest." in signed_in.get(address(part)).text


def test_looking_is_written_down_once_a_reading(
    signed_in: Client, db: Session, part: AttemptPart, chief: User, time_machine: TimeMachineFixture
) -> None:
    for rest in ("", "?step=1", "/print"):
        signed_in.get(address(part, rest), headers={"HX-Request": "true"})
    time_machine.shift(timedelta(minutes=31))
    signed_in.get(address(part))
    looks = db.query(AuditEvent).filter_by(action="attempt.replayed", target_id=str(part.id)).all()
    assert [look.actor_id for look in looks] == [chief.id, chief.id]


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.PROCTOR, Role.RATER, Role.AUTHOR, Role.REVIEWER])
def test_only_administrators_replay(client: Client, personas: Personas, part: AttemptPart, role: Role) -> None:
    client.sign_in_as(personas.person(role))
    assert {client.get(address(part, rest)).status_code for rest in ("", "/print")} == {403}


def test_nobody_replays_themselves_and_no_rater_an_essay(
    client: Client, db: Session, personas: Personas, part: AttemptPart, essays: AttemptPart
) -> None:
    client.sign_in_as(personas.person(Role.ADMINISTRATOR, Role.RATER))
    assert [client.get(address(found)).status_code for found in (part, essays)] == [200, 403]
    candidate = part.attempt.registration.candidate
    candidate.role_rows.append(UserRole(role=Role.ADMINISTRATOR, granted_at=part.started_at))
    client.sign_in_as(candidate)
    assert client.get(address(part)).status_code == 403
    assert not db.query(AuditEvent).filter_by(action="attempt.replayed", actor_id=candidate.id).all()


def test_the_registration_leads_to_the_replay(signed_in: Client, part: AttemptPart) -> None:
    registration = part.attempt.registration
    page = signed_in.get(f"/administrations/{registration.administration_id}/registrations/{registration.code}").text
    assert f"/replays/{registration.code}" in page
    assert signed_in.get(f"/replays/{registration.code}").location.endswith("/part_one")
    assert signed_in.get("/replays/R-XXXXXX").status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_steps_through_an_essay(
    page_of: Callable[..., Page], db: Session, chief: User, essays: AttemptPart, part: AttemptPart, width: int
) -> None:
    replayed, printed = address(essays), address(part, "/print")
    page = page_of(chief, width=width)
    db.commit()  # whoever looks is written down, so the test must not hold the database
    page.goto(replayed)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Change number", exact=True).focus()
    for step in (5, 4):
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("heading", name=f"After change {step} of 6")).to_be_visible()
    expect(page.get_by_label("Change number", exact=True)).to_be_focused()
    expect(page.locator("ins", has_text="and the mother waits")).to_be_visible()
    page.get_by_role("link", name="Forward").click()
    expect(page.get_by_role("heading", name="After change 5 of 6")).to_be_visible()
    page.goto(printed)
    assert_accessible(page)
    assert_fits(page)
