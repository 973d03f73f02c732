"""Every chain is recomputed from its rows, and the row that was changed beneath the triggers is named."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart
from examapp.delivery.verification import check_parts
from examapp.registration.models import Registration
from tests import factories
from tests.delivery.writing import change, write
from tests.personas import Personas
from tests.tampering import tamper


@pytest.fixture
def written(db: Session, part: AttemptPart, at: datetime) -> AttemptPart:
    """A part with five changes, in two batches."""
    write(db, part, *(change(f"TF-000{n}", "b") for n in (1, 2, 3)), at=at)
    write(db, part, change("TF-0001", "c"), change("TF-0004", "¿qué? \U0001f600"), at=at + timedelta(seconds=2))
    db.commit()
    return part


def faults(db: Session) -> list[tuple[int | None, str]]:
    return [(fault.seq, fault.sentence) for check in check_parts(db) for fault in check.faults]


def test_an_untouched_log_is_intact_whoever_writes_how(
    db: Session, written: AttemptPart, sitting: Registration, personas: Personas, at: datetime
) -> None:
    other = factories.registration(db, at, personas.candidate(), sitting.administration)
    empty = factories.started_part(db, at, other)
    checks = {check.registration: check for check in check_parts(db)}
    assert faults(db) == []
    assert (checks[sitting.code].events, checks[sitting.code].chain) == (5, written.chain)
    assert (checks[other.code].events, checks[other.code].chain) == (0, empty.chain)


@pytest.mark.parametrize("seq", [2, 3, 5])
@pytest.mark.parametrize("column", ["value", "item", "client_ms", "chain"])
def test_the_one_changed_row_is_named(db: Session, written: AttemptPart, column: str, seq: int) -> None:
    tamper(db, f"UPDATE response_event SET {column} = '12' WHERE seq = :seq", seq=seq)
    assert faults(db) == [(seq, f"Change {seq} does not agree with its digest.")]


def test_two_changed_rows_beside_each_other_are_both_named(db: Session, written: AttemptPart) -> None:
    tamper(db, "UPDATE response_event SET value = 'a' WHERE seq IN (2, 3)")
    assert [seq for seq, _ in faults(db)] == [2, 3]


def test_a_row_that_was_taken_out_leaves_a_gap(db: Session, written: AttemptPart) -> None:
    tamper(db, "DELETE FROM response_event WHERE seq IN (2, 3)")
    assert faults(db) == [(2, "Changes 2 to 3 are missing.")]


def test_rows_taken_from_the_end_are_missed(db: Session, written: AttemptPart) -> None:
    tamper(db, "DELETE FROM response_event WHERE seq = 5")
    assert faults(db) == [(5, "Change 5 is missing.")]


def test_a_row_put_in_is_found(db: Session, written: AttemptPart) -> None:
    columns = "kind, item, value, client_ms, received_at, chain"
    tamper(
        db,
        f"INSERT INTO response_event (part_id, seq, {columns}) SELECT part_id, 6, {columns} FROM response_event "
        "WHERE seq = 5",
    )
    assert [seq for seq, _ in faults(db)] == [6, None]


def test_a_log_cut_short_together_with_its_part_is_found(db: Session, written: AttemptPart) -> None:
    tamper(db, "DELETE FROM response_event WHERE seq = 5")
    tamper(db, "UPDATE attempt_part SET last_seq = 4")
    assert faults(db) == [(None, "The part does not agree with the digest of its last change.")]


@pytest.mark.parametrize("column", ["started_at = '2027-03-15 15:00:00+00'", "part = 'part_two'"])
def test_another_start_breaks_the_first_link(db: Session, written: AttemptPart, column: str) -> None:
    if db.get_bind().dialect.name == "sqlite":
        column = column.replace("+00'", ".000000'")
    tamper(db, f"UPDATE attempt_part SET {column}")
    [(seq, sentence)] = faults(db)
    assert seq == 1
    assert "the start or the form of the part was changed" in sentence


def test_a_row_numbered_before_the_first_has_no_place(db: Session, written: AttemptPart) -> None:
    tamper(db, "UPDATE response_event SET seq = 0 WHERE seq = 1")
    assert [seq for seq, _ in faults(db)] == [0, 1]
