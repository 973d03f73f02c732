"""A form with every kind of item on paper, from the booklet to the attempt."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import User
from examapp.delivery.models import Attempt
from examapp.delivery.responses import responses_of
from examapp.registration.models import Registration
from tests import factories
from tests.delivery.answer_sheets import numbering_for
from tests.personas import Client, Personas
from tests.proctoring.paper_pages import TIMES, address, copy, words


@pytest.fixture
def office(personas: Personas) -> User:
    return personas.administrator(name="Rosa Office")


@pytest.fixture
def paul(personas: Personas) -> User:
    return personas.proctor(name="Paul Proctor")


@pytest.fixture
def of_every_kind(db: Session, personas: Personas, office: User, at: datetime) -> Registration:
    form = factories.form_of_every_kind(db, at)
    opens_at = at - timedelta(hours=3)
    given = factories.administration(
        db, at, office, form_sha256=form.sha256, opens_at=opens_at, shuffle_options=True
    )  # fmt: skip
    return factories.registration(db, at, personas.candidate(), given, code="R-KINDS1")


def test_questions_of_every_kind_are_printed_typed_in_and_made_the_attempt(
    client: Client, db: Session, of_every_kind: Registration, paul: User, office: User, time_machine: TimeMachineFixture
) -> None:
    client.sign_in_as(office)
    booklet = words(copy(client, of_every_kind))
    assert all(text in booklet for text in ("Choose all that apply.", "Line 3", "write the letter, or your words"))
    time_machine.shift(timedelta(days=1))
    numbering = numbering_for(db, of_every_kind)
    answers = {"TF-0001": "b", "TF-0002": "a,c", "TF-0003": "b", "TF-0004": "1:b,3:d", "TF-0005": "serve and return"}
    shown = {f"answer_{place}": numbering.shown(code, answers[code]) for code, place in numbering.numbers.items()}
    shown["answer_2"] = shown["answer_2"].replace(", ", "").lower()
    for person in (paul, office):
        client.sign_in_as(person)
        wrong = client.post(address(of_every_kind), data={**TIMES, **shown, "answer_4": "1B 1C"})
        assert wrong.status_code == 422 and "This cannot be an answer to this question." in wrong.text
        assert client.post(address(of_every_kind), data={**TIMES, **shown}).status_code == 302
    assert shown["answer_3"] == "B" and "Both entries agree" in client.get(address(of_every_kind, rest="/compare")).text
    client.post(address(of_every_kind, rest="/transfer"))
    [attempt] = db.scalars(select(Attempt).filter_by(registration_id=of_every_kind.id))
    assert responses_of(db, [attempt.parts[0].id])[attempt.parts[0].id].answers == answers
