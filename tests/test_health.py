"""What monitoring sees."""

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from examapp.db import Database
from tests.personas import Client


def test_a_server_that_can_work_says_so(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_database_behind_the_code_is_unavailable(client: Client, db: Session) -> None:
    db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "newest migration" in answer.text


def test_a_database_that_does_not_answer_is_unavailable(app: Flask, client: Client) -> None:
    app.extensions["database"] = Database("sqlite:////nowhere/at/all.db")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "does not answer" in answer.text
