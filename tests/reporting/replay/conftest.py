"""An attempt in which much happens, in a database of its own: the rest of reporting is tested on the demonstration."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.db import Database
from examapp.delivery import leases
from examapp.delivery.attempts import close_part
from examapp.delivery.models import AttemptPart, ClosedBy, EventKind, LateEvent, RoomMessage
from examapp.delivery.time_ledger import give_time
from examapp.proctoring.incidents import record_incident
from examapp.proctoring.models import IncidentCategory
from examapp.registration.models import Registration
from question_bank.exam_policy import PART_TWO
from tests import factories
from tests.databases import fresh_database
from tests.delivery.writing import change, write
from tests.personas import Personas

CLIENT_MS = "1805126700000"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with fresh_database(request.param) as database:
        yield database


@pytest.fixture
def chief(personas: Personas) -> User:
    return personas.administrator(name="Rosa Chief")


@pytest.fixture
def sitting(db: Session, personas: Personas, at: datetime, chief: User) -> Registration:
    given = factories.administration(db, at, chief, title="Spring examination")
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)


@pytest.fixture
def part(db: Session, sitting: Registration, chief: User, at: datetime) -> AttemptPart:
    """Part One: changes, another window, time given back, a message, an incident, handed in; then a late change."""

    def minutes(number: int) -> datetime:
        return at + timedelta(minutes=number)

    part = factories.started_part(db, at, sitting)
    leases.acquire(db, part, "first-tab", take_over=False, at=at)
    write(db, part, change("TF-0001", "a", client_ms=CLIENT_MS), change("TF-0002", "c"), at=minutes(5))
    write(db, part, change("TF-0003", "1", EventKind.FLAG), change("TF-0004", "a,d", EventKind.STRIKE), at=minutes(6))
    leases.acquire(db, part, "other-tab", take_over=True, at=minutes(10))
    give_time(db, [part], seconds=300, reason="Fire drill.", by=chief.id, at=minutes(12))
    administration = sitting.administration
    db.add(RoomMessage(administration_id=administration.id, text="Doors closed.", at=minutes(13), by_id=chief.id))
    record_incident(
        db, administration, registration=sitting, category=IncidentCategory.TECHNICAL, description="The laptop froze.",
        by=chief.id, at=minutes(14),
    )  # fmt: skip
    write(db, part, change("TF-0001", "b"), change("TF-0002", ""), at=minutes(20))
    close_part(db, part, closed_by=ClosedBy.STAFF, at=minutes(30), by=chief.id, reason="Felt ill.")
    late = {"part_id": part.id, "seq": 7, "lease_epoch": 1, "client_ms": "0", "received_at": minutes(40)}
    db.add(LateEvent(**late, kind=EventKind.ANSWER, item="TF-0004", value="d"))
    db.commit()
    return part


@pytest.fixture
def essays(db: Session, part: AttemptPart, sitting: Registration, at: datetime) -> AttemptPart:
    """Part Two: an essay that grows and is shortened again, one change every two seconds."""
    begins = at + timedelta(minutes=45)
    essays = factories.started_part(db, begins, sitting, PART_TWO)
    texts = ["The baby", "The baby sleeps", "The baby sleeps and the mother waits", "The mother waits"]
    write(db, essays, change("RFV-0002", "1", EventKind.CHOOSE), at=begins)
    for number, text in enumerate(texts, start=1):
        write(db, essays, change("RFV-0002", text), at=begins + timedelta(seconds=2 * number))
    write(db, essays, change("RFV-0003", "Another."), at=begins + timedelta(minutes=5))
    db.commit()
    return essays
