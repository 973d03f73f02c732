"""The commands that bring questions in and out of the bank."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.items import CognitiveLevel, Item
from tests.bank import Bank
from tests.live_server import run_command
from tests.personas import Personas

GOOD = "::Q1::What comes first?{=Ask ~Tell ~Wait}\n"
MIXED = f"{GOOD}\nHow many?{{#5}}\n\nSee [html]<b>this</b>{{=a ~b}}\n"


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=["bank", *map(str, args)])


def file_of(folder: Path, text: str) -> Path:
    (folder / "bank.txt").write_text(text)
    return folder / "bank.txt"


def codes(db: Session) -> list[str]:
    found = list(db.scalars(select(Item.code).order_by(Item.code)))
    db.rollback()  # so that the next command need not wait
    return found


def test_a_dry_run_says_as_json_what_becomes_of_every_question(app: Flask, db: Session, tmp_path: Path) -> None:
    result = run(app, "import", file_of(tmp_path, MIXED), "--dry-run", "--json")
    said = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (said["format"], said["accepted"], said["changed"], said["refused"]) == ("gift", 1, 1, 1)
    assert said["items"][0] == {
        "title": "Q1",
        "kind": "single_best_answer",
        "stem": "What comes first?",
        "stimulus": "",
        "options": [
            {"text": "Ask", "fraction": 100},
            {"text": "Tell", "fraction": 0},
            {"text": "Wait", "fraction": 0},
        ],
        "status": "accepted",
        "reason": "",
        "line": 1,
        "file": "",
    }
    assert said["items"][1]["kind"] == "numerical"
    assert codes(db) == []


def test_a_dry_run_needs_no_database(tmp_path: Path) -> None:
    result = run_command(
        "bank", "import", str(file_of(tmp_path, GOOD)), "--dry-run", "--json", instance=tmp_path / "new"
    )
    assert (result.returncode, json.loads(result.stdout)["accepted"]) == (0, 1)


def test_kinds_go_by_our_names_and_lines_stand_with_their_options(app: Flask, db: Session, tmp_path: Path) -> None:
    text = "Match{=a -> b =c -> d = -> e}\n\nWhich?{~%50%a ~%50%b ~%-50%c}\n\nTrue?{T}\n\nName it{=a}"
    said = json.loads(run(app, "import", file_of(tmp_path, text), "--dry-run", "--json").stdout)
    kinds = [item["kind"] for item in said["items"]]
    assert kinds == ["matching", "multiple_response", "true_false", "short_text"]
    assert said["items"][0]["options"][1:] == [{"text": "c -> d", "fraction": 50}, {"text": "-> e", "fraction": 0}]


@pytest.mark.parametrize("text", ["", "Dear all,\n", None])
def test_what_cannot_be_read_ends_with_2_and_the_reason(app: Flask, tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "missing" if text is None else file_of(tmp_path, text)
    result = run(app, "import", file, "--dry-run", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]


def test_an_import_is_all_or_nothing(app: Flask, db: Session, personas: Personas, tmp_path: Path) -> None:
    author = personas.author().email
    db.commit()
    mixed = file_of(tmp_path, MIXED)
    assert run(app, "import", mixed, "--by", author).exit_code == 1
    assert codes(db) == []
    assert run(app, "import", mixed, "--by", author, "--accepted-only").exit_code == 1
    assert codes(db) == ["IM-0001", "IM-0002"]
    again = run(app, "import", file_of(tmp_path, GOOD), "--by", author)
    assert "The bank already holds an item with this text." in again.stdout


def test_only_an_author_imports(app: Flask, db: Session, personas: Personas, tmp_path: Path) -> None:
    rater = personas.rater().email
    db.commit()
    for by in ([], ["--by", rater], ["--by", "nobody@example.org"]):
        assert run(app, "import", file_of(tmp_path, GOOD), *by).exit_code == 2
    assert codes(db) == []


@pytest.mark.parametrize("name", ["qti-2.1", "QTI 3.0", "moodle_xml", "gift", "csv", "json"])
def test_what_is_exported_is_recognised_when_it_is_imported(
    app: Flask, db: Session, bank: Bank, tmp_path: Path, name: str
) -> None:
    bank.item("thinking", "judgment")
    bank.item("reflection", "curiosity")
    db.commit()
    made = tmp_path / "out"
    result = run(app, "export", "--format", name, "--filter", "area=thinking", "--filter", "state=operational", made)
    assert (result.exit_code, result.stdout) == (0, f"Written to {made}: 1\n")
    (item,) = json.loads(run(app, "import", made, "--dry-run", "--json").stdout)["items"]
    assert item["reason"] == "The bank already holds an item with this text."
    assert db.scalars(select(AuditEvent).where(AuditEvent.action == "items.exported")).one().details == {"count": 1}


@pytest.mark.parametrize("filter_", ["colour=red", "state=odd", "level=x", "term=attachment", "used=perhaps"])
def test_a_filter_that_makes_no_sense_is_named(app: Flask, db: Session, tmp_path: Path, filter_: str) -> None:
    result = run(app, "export", "--format", "gift", "--filter", filter_, tmp_path / "out")
    assert result.exit_code == 2
    assert "--filter" in result.stderr


def test_columns_are_named_in_the_terminal(app: Flask, tmp_path: Path) -> None:
    sheet = tmp_path / "bank.csv"
    sheet.write_text("Frage;W1;W2;L\nQ?;x;y;b\n")
    dry_run = ("import", sheet, "--dry-run", "--columns")
    assert run(app, *dry_run, "Frage=stem,W1=option a,W2=Option B,L=Clave").exit_code == 0
    assert "no column “Fragen”" in run(app, *dry_run, "Fragen=stem").output
    assert "Two columns are stem" in run(app, *dry_run, "Frage=stem,W1=stem").output


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("term=theoretical-foundations/attachment", 1),
        ("track=clinical", 0),
        ("responsibility_code=C", 0),
        ("competency=RF-01", 0),
        ("cognitive_level=recall", 1),
        ("spanish=none", 1),
        ("sample=yes", 0),
        ("used=no", 1),
    ],
)
def test_an_export_is_filtered_by_every_tag(
    app: Flask, bank: Bank, db: Session, tmp_path: Path, asked: str, written: int
) -> None:
    bank.item().cognitive_level = CognitiveLevel.RECALL
    db.commit()
    result = run(app, "export", tmp_path / "out.csv", "--format", "csv", "--filter", asked)
    assert f"out.csv: {written}" in result.output
