"""The room, rung by rung: who may watch, admit, give time, close and write incidents down."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import attempts, log
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import AttemptPart, ClosedBy, EventKind
from examapp.proctoring import room
from examapp.proctoring.models import Incident
from examapp.registration.models import Registration
from question_bank.audit import AuditEvent
from tests import factories
from tests.personas import Client, Personas


@pytest.fixture
def proctor(client: Client, personas: Personas) -> User:
    somebody = personas.proctor(name="Paul Proctor")
    client.sign_in_as(somebody)
    return somebody


@pytest.fixture
def sitting(db: Session, personas: Personas, at: datetime) -> Registration:
    given = factories.administration(db, at, personas.administrator(), proctored=True, title="Spring in the room")
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)


@pytest.fixture
def part(db: Session, sitting: Registration, at: datetime) -> AttemptPart:
    """Lucía is admitted and writes."""
    sitting.admitted_at, sitting.admitted_by_id = at, sitting.registered_by_id
    return factories.started_part(db, at, sitting)


def address(sitting: Registration, rest: str = "") -> str:
    return f"/room/{sitting.administration_id}{rest}"


def test_the_room_shows_who_waits_and_who_writes_but_no_answer(
    client: Client,
    proctor: User,
    db: Session,
    part: AttemptPart,
    sitting: Registration,
    personas: Personas,
    at: datetime,
) -> None:
    factories.registration(db, at, personas.candidate(name="Waiting Wilma"), sitting.administration)
    events = [Event(EventKind.ANSWER, "TF-0001", "b", "0"), Event(EventKind.ANSWER, "TF-0002", "c", "0")]
    log.save(db, factories.ticket(part), Batch(0, part.chain, events), at=at)
    page = client.get(address(sitting)).text
    for words in ("Waiting Wilma", "Not admitted", "Lucía Baca", "Writing", "Part One", "1 h 30 min"):
        assert words in page
    assert "TF-0001" not in page
    [seat] = [s for s in room.seats(db, list(db.scalars(room.seating(sitting.administration))), at) if s.part]
    assert seat.answered == 2


def test_the_room_counts_changes_that_came_after_the_end(
    client: Client, db: Session, proctor: User, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    client.sign_in_as(proctor)
    late = Batch(0, part.chain, [Event(EventKind.ANSWER, "TF-0001", "b", "0")])
    log.save(db, factories.ticket(part), late, at=part.accepts_until)
    assert "1 change came late" in client.get(address(sitting)).text


def test_the_rooms_are_listed(client: Client, proctor: User, sitting: Registration) -> None:
    assert "Spring in the room" in client.get("/room").text


def test_a_candidate_is_admitted_once_their_identity_is_checked(
    client: Client, proctor: User, db: Session, sitting: Registration, at: datetime
) -> None:
    page = address(sitting, f"/admit/{sitting.code}")
    refused = client.post(page)
    assert (refused.status_code, sitting.admitted_at) == (422, None)
    assert "Check the identity first." in refused.text
    assert client.post(page, data={"checked": "y"}).location == address(sitting)
    assert (sitting.admitted_at, sitting.admitted_by_id) == (at, proctor.id)
    assert (
        db.scalars(select(AuditEvent).where(AuditEvent.action == "registration.admitted")).one().actor_id == proctor.id
    )


def test_nobody_is_their_own_proctor(
    client: Client, db: Session, sitting: Registration, personas: Personas, at: datetime
) -> None:
    both = personas.proctor()
    own = factories.registration(db, at, both, sitting.administration)
    client.sign_in_as(both)
    for deed in ("admit", "time", "close"):
        assert client.get(address(sitting, f"/{deed}/{own.code}")).status_code == 403


def test_time_is_given_to_one_with_a_reason(
    client: Client, proctor: User, db: Session, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    page = address(sitting, f"/time/{sitting.code}")
    assert client.post(page, data={"minutes": "10", "reason": ""}).status_code == 422
    assert client.post(page, data={"minutes": "0", "reason": "Alarm."}).status_code == 422
    assert part.deadline_at == at + timedelta(minutes=90)
    assert client.post(page, data={"minutes": "10", "reason": "Fire alarm."}).location == address(sitting)
    assert part.deadline_at == at + timedelta(minutes=100)
    assert part.adjustments[-1].by_id == proctor.id


def test_time_is_given_to_all_who_write(
    client: Client,
    proctor: User,
    db: Session,
    part: AttemptPart,
    sitting: Registration,
    personas: Personas,
    at: datetime,
) -> None:
    other = factories.registration(
        db, at, personas.candidate(), sitting.administration, admitted_at=at, admitted_by_id=proctor.id
    )
    second = factories.started_part(db, at, other)
    client.post(address(sitting, "/time"), data={"minutes": "5", "reason": "Power cut."})
    assert part.deadline_at == second.deadline_at == at + timedelta(minutes=95)


def test_with_nobody_writing_there_is_nobody_to_give_time(client: Client, proctor: User, sitting: Registration) -> None:
    response = client.post(address(sitting, "/time"), data={"minutes": "5", "reason": "Power cut."})
    assert response.status_code == 409
    assert "Nobody is writing now." in response.text
    assert "Power cut." in response.text  # the form keeps what was typed


def test_a_part_is_closed_for_a_candidate_after_a_question_and_with_a_reason(
    client: Client, proctor: User, db: Session, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    page = address(sitting, f"/close/{sitting.code}")
    assert "This cannot be undone." in client.get(page).text
    assert client.post(page, data={"reason": ""}).status_code == 422
    assert part.closed_at is None
    client.post(page, data={"reason": "Went home ill."})
    closed = db.get_one(AttemptPart, part.id)
    assert (closed.closed_at, closed.closed_by) == (at, ClosedBy.STAFF)
    deed = db.scalars(select(AuditEvent).where(AuditEvent.action == "part.closed")).one()
    assert (deed.actor_id, deed.details["reason"]) == (proctor.id, "Went home ill.")
    assert client.post(page, data={"reason": "Again."}).status_code == 409


def test_an_incident_is_written_down_about_one_or_all(
    client: Client, proctor: User, db: Session, sitting: Registration
) -> None:
    page = address(sitting, "/incidents/new")
    assert client.post(page, data={"category": "technical", "registration": "", "description": ""}).status_code == 422
    assert client.post(page, data={"category": "gossip", "registration": "", "description": "x"}).status_code == 422
    client.post(page, data={"category": "technical", "registration": sitting.code, "description": "Mouse broke."})
    client.post(page, data={"category": "environment", "registration": "", "description": "Noise outside."})
    assert [i.registration_id for i in db.scalars(select(Incident).order_by(Incident.id))] == [sitting.id, None]
    shown = client.get(address(sitting)).text
    for words in ("Mouse broke.", "Noise outside.", "Technical – Lucía Baca", "by Paul Proctor"):
        assert words in shown


@pytest.mark.parametrize("rest", ["", "/time", "/incidents/new", "/admit/{code}", "/time/{code}", "/close/{code}"])
@pytest.mark.parametrize("role", ["candidate", "author", "rater"])
def test_the_room_is_for_proctors_and_administrators(
    client: Client, sitting: Registration, personas: Personas, rest: str, role: str
) -> None:
    client.sign_in_as(getattr(personas, role)())
    assert client.get(address(sitting, rest.format(code=sitting.code))).status_code == 403


def test_what_does_not_exist_is_not_found(
    client: Client, proctor: User, db: Session, sitting: Registration, personas: Personas, at: datetime
) -> None:
    other = factories.administration(db, at, personas.administrator())
    assert client.get("/room/9999").status_code == 404
    assert client.get(f"/room/{other.id}/admit/{sitting.code}").status_code == 404  # of another room
    assert client.delete(address(sitting)).status_code == 405


def test_home_tells_a_proctor_who_waits(db: Session, sitting: Registration, at: datetime) -> None:
    assert room.waiting_for_admission(db, at) == 1
    sitting.admitted_at = at
    db.flush()
    assert room.waiting_for_admission(db, at) == 0


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("none", "absent"),
        ("admitted", "admitted"),
        ("withdrawn", "ended"),
        ("started", "writing"),
        ("overdue", "admitted"),
    ],
)
def test_seats(db: Session, sitting: Registration, at: datetime, change: str, state: str) -> None:
    if change != "none":
        sitting.admitted_at = at
    if change == "withdrawn":
        sitting.withdrawn_at = at
    if change in ("started", "overdue"):
        factories.started_part(db, at, sitting)
    later = at + timedelta(minutes=1 if change != "overdue" else 95)
    [seat] = room.seats(db, [sitting], later)
    assert seat.state == state
    assert seat.out_of_touch == (change == "started")  # nobody has heard from the browser for a minute


def test_after_the_last_part_the_seat_is_closed(
    db: Session, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    second = attempts.start_part(db, sitting, "part_two", at=at)
    attempts.close_part(db, second, closed_by=ClosedBy.CANDIDATE, at=at)
    [seat] = room.seats(db, [sitting], at)
    assert (seat.state, seat.parts_closed) == ("closed", 2)
