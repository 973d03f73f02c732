"""Messages of the room: who reads them, and how open exam pages learn of them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import attempts
from examapp.delivery.messages import messages_to
from examapp.delivery.models import ClosedBy
from examapp.proctoring.messages import send_message
from examapp.registration.models import Administration, Registration
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests import factories
from tests.personas import Personas


@pytest.fixture
def proctor(personas: Personas) -> User:
    return personas.proctor()


@pytest.fixture
def given(db: Session, personas: Personas, at: datetime) -> Administration:
    return factories.administration(db, at, personas.administrator())


@pytest.fixture
def lucia(db: Session, personas: Personas, given: Administration, at: datetime) -> Registration:
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)


@pytest.fixture
def wilma(db: Session, personas: Personas, given: Administration, at: datetime) -> Registration:
    return factories.registration(db, at, personas.candidate(name="Waiting Wilma"), given)


def texts(db: Session, registration: Registration) -> list[str]:
    return [message.text for message in messages_to(db, registration)]


def test_a_message_reaches_one_or_everybody(
    db: Session, proctor: User, given: Administration, lucia: Registration, wilma: Registration, at: datetime
) -> None:
    send_message(db, given, registration=lucia, text=" Please speak up. ", by=proctor.id, at=at)
    send_message(db, given, registration=None, text="We begin soon.", by=proctor.id, at=at)
    assert texts(db, lucia) == ["Please speak up.", "We begin soon."]
    assert texts(db, wilma) == ["We begin soon."]
    sent = db.scalars(select(AuditEvent).where(AuditEvent.action == "message.sent").order_by(AuditEvent.id)).all()
    assert [event.details.get("candidate") for event in sent] == [lucia.candidate_id, None]


def test_who_was_registered_later_does_not_read_what_was_said_before(
    db: Session, proctor: User, given: Administration, personas: Personas, at: datetime
) -> None:
    send_message(db, given, registration=None, text="We begin soon.", by=proctor.id, at=at)
    later = factories.registration(db, at, personas.candidate(), given, registered_at=at + timedelta(minutes=1))
    assert texts(db, later) == []


def test_the_rooms_of_other_administrations_hear_nothing(
    db: Session, proctor: User, given: Administration, personas: Personas, at: datetime
) -> None:
    elsewhere = factories.registration(
        db, at, personas.candidate(), factories.administration(db, at, personas.administrator())
    )
    part = factories.started_part(db, at, elsewhere)
    send_message(db, given, registration=None, text="We begin soon.", by=proctor.id, at=at)
    db.refresh(part)
    assert (texts(db, elsewhere), part.messages) == ([], 0)


def test_open_parts_concerned_count_the_message_and_closed_ones_stay_as_they_are(
    db: Session, proctor: User, given: Administration, lucia: Registration, wilma: Registration, at: datetime
) -> None:
    closed = factories.started_part(db, at, lucia)
    attempts.close_part(db, closed, closed_by=ClosedBy.CANDIDATE, at=at)
    hers, others = attempts.start_part(db, lucia, "part_two", at=at), factories.started_part(db, at, wilma)
    send_message(db, given, registration=lucia, text="Please speak up.", by=proctor.id, at=at)
    send_message(db, given, registration=None, text="Ten minutes more.", by=proctor.id, at=at)
    for part in (closed, hers, others):
        db.refresh(part)
    assert (closed.messages, hers.messages, others.messages) == (0, 2, 1)


def test_an_empty_message_is_not_sent(db: Session, proctor: User, given: Administration, at: datetime) -> None:
    with pytest.raises(RuleViolation, match="Write the message"):
        send_message(db, given, registration=None, text=" ", by=proctor.id, at=at)
