"""The signature: made with a key of this installation that only its owner can read, broken by any change."""

import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from examapp.accounts.models import User
from examapp.config import Config, ConfigurationError, load_config
from examapp.endorsements.models import EndorsementFile, Outcome, WrittenExaminationRecord
from examapp.endorsements.signing import Signer, make_key, same_code, statement_of, verification_code


@pytest.fixture
def config(tmp_path: Path) -> Config:
    config = load_config({"INSTANCE_PATH": str(tmp_path)})
    make_key(config)
    return config


@pytest.fixture
def record(config: Config, at: datetime) -> WrittenExaminationRecord:
    """A signed record that no database has seen."""
    file = EndorsementFile(number="EF-2027-0001", user=User(name="Lucía Baca"), level=3, track="")
    record = WrittenExaminationRecord(
        number="WX-2027-000001", file=file, registration_id=7, outcome=Outcome.FAIL, reason="", sat_on=at.date(),
        parts=[{"part": "part_one", "raw": "47", "percent": "78.33", "passed": False}], scoring_run_id=1,
        form_sha256="0" * 64, policy_id=1, released_at=at, released_by_id=1, confirmed_by_id=2,
    )  # fmt: skip
    record.signature = Signer(config).sign(statement_of(record))
    return record


def test_the_key_is_made_once_and_readable_by_its_owner_only(config: Config) -> None:
    path = make_key(config)
    before = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert make_key(config).read_text() == before


def test_without_a_key_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="flask setup"):
        Signer(load_config({"INSTANCE_PATH": str(tmp_path)})).sign({})


def test_a_record_verifies_as_it_was_signed(config: Config, record: WrittenExaminationRecord) -> None:
    assert Signer(config).verify(record)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outcome", Outcome.PASS),
        ("number", "WX-2027-000002"),
        ("parts", [{"part": "part_one", "raw": "48", "percent": "80", "passed": True}]),
        ("form_sha256", "1" * 64),
        ("confirmed_by_id", 3),
        ("reason", "other"),
        ("signature", "not.a.jws"),
        ("signature", ""),
    ],
)
def test_any_change_breaks_the_signature(
    config: Config, record: WrittenExaminationRecord, name: str, value: Any
) -> None:
    setattr(record, name, value)
    assert not Signer(config).verify(record)


def test_another_time_another_file_or_another_key_breaks_it(
    config: Config, record: WrittenExaminationRecord, tmp_path: Path
) -> None:
    other = load_config({"INSTANCE_PATH": str(tmp_path / "other")})
    make_key(other)
    assert not Signer(other).verify(record)
    record.released_at += timedelta(seconds=1)
    assert not Signer(config).verify(record)


def test_the_public_key_tells_no_secret(config: Config) -> None:
    key = Signer(config).public_key
    assert key["kty"] == "OKP"
    assert "d" not in key


@pytest.mark.parametrize("typed", ["{0}", "  {0} ", "{1}", "{2}"])
def test_the_code_is_the_same_however_it_is_typed(record: WrittenExaminationRecord, typed: str) -> None:
    code = verification_code(record)
    assert same_code(typed.format(code, code.lower(), code.replace("-", " ")), record)


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA-AAAA", "-"])
def test_another_code_is_not_the_code(record: WrittenExaminationRecord, typed: str) -> None:
    assert not same_code(typed, record)
