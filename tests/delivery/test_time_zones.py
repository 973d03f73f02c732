"""The machine's time zone, a change of clocks, and a server clock that is set back: none of them moves a deadline."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import User
from examapp.delivery import attempts, clock_stops, tokens
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.delivery.window_extensions import extend
from examapp.registration.local_times import moment
from examapp.registration.models import Registration
from tests import factories
from tests.delivery.conftest import HOLDER, Post, answer, bearer
from tests.personas import Client, Personas

MINUTE = timedelta(minutes=1)


@pytest.fixture
def proctor(personas: Personas) -> User:
    return personas.proctor()


@pytest.fixture(params=["UTC", "America/Denver", "Asia/Kolkata"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The zone that the operating system of the server is set to."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def lease(client: Client, sitting: Registration) -> Any:
    return client.post(f"/exam/{sitting.code}/parts/part_one/lease", json={"holder": HOLDER}).json


def batch(lease: Any, *events: dict[str, Any]) -> dict[str, Any]:
    return {"after": lease["seq"], "chain": lease["chain"], "events": events}


@pytest.mark.usefixtures("machine_zone")
def test_a_server_that_is_not_on_utc_starts_saves_pauses_and_closes_at_the_same_moments(
    client: Client, db: Session, sitting: Registration, proctor: User, at: datetime, time_machine: TimeMachineFixture
) -> None:
    client.sign_in_as(sitting.candidate)
    client.post(f"/exam/{sitting.code}/parts/part_one/start", data={"accepted": "y"})
    given = lease(client, sitting)
    assert (given["deadline"], given["now"]) == ("2027-03-15T17:30:00+00:00", "2027-03-15T16:00:00+00:00")
    changes = batch(given, answer("TF-0001", "b"))
    receipt: Any = client.post(given["log"], headers=bearer(given["token"]), json=changes).json
    assert receipt["deadline"] == given["deadline"]
    part = db.query(AttemptPart).one()
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + 10 * MINUTE)
    clock_stops.resume(db, [part], by=proctor.id, at=at + 25 * MINUTE)
    assert "11:45 AM MDT" in client.get(f"/exam/{sitting.code}").text.replace("\u202f", " ")
    time_machine.move_to(at + 200 * MINUTE, tick=False)
    client.get(f"/exam/{sitting.code}")
    assert (part.closed_at, part.closed_by) == (at + 105 * MINUTE, ClosedBy.DEADLINE)


@pytest.mark.usefixtures("machine_zone")
def test_a_window_typed_on_a_server_in_any_zone_means_the_zone_of_the_examination() -> None:
    typed = datetime.fromisoformat("2027-03-15T10:00")
    assert moment(typed, "America/Denver") == datetime(2027, 3, 15, 16, 0, tzinfo=UTC)


# Clocks go forward at 09:00 UTC on March 14, and back at 08:00 UTC on November 7, in Denver.
@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [
        (datetime(2027, 3, 14, 8, 30, tzinfo=UTC), datetime(2027, 3, 14, 10, 30, tzinfo=UTC), "4:30 AM MDT"),
        (datetime(2027, 11, 7, 7, 30, tzinfo=UTC), datetime(2027, 11, 7, 9, 30, tzinfo=UTC), "2:30 AM MST"),
    ],
    ids=["forward", "back"],
)
@pytest.mark.usefixtures("machine_zone")
def test_over_a_change_of_clocks_a_part_and_a_pause_last_as_long_as_ever(
    client: Client, db: Session, sitting: Registration, proctor: User, time_machine: TimeMachineFixture,
    starts: datetime, ends: datetime, shown: str,
) -> None:  # fmt: skip
    sitting.administration.opens_at, sitting.administration.closes_at = starts, starts + 180 * MINUTE
    part = factories.started_part(db, starts, sitting)
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=starts + 20 * MINUTE)
    clock_stops.resume(db, [part], by=proctor.id, at=starts + 50 * MINUTE)
    assert part.deadline_at == ends == starts + 120 * MINUTE
    time_machine.move_to(starts + 55 * MINUTE, tick=False)
    client.sign_in_as(sitting.candidate)
    assert shown in client.get(f"/exam/{sitting.code}").text.replace("\u202f", " ")


@pytest.mark.usefixtures("machine_zone")
def test_a_window_that_spans_a_change_of_clocks_is_extended_by_real_minutes(
    db: Session, sitting: Registration, personas: Personas
) -> None:
    starts = datetime(2027, 11, 7, 7, 30, tzinfo=UTC)
    given = sitting.administration
    given.opens_at, given.closes_at = starts, moment(datetime.fromisoformat("2027-11-07T02:00"), "America/Denver")
    part = factories.started_part(db, starts, sitting)
    assert part.deadline_at == starts + 90 * MINUTE
    seen, by = given.closes_at.isoformat(), personas.administrator().id
    extend(db, given, seconds=1800, reason="Power cut.", seen=seen, by=by, at=starts + 20 * MINUTE)
    assert given.closes_at == datetime(2027, 11, 7, 9, 30, tzinfo=UTC)


# A server clock that is set back


def test_saving_goes_on_when_the_server_clock_steps_back_and_the_deadline_stays(
    post: Post, part: AttemptPart, at: datetime, time_machine: TimeMachineFixture
) -> None:
    first: Any = post(answer("TF-0001", "b"), after=0, chain=part.chain).json
    time_machine.move_to(at - 10 * MINUTE, tick=False)
    second: Any = post(answer("TF-0002", "c"), after=1, chain=first["chain"]).json
    assert second["now"] < first["now"]
    assert (second["seq"], second["deadline"], part.closed_at) == (2, first["deadline"], None)


def test_handing_in_on_a_clock_set_back_is_not_before_the_start(
    client: Client, app: Flask, part: AttemptPart, at: datetime, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(at - 10 * MINUTE, tick=False)
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    assert client.post("/exam/close", headers=bearer(token), json={}).status_code == 200
    assert (part.closed_at, part.closed_by) == (at, ClosedBy.CANDIDATE)


def test_a_closed_part_stays_closed_when_the_server_clock_steps_back(
    db: Session, post: Post, part: AttemptPart, proctor: User, time_machine: TimeMachineFixture
) -> None:
    attempts.close_overdue(db, part.accepts_until)
    time_machine.move_to(part.deadline_at - 30 * MINUTE, tick=False)
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain).status_code == 410
    assert attempts.close_overdue(db, part.deadline_at - 30 * MINUTE) == 0
    assert part.closed_at == part.deadline_at


def test_a_pause_over_a_step_back_takes_no_time_away(
    db: Session, part: AttemptPart, proctor: User, at: datetime
) -> None:
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + 20 * MINUTE)
    clock_stops.resume(db, [part], by=proctor.id, at=at + 10 * MINUTE)
    assert (part.stopped_left, part.deadline_at) == (None, at + 90 * MINUTE)
