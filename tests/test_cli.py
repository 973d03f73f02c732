"""The commands an operator types."""

import signal
import socket
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.rule_documents import DocumentKind, RuleDocument
from tests.databases import free_port
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
