"""The outbox pages."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.accounts.outbox import write_mail
from tests.personas import Client, Personas


@pytest.fixture
def mail(client: Client, personas: Personas, db: Session, at: datetime) -> OutboxMail:
    """A mail that waits, seen by an administrator."""
    client.sign_in_as(personas.administrator())
    user: User = personas.candidate(email="ana@example.org")
    write_mail(db, user, subject="Your invitation", body="Open\n\nhttp://exam.example.org/invitation/secret\n", at=at)
    db.commit()
    return db.scalars(select(OutboxMail)).one()


def test_mails_are_listed_and_read_where_no_mail_server_is_set_up(client: Client, mail: OutboxMail) -> None:
    page = client.get("/outbox").text
    assert "No mail server is set up" in page
    assert "Your invitation" in page
    assert 'href="http://exam.example.org/invitation/secret"' in client.get(f"/outbox/{mail.id}").text


def test_an_empty_outbox_says_so(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.administrator())
    assert "No mail yet" in client.get("/outbox").text


STATES = [
    ({}, "Waiting"),
    ({"attempts": 1, "last_error": "552 mailbox full"}, "Tried, not accepted"),
    ({"attempts": 8, "due_at": None, "last_error": "552 mailbox full"}, "Not delivered"),
    ({"sent_at": datetime.fromisoformat("2027-03-15T16:00Z"), "due_at": None}, "Kept here"),
    ({"sent_at": datetime.fromisoformat("2027-03-15T16:00Z"), "due_at": None, "body": ""}, "Sent"),
]


@pytest.mark.parametrize(("values", "state"), STATES)
def test_a_mail_tells_how_it_stands(client: Client, mail: OutboxMail, values: dict[str, object], state: str) -> None:
    for name, value in values.items():
        setattr(mail, name, value)
    assert state in client.get("/outbox").text
    page = client.get(f"/outbox/{mail.id}").text
    assert state in page
    assert ("mailbox full" in page) is ("last_error" in values)
    assert ("Try again now" in page) is ("sent_at" not in values)


def test_a_mail_is_tried_again(client: Client, mail: OutboxMail) -> None:
    mail.attempts, mail.due_at = 8, None
    assert client.get(f"/outbox/{mail.id}/try-again").status_code == 405
    assert client.post(f"/outbox/{mail.id}/try-again").location == f"/outbox/{mail.id}"
    assert mail.sent_at is not None
    assert client.post(f"/outbox/{mail.id}/try-again").status_code == 409


def test_the_outbox_is_closed_to_others(client: Client, mail: OutboxMail, personas: Personas) -> None:
    assert client.get("/outbox/999").status_code == 404
    client.sign_in_as(personas.candidate())
    answers = [client.get("/outbox"), client.get(f"/outbox/{mail.id}"), client.post(f"/outbox/{mail.id}/try-again")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
