"""The commands an operator types."""

import re
import signal
import socket
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.accounts.passwords import is_right
from examapp.db import Database
from examapp.rehearsal.postgresql import free_port
from question_bank.rule_documents import DocumentKind, RuleDocument
from tests.live_server import run_command, server_process


def kinds_of(db: Session) -> list[DocumentKind]:
    return list(db.scalars(select(RuleDocument.kind)))


def test_setup_loads_each_kind_of_rules_once(app: Flask, db: Session) -> None:
    for _ in range(2):
        result = app.test_cli_runner().invoke(args=["setup"])
        assert result.exit_code == 0, result.output
    assert sorted(kinds_of(db)) == sorted(DocumentKind)


def test_setup_makes_a_signing_key_that_only_its_owner_reads(app: Flask, tmp_path: Path) -> None:
    app.test_cli_runner().invoke(args=["setup"])
    assert (tmp_path / "keys" / "records.jwk").stat().st_mode & 0o077 == 0


def test_setup_starts_from_an_empty_folder(tmp_path: Path) -> None:
    result = run_command("setup", instance=tmp_path / "new")
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "new" / "examapp.db").exists()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_quietly(tmp_path: Path, ending: signal.Signals) -> None:
    run_command("setup", instance=tmp_path)
    with server_process(instance=tmp_path) as (process, address):
        process.send_signal(ending)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert address in output
    assert "Traceback" not in errors


def started(instance: Path) -> str:
    """What `start` prints until it serves and is told to end."""
    with server_process(instance=instance, command="start") as (process, _address):
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=30)
    # A busy machine lets requests wait for a moment, and waitress says so.
    assert (process.returncode, [line for line in errors.splitlines() if "waitress.queue" not in line]) == (0, [])
    return output


def test_start_loads_the_sample_data_once_and_prints_sign_ins_that_work(tmp_path: Path) -> None:
    first, second = started(tmp_path), started(tmp_path)
    assert "The sample data is loaded." in first
    assert "The sample data is loaded." not in second
    (password,) = re.findall(r"Sign in with the password (\S+) as:", second)
    printed = re.findall(r"^  (\S+@\S+) ", second, re.MULTILINE)
    assert printed == re.findall(r"^  (\S+@\S+) ", first, re.MULTILINE)
    database = Database(f"sqlite:///{tmp_path / 'examapp.db'}")
    with database.reading() as session:
        users = {user.email: user for user in session.scalars(select(User).where(User.email.in_(printed)))}
        assert {role for user in users.values() for role in user.roles} == set(Role)
        assert all(is_right(users[email].password_hash, password) for email in printed)
    database.dispose()
    again = run_command("demo", instance=tmp_path)
    assert "The sample data was loaded before; nothing has changed." in again.stdout


def test_there_is_no_sample_data_beside_real_people(tmp_path: Path) -> None:
    run_command("setup", instance=tmp_path)
    run_command("people", "add-administrator", "ana@example.org", "Ana Baca", instance=tmp_path)
    refused = run_command("demo", instance=tmp_path)
    assert refused.returncode == 1
    assert refused.stderr == (
        "Error: This database holds real people. The demonstration needs a database of its own.\n"
    )
    output = started(tmp_path)
    assert "This database holds real people, so there is no sample data in it." in output
    assert "Sign in with the password" not in output


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as other:
        result = run_command("start", "--port", str(other.getsockname()[1]), instance=tmp_path)
    assert result.returncode == 1
    assert "PORT=8001 make run" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_wrong_setting_is_said_in_one_sentence(tmp_path: Path) -> None:
    result = run_command("setup", instance=tmp_path, EXAMAPP_ENV="production")
    assert result.returncode == 1
    assert result.stderr.startswith("SECRET_KEY is not set.")
    assert "Traceback" not in result.stderr
