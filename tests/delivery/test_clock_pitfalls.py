"""What users of other exam systems complained about, as far as it concerns the clock: each of them once, ruled out."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import User
from examapp.delivery import attempts, clock_stops, leases, tokens
from examapp.delivery.models import AttemptPart, ClosedBy, LateEvent
from examapp.delivery.responses import responses_of
from examapp.delivery.time_ledger import give_time
from examapp.registration.models import Registration
from tests import factories
from tests.delivery.conftest import Post, answer, bearer
from tests.personas import Client, Personas

MINUTE = timedelta(minutes=1)


@pytest.fixture
def proctor(personas: Personas) -> User:
    return personas.proctor()


def hand_in(client: Client, app: Flask, part: AttemptPart, **body: Any) -> Any:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    return client.post("/exam/close", headers=bearer(token), json=body)


def test_a_page_that_has_not_seen_its_extra_time_yet_does_not_submit_early(
    client: Client, app: Flask, db: Session, part: AttemptPart, proctor: User, time_machine: TimeMachineFixture
) -> None:
    """ILIAS 5945."""
    time_machine.move_to(part.deadline_at, tick=False)
    give_time(db, [part], seconds=600, reason="Alarm.", by=proctor.id, at=part.deadline_at)
    refused = hand_in(client, app, part, time_is_up=True)
    assert (refused.status_code, refused.json["reason"]) == (409, "time left")
    assert refused.json["deadline"] == part.deadline_at.isoformat()
    assert part.closed_at is None


@pytest.mark.parametrize("deed", ["given", "paused", "resumed"])
def test_extra_time_is_not_seen_minutes_late_but_with_the_next_receipt(
    db: Session, post: Post, part: AttemptPart, proctor: User, at: datetime, deed: str
) -> None:
    """Canvas."""
    if deed == "given":
        give_time(db, [part], seconds=600, reason="Alarm.", by=proctor.id, at=at)
    else:
        clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at)
    if deed == "resumed":
        clock_stops.resume(db, [part], by=proctor.id, at=at + 10 * MINUTE)
    receipt: Any = post(after=0, chain=part.chain).json
    assert receipt["deadline"] == part.deadline_at.isoformat() != (at + 90 * MINUTE).isoformat()
    assert receipt["stopped_left"] == (5400 if deed == "paused" else None)


def test_no_change_of_status_resets_the_start_time(
    db: Session, part: AttemptPart, sitting: Registration, proctor: User, at: datetime
) -> None:
    """edx-exams 314."""
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=at + 5 * MINUTE)
    clock_stops.resume(db, [part], by=proctor.id, at=at + 6 * MINUTE)
    leases.acquire(db, part, "another-device", take_over=True, at=at + 7 * MINUTE)
    sitting.admitted_at = at + 8 * MINUTE
    attempts.start_part(db, sitting, part.part, at=at + 9 * MINUTE)
    db.commit()
    assert part.started_at == sitting.started_at == at
    part.started_at = at + MINUTE
    with pytest.raises(Exception, match="written once"):
        db.flush()
    db.rollback()


def test_nobody_gets_full_time_when_the_window_closes_before(db: Session, sitting: Registration) -> None:
    """edx-proctoring 270."""
    late = sitting.administration.closes_at - 30 * MINUTE
    part = factories.started_part(db, late, sitting)
    assert part.deadline_at == sitting.administration.closes_at
    assert attempts.close_overdue(db, late + 31 * MINUTE) == 1
    db.refresh(part)
    assert part.closed_at == sitting.administration.closes_at


@pytest.mark.parametrize("device_is_ahead", [timedelta(days=365), timedelta(days=-365), timedelta(0)])
def test_a_device_whose_clock_is_wrong_is_neither_ejected_nor_given_time(
    client: Client, app: Flask, part: AttemptPart, at: datetime, device_is_ahead: timedelta
) -> None:
    """Numbas 125, Artemis 1757."""
    device = round((at + device_is_ahead).timestamp() * 1000)
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    event = {**answer("TF-0001", "b"), "client_ms": str(device)}
    batch = {"after": 0, "chain": part.chain, "events": [event], "client_ms": device}
    receipt = client.post("/exam/log", headers=bearer(token), json=batch)
    assert receipt.status_code == 200
    assert (receipt.json["now"], receipt.json["deadline"]) == (at.isoformat(), part.deadline_at.isoformat())  # type: ignore[index]  # it has a body
    assert hand_in(client, app, part, time_is_up=True).status_code == 409


@pytest.mark.parametrize("closer", ["sweep", "page", "proctor"])
def test_a_sweep_that_comes_an_hour_late_makes_no_attempt_an_hour_longer(
    db: Session, part: AttemptPart, at: datetime, closer: str
) -> None:
    """Moodle: "67 minutes"."""
    an_hour_late = part.deadline_at + 60 * MINUTE
    if closer == "sweep":
        attempts.close_overdue(db, an_hour_late)
        db.refresh(part)
    else:
        attempts.close_part(
            db, part, closed_by=ClosedBy.STAFF if closer == "proctor" else ClosedBy.CANDIDATE, at=an_hour_late
        )
    assert (part.closed_at, part.closed_by) == (at + 90 * MINUTE, ClosedBy.DEADLINE)


def test_the_last_answer_at_time_out_is_an_answer_like_any_other(
    db: Session, post: Post, part: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    """ILIAS, OpenOlat 14."""
    time_machine.move_to(part.deadline_at + timedelta(seconds=19), tick=False)
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain).status_code == 200
    attempts.close_overdue(db, part.accepts_until)
    assert responses_of(db, [part.id])[part.id].answers == {"TF-0001": "b"}
    assert db.query(LateEvent).count() == 0


def test_who_is_disconnected_in_the_last_minute_keeps_everything_that_was_saved(
    db: Session, post: Post, part: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    """Artemis 1469."""
    chain = post(answer("TF-0001", "b"), after=0, chain=part.chain).json["chain"]  # type: ignore[index]  # it has a body
    time_machine.move_to(part.deadline_at + 5 * MINUTE, tick=False)
    attempts.close_overdue(db, part.deadline_at + 5 * MINUTE)
    back_online = post(answer("TF-0002", "c"), after=1, chain=chain)
    assert back_online.status_code == 410
    assert responses_of(db, [part.id])[part.id].answers == {"TF-0001": "b"}
    assert db.query(LateEvent).count() == 1


@pytest.mark.parametrize("path", ["/exam", "/exam/{code}"])
def test_no_time_leaves_open_in_which_zone_it_is_meant(
    client: Client, db: Session, part: AttemptPart, sitting: Registration, path: str
) -> None:
    """TCExam 61."""
    sitting.candidate.time_zone = "America/New_York"
    client.sign_in_as(sitting.candidate)
    page = client.get(path.format(code=sitting.code)).text.replace("\u202f", " ")
    shown = [text.split("<")[0] for text in page.split("<time ")[1:] for text in [text.split(">", 1)[1]]]
    assert shown
    assert all(text.endswith((" MDT", " EDT")) for text in shown)
    assert any(text.endswith(" MDT") for text in shown)
    assert any(text.endswith(" EDT") for text in shown)
