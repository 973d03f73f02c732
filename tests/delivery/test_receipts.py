"""What a batch tells the server beside the answers, and what its receipt tells the page."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from examapp.delivery import clock_stops, tokens
from examapp.delivery.models import AttemptPart
from examapp.delivery.responses import responses_of
from tests import factories
from tests.delivery.conftest import Post, answer, bearer
from tests.personas import Client, Personas


def test_what_the_device_reports_of_itself_is_stored_by_the_same_update(
    client: Client, app: Flask, db: Session, part: AttemptPart, at: datetime
) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    device = round((at + timedelta(days=1)).timestamp() * 1000)
    batch = {"after": 0, "chain": part.chain, "events": [], "unsent": 7, "client_ms": device}
    assert client.post("/exam/log", headers=bearer(token), json=batch).status_code == 200
    assert (part.unsent, part.clock_offset_ms, part.last_seen_at) == (7, 86_400_000, at)
    old_page = {"after": 0, "chain": part.chain, "events": []}
    assert client.post("/exam/log", headers=bearer(token), json=old_page).status_code == 200
    assert (part.unsent, part.clock_offset_ms) == (7, 86_400_000)


def test_a_device_whose_clock_is_decades_wrong_saves_all_the_same(
    client: Client, app: Flask, db: Session, part: AttemptPart
) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    batch = {"after": 0, "chain": part.chain, "events": [answer("TF-0001", "b")], "unsent": 0, "client_ms": 0}
    assert client.post("/exam/log", headers=bearer(token), json=batch).status_code == 200
    assert part.clock_offset_ms == -(2**31 - 1)


def test_a_receipt_tells_that_the_clock_stands_still_and_how_much_the_room_has_said(
    post: Post, db: Session, part: AttemptPart, personas: Personas, at: datetime
) -> None:
    running = post(after=0, chain=part.chain).json
    assert running is not None
    assert (running["stopped_left"], running["messages"]) == (None, 0)
    clock_stops.pause(db, [part], reason="Fire alarm.", by=personas.proctor().id, at=at)
    part.messages = 2
    stopped = post(answer("TF-0001", "b"), after=0, chain=part.chain).json
    assert stopped is not None
    assert (stopped["stopped_left"], stopped["messages"]) == (90 * 60, 2)
    assert responses_of(db, [part.id])[part.id].answers == {"TF-0001": "b"}


def test_notes_and_struck_options_are_stored_like_answers_and_are_none(
    post: Post, db: Session, part: AttemptPart
) -> None:
    batch = [answer("TF-0001", "Ask for the diary.", "note"), answer("TF-0001", "a,c", "strike")]
    assert post(*batch, after=0, chain=part.chain).status_code == 200
    found = responses_of(db, [part.id])[part.id]
    assert (found.answers, found.notes, found.struck) == (
        {}, {"TF-0001": "Ask for the diary."}, {"TF-0001": ["a", "c"]},
    )  # fmt: skip
