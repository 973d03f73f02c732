"""The room, rung by rung: who may watch, admit, give time, close and write incidents down."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import log
from examapp.delivery.batches import Batch, Event
from examapp.delivery.messages import messages_to
from examapp.delivery.models import AttemptPart, ClosedBy, EventKind
from examapp.proctoring import room
from examapp.proctoring.anomalies import AnomalyKind
from examapp.proctoring.models import Incident, IncidentCategory
from examapp.proctoring.seats import SeatState
from examapp.registration.models import Registration
from question_bank.audit import AuditEvent
from tests import factories
from tests.personas import Client, Personas
from tests.proctoring.full_room import seat_writers
from tests.statements import statements_for


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
    waiting = personas.candidate(name="Waiting Wilma")
    factories.registration(db, at, waiting, sitting.administration, waiting_seen_at=at)
    events = [Event(EventKind.ANSWER, "TF-0001", "b", "0"), Event(EventKind.ANSWER, "TF-0002", "c", "0")]
    log.save(db, factories.ticket(part), Batch(0, part.chain, events), at=at)
    answer = client.get(address(sitting, "/live"))
    lucia, wilma = json.loads(answer.text)["seats"]
    assert (lucia["name"], lucia["state"], lucia["part"]) == ("Lucía Baca", "writing", "part_one")
    assert (lucia["answered"], lucia["left"]) == (2, 90 * 60)
    assert (wilma["name"], wilma["state"], wilma["left"]) == ("Waiting Wilma", "waiting", None)
    assert "TF-0001" not in answer.text


def test_changes_that_came_after_the_end_are_an_anomaly(
    client: Client, db: Session, proctor: User, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    late = Batch(0, part.chain, [Event(EventKind.ANSWER, "TF-0001", "b", "0")])
    log.save(db, factories.ticket(part), late, at=part.accepts_until)
    [seat] = json.loads(client.get(address(sitting, "/live")).text)["seats"]
    assert seat["anomalies"] == [["late", 1]]


def test_the_page_is_ready_for_every_state_and_anomaly(client: Client, proctor: User, sitting: Registration) -> None:
    page = client.get(address(sitting)).text
    assert not [state for state in SeatState if f'id="state-{state}"' not in page]
    assert not [kind for kind in AnomalyKind if f'id="odd-{kind}"' not in page]


def test_three_hundred_candidates_take_no_more_statements_than_three(
    client: Client, proctor: User, db: Session, sitting: Registration, at: datetime
) -> None:
    pages = [address(sitting), address(sitting, "/live")]
    seat_writers(db, at, sitting.administration, range(1, 4))
    few = [statements_for(client, page) for page in pages]
    seat_writers(db, at, sitting.administration, range(4, 301))
    assert [statements_for(client, page) for page in pages] == few


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
    for deed in ("admit", "time", "close", "message"):
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
    for category, reason in (("candidate", ""), ("gossip", "Ill."), ("", "Ill.")):
        assert client.post(page, data={"category": category, "reason": reason}).status_code == 422
    assert part.closed_at is None
    client.post(page, data={"category": "candidate", "reason": "Went home ill."})
    closed = db.get_one(AttemptPart, part.id)
    assert (closed.closed_at, closed.closed_by) == (at, ClosedBy.STAFF)
    deed = db.scalars(select(AuditEvent).where(AuditEvent.action == "part.closed")).one()
    assert (deed.actor_id, deed.details["reason"]) == (proctor.id, "Went home ill.")
    [incident] = db.scalars(select(Incident))
    assert (incident.registration_id, incident.category, incident.description) == (
        sitting.id, IncidentCategory.CANDIDATE, "Went home ill.",
    )  # fmt: skip
    assert client.post(page, data={"category": "candidate", "reason": "Again."}).status_code == 409
    assert len(db.scalars(select(Incident)).all()) == 1


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


def test_the_report_has_every_incident_under_its_category(
    client: Client, proctor: User, part: AttemptPart, sitting: Registration
) -> None:
    new = address(sitting, "/incidents/new")
    client.post(new, data={"category": "environment", "registration": "", "description": "Noise outside."})
    client.post(address(sitting, f"/close/{sitting.code}"), data={"category": "candidate", "reason": "Went home ill."})
    page = client.get(address(sitting, "/incidents")).text
    order = ["Room and surroundings", "Noise outside.", "Went home ill.", "The part was ended", "Staff", "Technical"]
    assert sorted(order, key=page.index) == order
    assert page.count("None.") == 2


def test_the_report_is_a_sheet_too(client: Client, proctor: User, db: Session, sitting: Registration) -> None:
    new = address(sitting, "/incidents/new")
    client.post(new, data={"category": "technical", "registration": sitting.code, "description": "=Mouse broke."})
    client.post(new, data={"category": "staff", "registration": "", "description": "I came late."})
    answer = client.get(address(sitting, "/incidents.csv"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="incidents-2027-03-15.csv"'
    mouse, late = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert (mouse["at"], mouse["candidate"]) == ("2027-03-15T10:00:00-06:00", "Lucía Baca")
    assert (mouse["description"], mouse["written_by"]) == ("'=Mouse broke.", "Paul Proctor")  # no formula
    assert (late["category"], late["candidate"], late["part_ended"]) == ("staff", "", "no")


def test_a_message_is_sent_to_one_or_to_all(
    client: Client, proctor: User, db: Session, part: AttemptPart, sitting: Registration
) -> None:
    for page in (address(sitting, "/message"), address(sitting, f"/message/{sitting.code}")):
        assert client.post(page, data={"text": " "}).status_code == 422
        assert client.post(page, data={"text": f"To {page}"}).location == address(sitting)
    assert [message.text for message in messages_to(db, sitting)] == [
        f"To {address(sitting)}/message", f"To {address(sitting)}/message/{sitting.code}",
    ]  # fmt: skip
    assert part.messages == 2
    assert "to everybody" in client.get(address(sitting, f"/message/{sitting.code}")).text


def test_nobody_watches_themselves(
    client: Client, db: Session, sitting: Registration, personas: Personas, at: datetime
) -> None:
    both = personas.proctor()
    factories.registration(db, at, both, sitting.administration)
    client.sign_in_as(both)
    assert [seat["code"] for seat in json.loads(client.get(address(sitting, "/live")).text)["seats"]] == [sitting.code]


PAGES = [
    "", "/live", "/time", "/message", "/incidents", "/incidents.csv", "/incidents/new",
    "/admit/{code}", "/time/{code}", "/close/{code}", "/message/{code}",
]  # fmt: skip


@pytest.mark.parametrize("rest", PAGES)
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
    opening = sitting.administration.opens_at
    moments = (opening - timedelta(minutes=61), opening - timedelta(minutes=60), at)
    assert [room.waiting_for_admission(db, moment) for moment in moments] == [0, 1, 1]
    sitting.admitted_at = at
    db.flush()
    assert room.waiting_for_admission(db, at) == 0
