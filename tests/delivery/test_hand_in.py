"""The hand-in code: the same for ever, however it is typed, and broken by any change."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from examapp.config import load_config
from examapp.delivery.attempts import close_part
from examapp.delivery.hand_in import HandIn, hand_in_of, verify
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.endorsements.signing import Signer, key_path, make_key
from tests.delivery.writing import change, write
from tests.tampering import tamper

KNOWN_KEY = {
    "crv": "Ed25519", "kty": "OKP", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}  # fmt: skip


@pytest.fixture
def signer(app: Flask) -> Signer:
    make_key(app.config["EXAMAPP"])
    return Signer(app.config["EXAMAPP"])


@pytest.fixture
def code(db: Session, part: AttemptPart, at: datetime, signer: Signer) -> str:
    """The code of a part with three changes, handed in after half an hour."""
    write(db, part, change("TF-0001", "b"), change("TF-0002", "a"), change("TF-0002", "d"), at=at)
    close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at + timedelta(minutes=30))
    db.commit()
    hand_in = hand_in_of(part)
    assert hand_in
    return hand_in.code(signer)


def test_an_open_part_has_no_code(db: Session, part: AttemptPart) -> None:
    assert hand_in_of(part) is None


def test_the_code_names_registration_and_part_and_proves_what_was_handed_in(
    db: Session, code: str, part: AttemptPart, signer: Signer, at: datetime
) -> None:
    verdict = verify(db, code, signer)
    assert code.startswith(f"{part.attempt.registration.code}-1-")
    assert verdict and verdict.intact
    assert (verdict.hand_in.events, verdict.hand_in.chain) == (3, part.chain)
    assert (verdict.hand_in.started_at, verdict.hand_in.closed_at) == (at, at + timedelta(minutes=30))


def test_codes_given_once_stay_good_for_ever(tmp_path: Path) -> None:
    config = load_config({"INSTANCE_PATH": str(tmp_path)})
    key_path(config).parent.mkdir()
    key_path(config).write_text(json.dumps(KNOWN_KEY))
    morning = datetime(2027, 3, 15, 16, 0, tzinfo=UTC)
    hand_in = HandIn(
        "R-7K2MQX", "part_two", 2, "f" * 64, morning, morning + timedelta(minutes=90), ClosedBy.DEADLINE, 812, "c" * 64
    )
    assert hand_in.code(Signer(config)) == "R-7K2MQX-2-YA2X-5V7M-FJST-XHC6"


@pytest.mark.parametrize(
    "typed",
    [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' - ')}\n",
     lambda code: code[:-16] + code[-16:].replace("0", "O").replace("1", "l")],
)  # fmt: skip
def test_slips_of_typing_do_not_matter(db: Session, code: str, signer: Signer, typed: object) -> None:
    assert callable(typed)
    assert verify(db, typed(code), signer)


@pytest.mark.parametrize(
    "typed",
    ["", "R-7K2MQX", "nonsense", "R-7K2MQX-1-0000-0000-0000-0000", "Ä" * 30, "R" * 5000, "💥"],
)
def test_what_was_never_given_proves_nothing(db: Session, code: str, signer: Signer, typed: str) -> None:
    assert verify(db, typed, signer) is None


def test_one_wrong_letter_or_the_other_part_proves_nothing(db: Session, code: str, signer: Signer) -> None:
    other = "2" if code[-1] != "2" else "3"
    assert verify(db, code[:-1] + other, signer) is None
    assert verify(db, code.replace("-1-", "-2-", 1), signer) is None


def test_another_installations_key_proves_nothing(db: Session, code: str, tmp_path: Path) -> None:
    other = load_config({"INSTANCE_PATH": str(tmp_path / "other")})
    make_key(other)
    assert verify(db, code, Signer(other)) is None


@pytest.mark.parametrize("change", ["closed_by = 'staff'", "closed_at = deadline_at"])
def test_another_ending_is_not_confirmed(db: Session, code: str, signer: Signer, change: str) -> None:
    tamper(db, f"UPDATE attempt_part SET {change}")
    assert verify(db, code, signer) is None


def test_a_log_changed_after_handing_in_is_not_called_intact(db: Session, code: str, signer: Signer) -> None:
    tamper(db, "UPDATE response_event SET value = 'c' WHERE seq = 2")
    verdict = verify(db, code, signer)
    assert verdict and not verdict.intact
    assert [fault.seq for fault in verdict.faults] == [2]


def test_a_part_whose_head_was_changed_still_proves_what_its_log_says(
    db: Session, code: str, part: AttemptPart, signer: Signer
) -> None:
    before = part.chain
    tamper(db, "UPDATE attempt_part SET chain = 'x'")
    verdict = verify(db, code, signer)
    assert verdict and verdict.hand_in.chain == before
    assert [fault.seq for fault in verdict.faults] == [None]


def test_a_log_and_its_head_changed_together_do_not_have_the_code_any_more(
    db: Session, code: str, part: AttemptPart, signer: Signer
) -> None:
    before = hand_in_of(part)
    tamper(db, "DELETE FROM response_event WHERE seq = 3")
    tamper(db, "UPDATE attempt_part SET last_seq = 2, chain = (SELECT chain FROM response_event WHERE seq = 2)")
    assert before and replace(before, events=2).code(signer) != code
    assert verify(db, code, signer) is None


def test_the_command_proves_by_its_exit_code(app: Flask, db: Session, code: str) -> None:
    run = app.test_cli_runner().invoke
    proven = run(args=["attempt", "verify", code])
    assert (proven.exit_code, "the log is intact" in proven.output) == (0, True)
    assert json.loads(run(args=["attempt", "verify", code, "--json"]).output)["events"] == 3
    assert run(args=["attempt", "verify", code[:-1]]).exit_code == 1
    tamper(db, "UPDATE response_event SET value = 'c' WHERE seq = 2")
    broken = run(args=["attempt", "verify", code])
    assert (broken.exit_code, "Change 2 does not agree" in broken.output) == (1, True)


def test_without_the_key_the_command_says_so(app: Flask, db: Session, part: AttemptPart) -> None:
    result = app.test_cli_runner().invoke(args=["attempt", "verify", f"{part.attempt.registration.code}-1-{'0' * 16}"])
    assert (result.exit_code, "There is no signing key" in result.output) == (1, True)
