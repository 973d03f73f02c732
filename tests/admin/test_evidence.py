"""`audit verify`: nothing wrong in what the product wrote, and exactly the row that somebody else wrote."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.db import Database
from examapp.delivery.models import ResponseEvent
from examapp.endorsements.signing import key_path
from tests.databases import fresh_database
from tests.demonstration import DEMONSTRATION, demo_config
from tests.tampering import tamper

# One row of each kind, changed; and how the check names it.
TAMPERINGS = [
    ("UPDATE response_event SET value = 'x' WHERE part_id = 3 AND seq = 7", "response_event", " 7"),
    ("UPDATE attempt_part SET chain = 'x' WHERE id = 3", "attempt_part", "part_"),
    ("UPDATE sealed_form SET document = document || ' ' WHERE title_is", "sealed_form", ""),
    ("UPDATE rule_document SET sha256 = 'x' WHERE kind = 'framework'", "rule_document", "framework 1"),
    (
        "UPDATE written_examination_record SET outcome = 'fail' WHERE number_is",
        "written_examination_record",
        "WX-2027-",
    ),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Any:
    """The demonstration, in a copy that may be spoiled."""
    with fresh_database(request.param, DEMONSTRATION) as database:
        yield database


@pytest.fixture
def signed(app: Flask, tmp_path: Path) -> Flask:
    """The application with the key that has signed the records of the demonstration."""
    path = key_path(app.config["EXAMAPP"])
    path.parent.mkdir()
    path.write_text(key_path(demo_config()).read_text())
    return app


def verify(app: Flask, *options: str) -> tuple[int, Any]:
    result = app.test_cli_runner().invoke(args=["audit", "verify", *options])
    return result.exit_code, json.loads(result.stdout) if options else result.stdout


def test_everything_the_product_has_written_is_intact(signed: Flask, db: Session) -> None:
    code, told = verify(signed, "--json")
    assert (code, told["intact"], told["wrong"]) == (0, True, [])
    assert told["checked"]["changes"] == len(db.scalars(select(ResponseEvent.seq)).all())
    assert told["checked"]["records"] == 24
    assert "audit trail" in " ".join(told["not_covered"])
    code, text = verify(signed)
    assert (code, "Nothing is wrong." in text) == (0, True)


def test_every_tampered_row_is_named_and_no_other(signed: Flask, db: Session) -> None:
    first_form = db.connection().exec_driver_sql("SELECT min(sha256) FROM sealed_form").scalar()
    # Numbers are given out in the order of registration codes, which are random: any of them may be a pass.
    passes = "SELECT min(number) FROM written_examination_record WHERE outcome = 'pass'"
    first_pass = db.connection().exec_driver_sql(passes).scalar()
    for statement, _, _ in TAMPERINGS:
        chosen = statement.replace("title_is", f"sha256 = '{first_form}'")
        tamper(db, chosen.replace("number_is", f"number = '{first_pass}'"))
    code, told = verify(signed, "--json")
    found = {row["table"]: row["row"] for row in told["wrong"]}
    assert (code, told["wrong_rows"]) == (1, len(TAMPERINGS))
    assert all(part in found[table] for _, table, part in TAMPERINGS)
    assert found["sealed_form"] == first_form
    assert first_pass in found["written_examination_record"]


def test_without_the_key_nobody_says_that_the_records_are_good(app: Flask, database: Database) -> None:
    code, text = verify(app)
    assert code == 1
    assert "There is no key" in text
