"""The commands of accounts."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.accounts.outbox import write_mail
from tests.personas import Client, Personas


def test_mail_that_waits_is_sent_by_a_command(app: Flask, db: Session, personas: Personas, at: datetime) -> None:
    write_mail(db, personas.rater(), subject="Hello", body="…", at=at)
    db.commit()
    runner = app.test_cli_runner()
    assert "Delivered: 1" in runner.invoke(args=["mail", "send"]).output
    assert "Delivered: 0" in runner.invoke(args=["mail", "send"]).output


def test_the_first_administrator_gets_an_address_to_choose_a_password(app: Flask, client: Client, db: Session) -> None:
    words = ["people", "add-administrator", "first@example.org", "First Person"]
    answer = app.test_cli_runner().invoke(args=words)
    address = answer.output.splitlines()[-1].removeprefix("http://exam.example.org")
    assert "First Person" in client.get(address).text
    assert db.scalars(select(User)).one().email == "first@example.org"
    assert db.scalars(select(OutboxMail)).one().recipient == "first@example.org"


def test_an_administrator_is_made_once(app: Flask, personas: Personas) -> None:
    personas.rater(email="first@example.org")
    answer = app.test_cli_runner().invoke(args=["people", "add-administrator", "first@example.org", "First"])
    assert answer.exit_code == 1
    assert "has an account already" in answer.output
