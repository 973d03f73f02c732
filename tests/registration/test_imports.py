"""Registering from a sheet: every row gets a verdict, and one refused row refuses the sheet."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.endorsements.models import EndorsementFile
from examapp.registration.imports import dry_run, import_registrations
from examapp.registration.models import Administration, Registration
from examapp.registration.sheets import SheetRow
from question_bank.errors import RuleViolation
from tests.personas import Personas
from tests.registration.conftest import MakeFile


def row(email: str, level: str = "3", track: str = "", line: int = 2) -> SheetRow:
    return SheetRow(line, email, level, track)


@pytest.mark.parametrize(
    ("email", "level", "track", "refusal"),
    [
        ("lucia@example.org", "3", "", ""),
        (" LUCIA@example.org", "3", "", ""),
        ("nobody@example.org", "3", "", "Nobody has the address"),
        ("", "3", "", "Nobody has the address"),
        ("lucia@example.org", "4", "clinical", "no endorsement file for this level"),
        ("lucia@example.org", "III", "", "Write 3 or 4"),
        ("lucia@example.org", "", "", "Write 3 or 4"),
        ("lucia@example.org", "4", "", "Write one of: Clinical, Policy, Research Faculty"),
        ("lucia@example.org", "4", "Sales", "Write one of"),
        ("lucia@example.org", "3", "Clinical", "Level 3 has no tracks"),
    ],
)
def test_each_row_says_why_not(
    db: Session, at: datetime, spring: Administration, file: EndorsementFile, email: str, level: str, track: str,
    refusal: str,
) -> None:  # fmt: skip
    verdict = dry_run(db, spring, [row(email, level, track)], at=at)[0]
    assert verdict.accepted is (refusal == "")
    assert refusal in "".join(map(str, verdict.reasons))


@pytest.mark.parametrize("track", ["research_faculty", "Research Faculty", "research faculty"])
def test_a_track_may_be_named_by_code_or_title(
    db: Session, at: datetime, spring: Administration, make_file: MakeFile, personas: Personas, track: str
) -> None:
    user = personas.candidate(email="mentor@example.org")
    file = make_file(user, level=4, track="research_faculty")
    assert dry_run(db, spring, [row("mentor@example.org", "4", track)], at=at)[0].file is file


def test_a_sheet_registers_everybody_in_it(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile, make_file: MakeFile
) -> None:
    other = make_file(level=4, track="clinical")
    rows = [row("lucia@example.org"), row(other.user.email, "4", "Clinical", line=3)]
    made = import_registrations(db, spring, rows, by=office.id, at=at)
    assert [registration.file for registration in made] == [file, other]
    assert len(db.scalars(select(OutboxMail.id)).all()) == 2


@pytest.mark.parametrize("bad", ["nobody@example.org", "lucia@example.org"])
def test_one_bad_row_or_a_double_registers_nobody(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile, bad: str
) -> None:
    rows = [row("lucia@example.org"), row(bad, line=7)]
    with pytest.raises(RuleViolation, match="these rows cannot be: 7"):
        import_registrations(db, spring, rows, by=office.id, at=at)
    assert db.scalars(select(Registration.id)).all() == []


def test_a_dry_run_writes_nothing(db: Session, at: datetime, spring: Administration, file: EndorsementFile) -> None:
    dry_run(db, spring, [row("lucia@example.org")], at=at)
    assert not db.new
    assert db.scalars(select(Registration.id)).all() == []
