"""The daily mail about what waits in the bank."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.authoring.digest import write_digests
from question_bank.bulk_deeds import ask_reviewers
from question_bank.expertise import say_areas
from question_bank.framework import default_framework
from question_bank.item_writing import add_item
from question_bank.items import ItemKind, ItemVersion, ReviewState
from question_bank.review import Move
from question_bank.review_comments import answer, remark, settle
from tests.bank import Bank
from tests.drafts import complete_draft
from tests.personas import Client, Personas
from tests.reviews import take

pytestmark = pytest.mark.usefixtures("rules")
DAY = timedelta(days=1)


@pytest.fixture
def reviewer(personas: Personas) -> User:
    return personas.reviewer(name="Rosa Lujan")


def written(db: Session, at: datetime) -> dict[str, str]:
    """What is written at this time, by the names of the people."""
    write_digests(db, public_url="https://exam.example.org", at=at)
    db.flush()
    mails = db.execute(
        select(User.name, OutboxMail.body).join(User, User.id == OutboxMail.user_id).where(OutboxMail.created_at == at)
    )
    return dict(mails.all())


def ask(db: Session, version: ItemVersion, person: User, due_on: date, at: datetime) -> None:
    ask_reviewers(db, [(version, person.id)], due_on, by=person.id, at=at)


def test_nothing_is_written_when_nothing_waits(db: Session, personas: Personas, reviewer: User, at: datetime) -> None:
    personas.author(), personas.candidate(), personas.administrator()
    assert written(db, at) == {}


def test_a_review_is_called_to_mind_when_it_is_new_and_when_it_is_due(
    db: Session, bank: Bank, reviewer: User, at: datetime
) -> None:
    ask(db, bank.item(state=ReviewState.CONTENT_REVIEW), reviewer, at.date() + 10 * DAY, at)
    assert "- TF-0001, by March" in written(db, at)["Rosa Lujan"]
    assert written(db, at + 4 * DAY) == {}
    assert "- TF-0001, by March" in written(db, at + 8 * DAY)["Rosa Lujan"]
    assert "- TF-0001, overdue since March" in written(db, at + 12 * DAY)["Rosa Lujan"]


def test_there_is_one_mail_a_day(db: Session, bank: Bank, reviewer: User, at: datetime) -> None:
    ask(db, bank.item(state=ReviewState.CONTENT_REVIEW), reviewer, at.date(), at)
    assert [write_digests(db, public_url="", at=at + hours) for hours in (0 * DAY, DAY / 24, DAY)] == [1, 0, 1]


def test_it_names_what_nobody_was_asked_for_in_the_areas_of_the_reader(
    db: Session, personas: Personas, bank: Bank, reviewer: User, at: datetime
) -> None:
    bank.item(state=ReviewState.CONTENT_REVIEW)
    personas.reviewer(name="Ana Baca")
    say_areas(db, reviewer.id, ["theoretical-foundations"], default_framework(), by=reviewer.id, at=at)
    mails = written(db, at)
    assert list(mails) == ["Rosa Lujan"]
    assert "Items of your areas for which nobody is asked yet: 1" in mails["Rosa Lujan"]


def test_authors_hear_of_what_came_back_and_of_comments(
    db: Session, personas: Personas, reviewer: User, at: datetime
) -> None:
    author = personas.author(name="Imogen Chee", locale="es")
    version = add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(), source="x", by=author.id, at=at).latest
    take(db, version, Move.SUBMIT, by=author.id, at=at)
    thread = remark(db, version, "general", "Why?", by=reviewer.id, at=at)
    take(db, version, Move.SEND_BACK, by=reviewer.id, at=at)
    assert set(written(db, at)) == {"Imogen Chee"}
    answer(db, thread, "Because.", by=author.id, at=at)
    assert "Comments that wait for your answer: 1" in written(db, at + DAY)["Rosa Lujan"]
    settle(db, thread, by=reviewer.id, at=at)
    assert set(written(db, at + 2 * DAY)) == {"Imogen Chee"}


def test_it_can_be_turned_off(
    client: Client, db: Session, personas: Personas, bank: Bank, reviewer: User, at: datetime
) -> None:
    client.sign_in_as(reviewer)
    assert "Mail me what waits" in client.get("/account").text
    client.post("/account", data={"locale": "en", "time_zone": "America/Denver"})
    ask(db, bank.item(state=ReviewState.CONTENT_REVIEW), reviewer, at.date(), at)
    assert written(db, at) == {}
    client.sign_in_as(personas.candidate())
    assert "Mail me what waits" not in client.get("/account").text


def test_a_command_writes_them(app: Flask, db: Session, bank: Bank, reviewer: User, at: datetime) -> None:
    ask(db, bank.item(state=ReviewState.CONTENT_REVIEW), reviewer, at.date() - 100 * DAY, at)
    db.commit()
    outputs = [app.test_cli_runner().invoke(args=["digest"]).output for _ in range(2)]
    assert outputs == ["Written: 1\n", "Written: 0\n"]
