"""The proctor's pages about clocks: pausing, going on, giving time to those ticked, the ledger, a longer window."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import User
from examapp.delivery import clock_stops
from examapp.delivery.models import AttemptPart
from examapp.delivery.time_ledger import give_time
from examapp.registration.models import Accommodation, Registration, WindowExtension
from tests import factories
from tests.personas import Client, Personas

MINUTE = timedelta(minutes=1)


@pytest.fixture
def proctor(client: Client, personas: Personas) -> User:
    somebody = personas.proctor(name="Paul Proctor")
    client.sign_in_as(somebody)
    return somebody


@pytest.fixture
def sitting(db: Session, personas: Personas, at: datetime) -> Registration:
    given = factories.administration(db, at, personas.administrator(), title="Spring in the room")
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)


@pytest.fixture
def part(db: Session, sitting: Registration, at: datetime) -> AttemptPart:
    return factories.started_part(db, at, sitting)


@pytest.fixture
def second(db: Session, sitting: Registration, personas: Personas, at: datetime) -> AttemptPart:
    """Jon Tso writes too."""
    other = factories.registration(db, at, personas.candidate(name="Jon Tso"), sitting.administration)
    return factories.started_part(db, at, other)


def address(sitting: Registration, rest: str = "") -> str:
    return f"/room/{sitting.administration_id}{rest}"


# Pauses


def test_a_clock_is_paused_with_a_reason_and_goes_on(
    client: Client, proctor: User, part: AttemptPart, sitting: Registration, at: datetime,
    time_machine: TimeMachineFixture,
) -> None:  # fmt: skip
    page = address(sitting, f"/pause/{sitting.code}")
    assert "Pause the clock of Lucía Baca?" in client.get(page).text
    assert client.post(page, data={"reason": " "}).status_code == 422
    assert client.post(page, data={"reason": "Fire alarm."}).location == address(sitting)
    assert part.deadline_at == sitting.administration.closes_at
    assert "Resume" in client.get(address(sitting)).text
    time_machine.move_to(at + 12 * MINUTE, tick=False)
    page = client.post(address(sitting, f"/resume/{sitting.code}"), follow_redirects=True).text
    assert "The clock of Lucía Baca goes on." in page
    assert part.deadline_at == at + 102 * MINUTE


def test_all_clocks_are_paused_and_go_on_together(
    client: Client, proctor: User, part: AttemptPart, second: AttemptPart, sitting: Registration, at: datetime,
    time_machine: TimeMachineFixture,
) -> None:  # fmt: skip
    assert "2 clocks are running now." in client.get(address(sitting, "/pause")).text
    paused = client.post(address(sitting, "/pause"), data={"reason": "Fire alarm."}, follow_redirects=True)
    assert "2 clocks stand still." in paused.text
    assert "2 clocks are paused now." in client.get(address(sitting, "/resume")).text
    time_machine.move_to(at + 5 * MINUTE, tick=False)
    assert "2 clocks go on." in client.post(address(sitting, "/resume"), follow_redirects=True).text
    assert part.deadline_at == second.deadline_at == at + 95 * MINUTE


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("/pause/{code}", "No clock is running here"),
        ("/pause", "No clock is running here"),
        ("/time/selected", "Tick at least one candidate"),
    ],
)
def test_a_second_proctor_is_told_that_it_is_done_already(
    client: Client, db: Session, proctor: User, part: AttemptPart, sitting: Registration, rest: str, sentence: str
) -> None:
    clock_stops.pause(db, [part], reason="Alarm.", by=proctor.id, at=part.started_at)
    answer = client.post(address(sitting, rest.format(code=sitting.code)), data={"reason": "Alarm.", "minutes": "5"})
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert "Alarm." in answer.text  # the form keeps what was typed


@pytest.mark.parametrize("rest", ["/resume/{code}", "/resume"])
def test_a_clock_that_runs_is_not_resumed(
    client: Client, proctor: User, part: AttemptPart, sitting: Registration, rest: str
) -> None:
    answer = client.post(address(sitting, rest.format(code=sitting.code)))
    assert (answer.status_code, "No clock is paused here." in answer.text) == (409, True)


def test_pausing_all_leaves_the_proctors_own_clock_alone(
    client: Client, db: Session, part: AttemptPart, sitting: Registration, personas: Personas, at: datetime
) -> None:
    both = personas.proctor()
    own = factories.started_part(db, at, factories.registration(db, at, both, sitting.administration))
    client.sign_in_as(both)
    client.post(address(sitting, "/pause"), data={"reason": "Alarm."})
    assert (part.stopped_left, own.stopped_left) == (5400, None)


# Time for those ticked


def test_time_is_given_to_those_who_are_ticked(
    client: Client, proctor: User, part: AttemptPart, second: AttemptPart, sitting: Registration, at: datetime
) -> None:
    page = address(sitting, "/time/selected")
    shown = client.get(f"{page}?candidate={sitting.code}").text
    assert shown.count(" checked") == 1
    for words in ("Lucía Baca", "Jon Tso", "1 h 30 min left"):
        assert words in shown
    client.post(page, data={"candidates": [sitting.code], "minutes": "10", "reason": "Its computer failed."})
    assert (part.deadline_at, second.deadline_at) == (at + 100 * MINUTE, at + 90 * MINUTE)


@pytest.mark.parametrize("candidates", [[], ["R-NOBODY"]])
def test_time_is_given_only_to_who_is_writing_here(
    client: Client, proctor: User, part: AttemptPart, sitting: Registration, at: datetime, candidates: list[str]
) -> None:
    data: dict[str, Any] = {"candidates": candidates, "minutes": "10", "reason": "Noise."}
    assert client.post(address(sitting, "/time/selected"), data=data).status_code == 422
    assert part.deadline_at == at + 90 * MINUTE


# The ledger


def test_the_clocks_page_shows_every_row_and_says_why_the_part_ends_then(
    client: Client, db: Session, proctor: User, part: AttemptPart, sitting: Registration, at: datetime,
    time_machine: TimeMachineFixture,
) -> None:  # fmt: skip
    give_time(db, [part], seconds=600, reason="Its <computer> failed.", by=proctor.id, at=at + MINUTE)
    clock_stops.pause(db, [part], reason="Fire alarm.", by=proctor.id, at=at + 2 * MINUTE)
    page = client.get(address(sitting, f"/clock/{sitting.code}")).text
    assert "The clock stands still with 1:38:00 left." in page
    clock_stops.resume(db, [part], by=proctor.id, at=at + 7 * MINUTE + timedelta(seconds=12))
    page = client.get(address(sitting, f"/clock/{sitting.code}")).text
    for words in (
        "1:30:00", "0:10:00", "0:05:12", "1:45:12", "Its &lt;computer&gt; failed.", "Fire alarm.", "Paul Proctor",
        "that is its start and the 1:45:12 of its ledger", "20 s after the end",
    ):  # fmt: skip
        assert words in page


def test_the_clocks_page_says_when_the_window_decides(
    client: Client, db: Session, proctor: User, sitting: Registration, at: datetime
) -> None:
    sitting.administration.closes_at = at + 60 * MINUTE
    factories.started_part(db, at, sitting)
    assert "because the examination closes then" in client.get(address(sitting, f"/clock/{sitting.code}")).text


def test_the_clocks_page_ends_a_used_up_break_and_shows_it(
    client: Client, db: Session, proctor: User, sitting: Registration, at: datetime, time_machine: TimeMachineFixture
) -> None:
    sitting.accommodations.append(
        Accommodation(
            factor=Decimal(1),
            break_minutes=15,
            arrangements="Room 12.",
            reason="Letter of Dr. Ruiz.",
            granted_at=at,
            granted_by_id=proctor.id,
        )
    )
    part = factories.started_part(db, at, sitting)
    clock_stops.start_break(db, part, at=at + MINUTE)
    assert "stands still for a break" in client.get(address(sitting, f"/clock/{sitting.code}")).text
    time_machine.move_to(at + 30 * MINUTE, tick=False)
    page = client.get(address(sitting, f"/clock/{sitting.code}")).text
    assert "1:45:00 of its ledger" in page
    assert "by itself" in page
    assert "Room 12." in page
    assert "Ruiz" not in page  # on what it rests is the office's


def test_before_the_start_there_is_no_clock_to_show(client: Client, proctor: User, sitting: Registration) -> None:
    assert "No part has been started yet" in client.get(address(sitting, f"/clock/{sitting.code}")).text


def test_the_room_and_the_admission_say_what_is_arranged_and_never_why(
    client: Client, db: Session, proctor: User, sitting: Registration, at: datetime
) -> None:
    granted = Accommodation(
        factor=Decimal("1.5"), arrangements="Room 12.", reason="Letter of Dr. Ruiz.", granted_at=at,
        granted_by_id=proctor.id,
    )  # fmt: skip
    sitting.accommodations.append(granted)
    for rest in ("", f"/admit/{sitting.code}"):
        page = client.get(address(sitting, rest)).text
        assert "1.5 times the usual time" in page
        assert "Room 12." in page
        assert "Ruiz" not in page
    granted.revoked_at, granted.revoked_by_id = at, proctor.id
    assert "Room 12." not in client.get(address(sitting)).text


# The window


def test_the_window_is_made_longer_after_its_effects_are_shown(
    client: Client, db: Session, personas: Personas, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    given = sitting.administration
    given.closes_at = part.deadline_at = at + 60 * MINUTE
    client.sign_in_as(personas.administrator())
    here = f"/administrations/{given.id}"
    assert f"{here}/extend" in client.get(here).text
    shown = client.post(f"{here}/extend", data={"minutes": "20", "reason": "Power cut."}).text
    assert "1 candidate who is writing gets a later end" in shown
    assert db.scalars(select(WindowExtension)).all() == []
    data = {"minutes": "20", "reason": "Power cut.", "seen": given.closes_at.isoformat()}
    done = client.post(f"{here}/extend/confirm", data=data, follow_redirects=True).text
    assert "1 candidate who is writing has a later end." in done
    assert "Made longer by 20 min" in done
    assert part.deadline_at == given.closes_at == at + 80 * MINUTE
    again = client.post(f"{here}/extend/confirm", data=data)
    assert (again.status_code, "meanwhile" in again.text) == (409, True)


@pytest.mark.parametrize(
    ("minutes", "reason", "sentence"),
    [
        ("", "Power cut.", "how many minutes"),
        ("0", "Power cut.", "Between 1 and"),
        ("10081", "Power cut.", "Between 1 and"),
        ("20", " ", "Write down the reason"),
    ],
)
def test_an_extension_without_sense_is_refused_with_the_form_filled(
    client: Client, personas: Personas, sitting: Registration, minutes: str, reason: str, sentence: str
) -> None:
    client.sign_in_as(personas.administrator())
    here = f"/administrations/{sitting.administration_id}/extend"
    answer = client.post(here, data={"minutes": minutes, "reason": reason})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert client.post(f"{here}/confirm", data={"minutes": minutes, "reason": reason}).location == here


def test_a_window_that_has_closed_is_not_made_longer(
    client: Client, personas: Personas, sitting: Registration, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(sitting.administration.closes_at, tick=False)
    client.sign_in_as(personas.administrator())
    here = f"/administrations/{sitting.administration_id}"
    assert "/extend" not in client.get(here).text
    data = {"minutes": "20", "reason": "Power cut.", "seen": sitting.administration.closes_at.isoformat()}
    assert "has closed" in client.post(f"{here}/extend/confirm", data=data).text


@pytest.mark.parametrize("role", ["proctor", "candidate", "author", "rater"])
def test_only_administrators_make_a_window_longer(
    client: Client, personas: Personas, sitting: Registration, role: str
) -> None:
    client.sign_in_as(getattr(personas, role)())
    here = f"/administrations/{sitting.administration_id}/extend"
    assert (client.get(here).status_code, client.post(f"{here}/confirm").status_code) == (403, 403)


# Who may


ROOM_PAGES = ["/pause", "/pause/{code}", "/resume", "/resume/{code}", "/time/selected", "/clock/{code}"]


@pytest.mark.parametrize("rest", ROOM_PAGES)
@pytest.mark.parametrize("role", ["candidate", "author", "rater"])
def test_the_clocks_are_for_proctors_and_administrators(
    client: Client, sitting: Registration, personas: Personas, rest: str, role: str
) -> None:
    client.sign_in_as(getattr(personas, role)())
    assert client.get(address(sitting, rest.format(code=sitting.code))).status_code == 403


@pytest.mark.parametrize("rest", ["/pause/{code}", "/resume/{code}", "/clock/{code}"])
def test_nobody_works_on_their_own_clock_or_on_one_of_another_room(
    client: Client, db: Session, sitting: Registration, personas: Personas, at: datetime, rest: str
) -> None:
    both = personas.proctor()
    own = factories.registration(db, at, both, sitting.administration)
    other = factories.administration(db, at, personas.administrator())
    client.sign_in_as(both)
    assert client.get(address(sitting, rest.format(code=own.code))).status_code == 403
    assert client.get(f"/room/{other.id}{rest.format(code=sitting.code)}").status_code == 404
