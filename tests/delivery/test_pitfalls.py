"""What went wrong in other exam systems and has no better place among our tests. See docs/pitfalls.md."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from examapp.delivery import tokens
from examapp.delivery.models import AttemptPart
from examapp.registration.models import Registration
from tests import factories
from tests.delivery.conftest import HOLDER, Post, answer, bearer
from tests.personas import Client


def test_moving_the_start_of_an_administration_shows_no_question_early(
    client: Client, db: Session, sitting: Registration, at: datetime
) -> None:
    sitting.administration.opens_at = at + timedelta(hours=1)
    client.sign_in_as(sitting.candidate)
    address = f"/exam/{sitting.code}/parts/part_one"
    for path in (address, f"{address}/handed-in", f"/exam/{sitting.code}"):
        assert "question 1" not in client.get(path, follow_redirects=True).text
    client.post(f"{address}/start", data={"accepted": "y"})
    assert client.post(f"{address}/lease", json={"holder": HOLDER}).status_code == 404
    assert db.query(AttemptPart).count() == 0


def test_answers_that_make_no_sense_are_saved_and_never_hinder_the_closing(
    client: Client, app: Flask, db: Session, post: Post, part: AttemptPart, sitting: Registration
) -> None:
    nonsense = [
        answer("TF-0001", "an option that does not exist"),
        answer("TF-0002", "x" * 1000, "flag"),
        answer("TF-0003", ",,z,,", "strike"),
        answer("TF-0004", "1", "choose"),
    ]
    assert post(*nonsense, after=0, chain=part.chain).status_code == 200
    shown = bearer(tokens.sign(factories.ticket(part), app.config["SECRET_KEY"]))
    early = client.post("/exam/close", headers=shown, json={"time_is_up": "perhaps"})
    assert early.status_code == 409  # there is time left
    assert client.post("/exam/close", headers=shown, data=b"\xff{").status_code == 200
    client.sign_in_as(sitting.candidate)
    assert "1 of 4" in client.get(f"/exam/{sitting.code}/parts/part_one/handed-in").text
