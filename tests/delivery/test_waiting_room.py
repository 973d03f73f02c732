"""The waiting room: who may come in and when, what the page is told, and that it shows nothing of the examination."""

import json
import re
from datetime import datetime, timedelta
from statistics import mean
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.db import Database
from examapp.delivery import waiting_room
from examapp.delivery.attempts import accept_honour
from examapp.delivery.models import DeviceCheck
from examapp.delivery.progress import progress_of
from examapp.delivery.tokens import StartTicket, sign_start
from examapp.proctoring.messages import send_message
from examapp.registration.models import Registration
from tests import factories
from tests.personas import Client, Personas
from tests.statements import statements_seen

CHECK = {"storage": True, "clock_offset_ms": -250, "round_trip_ms": 80, "announcement_heard": None}


@pytest.fixture
def opening(at: datetime) -> datetime:
    """The window opens in forty minutes."""
    return at + timedelta(minutes=40)


@pytest.fixture
def lucia(db: Session, personas: Personas, client: Client, at: datetime, opening: datetime) -> Registration:
    given = factories.administration(db, at, personas.administrator(), proctored=True, opens_at=opening)
    mine = factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)
    client.sign_in_as(mine.candidate)
    return mine


def address(registration: Registration, page: str = "/waiting-room") -> str:
    return f"/exam/{registration.code}{page}"


def pulse(client: Client, registration: Registration) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(client.post(address(registration)).text)
    return answer


def admit(registration: Registration, at: datetime) -> None:
    registration.admitted_at, registration.admitted_by_id = at, registration.registered_by_id


def test_the_waiting_room_opens_an_hour_before_the_window(
    client: Client, lucia: Registration, opening: datetime
) -> None:
    lucia.administration.opens_at = opening + timedelta(minutes=21)
    assert client.get(address(lucia)).location == address(lucia, "")
    assert "The waiting room opens at" in client.get(address(lucia, "")).text
    lucia.administration.opens_at = opening
    page = client.get(address(lucia)).text
    assert "in 40 min" in page
    assert "Go to the waiting room" in client.get(address(lucia, "")).text
    assert "Go to the waiting room" in client.get("/exam").text


def test_the_opening_is_shown_in_the_exams_zone_and_in_the_candidates(
    client: Client, db: Session, lucia: Registration
) -> None:
    lucia.candidate.time_zone = "America/New_York"
    page = client.get(address(lucia)).text
    assert "10:40 AM MDT" in page
    assert "12:40 PM EDT" in page


@pytest.mark.parametrize(
    ("minutes", "admitted", "state"),
    [
        (-30, False, "early"),
        (-30, True, "admitted"),
        (0, False, "waiting"),
        (0, True, "opening"),
        (1, False, "waiting"),
        (1, True, "released"),
    ],
)
def test_the_page_learns_by_its_pulse_what_to_show(
    client: Client,
    lucia: Registration,
    opening: datetime,
    minutes: int,
    admitted: bool,
    state: str,
    time_machine: TimeMachineFixture,
) -> None:
    if admitted:
        admit(lucia, opening - timedelta(hours=1))
    time_machine.move_to(opening + timedelta(minutes=minutes), tick=False)
    client.sign_in_as(lucia.candidate)
    answer = pulse(client, lucia)
    assert (answer["here"], answer["state"]) == (True, state)
    page = client.get(address(lucia)).text
    assert f'data-state="{state}"' in page
    assert ("Start Part One" in page) == (state == "released")
    assert "What does the specialist do first" not in page


def test_the_start_appears_spread_over_a_quarter_of_a_minute_and_always_the_same(
    db: Session, lucia: Registration, opening: datetime
) -> None:
    after = []
    for number in range(200):
        lucia.code = f"R-{number:06}"
        after.append((waiting_room.release_at(lucia) - opening).total_seconds())
        assert waiting_room.release_at(lucia) == opening + timedelta(seconds=after[-1])
    assert min(after) >= 0
    assert max(after) < 15
    assert 6 < mean(after) < 9


def test_the_pulse_says_when_to_ask_again(client: Client, lucia: Registration, at: datetime) -> None:
    answer = pulse(client, lucia)
    expected = (waiting_room.release_at(lucia) - at).total_seconds()
    assert answer["release_in"] == pytest.approx(expected)
    assert answer["now"] == at.isoformat()


def test_presence_is_written_at_most_every_fifteen_seconds(
    client: Client, lucia: Registration, at: datetime, time_machine: TimeMachineFixture
) -> None:
    seen = []
    for seconds in (0, 10, 4, 1):  # ten, fourteen and fifteen seconds after the first
        time_machine.shift(seconds)
        client.post(address(lucia))
        seen.append((lucia.waiting_seen_at or at) - at)
    assert [moment.total_seconds() for moment in seen] == [0, 0, 0, 15]


def test_who_has_started_or_is_withdrawn_does_not_wait(
    client: Client, db: Session, lucia: Registration, opening: datetime, at: datetime
) -> None:
    lucia.administration.opens_at = at - timedelta(hours=1)
    admit(lucia, at)
    factories.started_part(db, at, lucia)
    assert pulse(client, lucia) == {"here": False}
    assert client.get(address(lucia)).location == address(lucia, "")
    assert lucia.waiting_seen_at is None
    assert not waiting_room.may_wait(progress_of(db, lucia, at), at)


def test_messages_are_counted_by_the_pulse_and_stand_on_both_pages(
    client: Client, db: Session, lucia: Registration, at: datetime
) -> None:
    by = lucia.registered_by_id
    send_message(db, lucia.administration, registration=None, text="We begin <soon>.", by=by, at=at)
    assert pulse(client, lucia)["messages"] == 1
    for page in ("/waiting-room", ""):
        assert "We begin &lt;soon&gt;." in client.get(address(lucia, page)).text


# The device


def test_a_check_is_kept_and_its_result_is_on_the_page(client: Client, db: Session, lucia: Registration) -> None:
    assert "Check this device" in client.get(address(lucia)).text
    assert client.post(address(lucia, "/device-check"), json=CHECK).json == {"here": True}
    kept = db.scalars(select(DeviceCheck)).one()
    assert (kept.registration_id, kept.storage, kept.clock_offset_ms, kept.round_trip_ms) == (lucia.id, True, -250, 80)
    page = client.get(address(lucia)).text
    assert "Saving takes 80 ms." in page
    assert "Only if you use a screen reader" in page
    client.post(address(lucia, "/device-check"), json={**CHECK, "announcement_heard": True})
    assert "Your screen reader reads what the page announces." in client.get(address(lucia)).text
    assert len(db.scalars(select(DeviceCheck)).all()) == 2


@pytest.mark.parametrize(
    ("found", "advice"),
    [
        ({"storage": False}, "cannot keep changes on the device"),
        ({"round_trip_ms": 4000}, "Saving takes 4 s here"),
        ({"clock_offset_ms": -3_600_000}, "off by 1 h"),
        ({"clock_offset_ms": 10**11}, "off by more than a day"),
        ({"announcement_heard": False}, "did not read the announcement"),
    ],
)
def test_a_fault_is_told_with_what_to_do(
    client: Client, lucia: Registration, found: dict[str, object], advice: str
) -> None:
    client.post(address(lucia, "/device-check"), json={**CHECK, **found})
    page = client.get(address(lucia)).text
    assert advice in page
    assert page.count("Look at this") == 1


@pytest.mark.parametrize(
    "posted",
    [{}, {**CHECK, "storage": 1}, {**CHECK, "round_trip_ms": "80"}, {**CHECK, "clock_offset_ms": True}, ["storage"]],
)
def test_a_check_that_our_page_does_not_send_is_refused(client: Client, lucia: Registration, posted: object) -> None:
    assert client.post(address(lucia, "/device-check"), json=posted).status_code == 400


def test_a_clock_that_is_years_wrong_is_no_reason_to_fail(client: Client, db: Session, lucia: Registration) -> None:
    wrong = {**CHECK, "clock_offset_ms": -(10**13)}
    assert client.post(address(lucia, "/device-check"), json=wrong).json == {"here": True}
    assert db.scalars(select(DeviceCheck)).one().clock_offset_ms == -2_000_000_000


# Others


@pytest.mark.parametrize(
    ("method", "page"), [("GET", "/waiting-room"), ("POST", "/waiting-room"), ("POST", "/device-check")]
)
def test_a_waiting_room_is_its_candidates_alone(
    client: Client, lucia: Registration, personas: Personas, method: str, page: str
) -> None:
    client.sign_in_as(personas.candidate())
    assert client.open(address(lucia, page), method=method).status_code == 404
    client.sign_in_as(personas.proctor())
    assert client.open(address(lucia, page), method=method).status_code == 403
    assert lucia.waiting_seen_at is None


def test_the_honour_statement_is_accepted_while_waiting_and_one_button_starts(
    client: Client, db: Session, lucia: Registration, opening: datetime, time_machine: TimeMachineFixture
) -> None:
    assert "Read and accept the honour statement now" in client.get(address(lucia)).text
    assert "Accept the honour statement to start." in client.post(address(lucia, "/honour"), data={}).text
    assert client.post(address(lucia, "/honour"), data={"accepted": "y"}).location == address(lucia)
    assert "You have accepted the honour statement" in client.get(address(lucia)).text
    admit(lucia, opening)
    db.flush()
    time_machine.move_to(opening + timedelta(minutes=1), tick=False)
    page = client.get(address(lucia)).text
    assert "Honour statement" not in page
    ticket = re.findall(r'name="ticket" value="([^"]+)"', page)
    assert client.post("/exam/start", data={"ticket": ticket}).location == address(lucia, "/parts/part_one")
    assert lucia.started_at == opening + timedelta(minutes=1)


@pytest.mark.parametrize("change", [{}, {"ticket": "forged"}])
def test_without_our_ticket_nothing_starts(
    client: Client, db: Session, lucia: Registration, change: dict[str, str]
) -> None:
    assert client.post("/exam/start", data=change).location == "/exam"
    assert "This page was open for too long. Start from here." in client.get("/exam").text


def test_a_ticket_starts_with_at_most_four_statements_and_no_sign_in_for_half_a_day(
    client: Client, app: Flask, db: Session, database: Database, lucia: Registration, time_machine: TimeMachineFixture
) -> None:
    lucia.administration.proctored = False
    accept_honour(db, lucia, at=lucia.administration.opens_at)
    db.commit()
    client.get(address(lucia))  # the process has read the exam policy now
    client.post("/sign-out")
    time_machine.move_to(lucia.administration.opens_at, tick=False)
    ticket = sign_start(StartTicket(lucia.id, "part_one"), app.config["SECRET_KEY"])
    time_machine.shift(timedelta(hours=12, seconds=1))
    assert client.post("/exam/start", data={"ticket": ticket}).location == "/exam"
    time_machine.move_to(lucia.administration.opens_at + timedelta(hours=1), tick=False)
    with statements_seen() as statements:
        answer = client.post("/exam/start", data={"ticket": ticket})
    assert answer.location == address(lucia, "/parts/part_one")
    asked = [words.split()[0] for words in statements if not words.startswith("BEGIN")]
    at_once = database.engine.dialect.name == "postgresql"
    assert asked == ["SELECT", *(["WITH"] if at_once else ["INSERT", "INSERT", "INSERT"])]
