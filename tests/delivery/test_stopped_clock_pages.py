"""What a page learns of a clock that stands still: by the receipt, by the lease, and when it asks for a break."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.delivery import attempts, clock_stops, tokens
from examapp.delivery.models import AttemptPart, ClosedBy, TimeKind
from examapp.delivery.time_ledger import give_time
from examapp.registration.models import Accommodation, Registration
from tests import factories
from tests.delivery.conftest import HOLDER, Post, answer, bearer
from tests.personas import Client, Personas

MINUTE = timedelta(minutes=1)
TakeBreak = Callable[..., Any]


@pytest.fixture
def take_break(app: Flask, client: Client, part: AttemptPart) -> TakeBreak:
    def send(action: object, token: str | None = None) -> Any:
        token = token or tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
        return client.post("/exam/break", headers=bearer(token), json={"action": action})

    return send


def test_the_next_receipt_tells_of_a_pause_of_time_given_and_of_going_on(
    db: Session, post: Post, part: AttemptPart, personas: Personas, at: datetime
) -> None:
    proctor, closes = personas.proctor().id, part.attempt.registration.administration.closes_at
    clock_stops.pause(db, [part], reason="Fire alarm.", by=proctor, at=at)
    first: Any = post(answer("TF-0001", "b"), after=0, chain=part.chain).json
    assert (first["stopped_left"], first["deadline"]) == (5400, closes.isoformat())
    give_time(db, [part], seconds=600, reason="Noise.", by=proctor, at=at)
    second: Any = post(after=1, chain=first["chain"]).json
    assert second["stopped_left"] == 6000
    clock_stops.resume(db, [part], by=proctor, at=at + 5 * MINUTE)
    third: Any = post(after=1, chain=first["chain"]).json
    assert (third["stopped_left"], third["deadline"]) == (None, (at + 105 * MINUTE).isoformat())


def test_changes_made_before_a_pause_are_still_saved_during_it(
    db: Session, post: Post, part: AttemptPart, personas: Personas, at: datetime
) -> None:
    clock_stops.pause(db, [part], reason="Fire alarm.", by=personas.proctor().id, at=at)
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain).status_code == 200


def test_a_stopped_clock_never_shows_more_than_the_window_leaves(
    db: Session, post: Post, part: AttemptPart, personas: Personas, at: datetime, time_machine: TimeMachineFixture
) -> None:
    clock_stops.pause(db, [part], reason="Fire alarm.", by=personas.proctor().id, at=at)
    time_machine.move_to(part.deadline_at - 10 * MINUTE, tick=False)
    assert post(after=0, chain=part.chain).json["stopped_left"] == 600  # type: ignore[index]  # it has a body


def test_a_break_is_started_and_ended_by_the_token_and_answered_with_a_receipt(
    take_break: TakeBreak,
    breaks: Accommodation,
    part: AttemptPart,
    at: datetime,
    time_machine: TimeMachineFixture,
) -> None:
    started = take_break("start")
    assert started.status_code == 200
    assert started.json["stop"]["kind"] == "break"
    assert (started.json["stopped_left"], started.json["break_left"], started.json["seq"]) == (5400, 900, 0)
    time_machine.move_to(at + 4 * MINUTE, tick=False)
    ended = take_break("end").json
    assert (ended["stop"], ended["stopped_left"], ended["break_left"]) == (None, None, 660)
    assert ended["deadline"] == (at + 94 * MINUTE).isoformat()


def test_the_receipt_after_a_used_up_break_says_that_the_clock_runs(
    take_break: TakeBreak,
    post: Post,
    breaks: Accommodation,
    part: AttemptPart,
    at: datetime,
    time_machine: TimeMachineFixture,
) -> None:
    take_break("start")
    time_machine.move_to(at + 16 * MINUTE, tick=False)
    receipt: Any = post(after=0, chain=part.chain).json
    assert (receipt["stopped_left"], receipt["deadline"]) == (None, (at + 105 * MINUTE).isoformat())
    assert [(row.kind, row.seconds) for row in part.adjustments][1:] == [(TimeKind.BREAK, 900)]


@pytest.mark.parametrize("read", ["", "/parts/part_one"])
def test_reading_a_page_ends_a_break_that_is_used_up(
    client: Client,
    sitting: Registration,
    take_break: TakeBreak,
    breaks: Accommodation,
    part: AttemptPart,
    at: datetime,
    time_machine: TimeMachineFixture,
    read: str,
) -> None:
    client.sign_in_as(sitting.candidate)
    take_break("start")
    time_machine.move_to(at + 16 * MINUTE, tick=False)
    assert client.get(f"/exam/{sitting.code}{read}").status_code == 200
    assert [row.seconds for row in part.adjustments] == [5400, 900]


def test_the_lease_ends_a_used_up_break_and_tells_where_to_ask_for_one(
    client: Client,
    sitting: Registration,
    take_break: TakeBreak,
    breaks: Accommodation,
    part: AttemptPart,
    at: datetime,
    time_machine: TimeMachineFixture,
) -> None:
    client.sign_in_as(sitting.candidate)
    take_break("start")
    time_machine.move_to(at + 16 * MINUTE, tick=False)
    lease: Any = client.post(f"/exam/{sitting.code}/parts/part_one/lease", json={"holder": HOLDER}).json
    assert (lease["stop"], lease["stopped_left"], lease["break_left"]) == (None, None, 0)
    assert client.post(lease["break"], headers=bearer(lease["token"]), json={"action": "start"}).status_code == 409


def test_a_break_that_cannot_be_is_refused_in_words(take_break: TakeBreak, part: AttemptPart) -> None:
    refused = take_break("start")
    assert (refused.status_code, refused.json["reason"]) == (409, "refused")
    assert "No minutes of a break are left" in refused.json["sentence"]
    assert take_break("end").status_code == 200  # there is nothing to end


@pytest.mark.parametrize("action", ["pause", None, ["start"]])
def test_another_action_is_not_understood(take_break: TakeBreak, part: AttemptPart, action: object) -> None:
    assert take_break(action).status_code == 400


def test_a_break_needs_our_token_and_an_open_part(
    db: Session, take_break: TakeBreak, breaks: Accommodation, part: AttemptPart, at: datetime
) -> None:
    assert take_break("start", token="forged").status_code == 403
    attempts.close_part(db, part, closed_by=ClosedBy.STAFF, at=at + MINUTE)
    assert take_break("start").status_code == 410


def test_a_tab_without_the_lease_takes_no_break(
    db: Session, app: Flask, client: Client, breaks: Accommodation, part: AttemptPart
) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    part.lease_epoch, part.lease_holder = 2, "another-tab"
    assert client.post("/exam/break", headers=bearer(token), json={"action": "start"}).status_code == 409
    assert part.stopped_left is None


def test_the_candidate_reads_their_accommodation_and_that_the_clock_stands_still(
    client: Client, take_break: TakeBreak, breaks: Accommodation, part: AttemptPart, sitting: Registration
) -> None:
    breaks.arrangements = "Room 12."
    client.sign_in_as(sitting.candidate)
    take_break("start")
    page = client.get(f"/exam/{sitting.code}").text
    for words in (
        "15 minutes of breaks in each part, in which you stop the clock",
        "Room 12.",
        "The clock stands still.",
    ):
        assert words in page
    assert "Letter." not in page
