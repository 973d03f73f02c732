"""Endorsement files: one per person, level and track, found by name, address or number."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements import requirements
from examapp.endorsements.files import find_files, open_file, people_without_file, requirements_for
from examapp.endorsements.models import EndorsementFile
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests.personas import Personas


@pytest.fixture(autouse=True)
def shipped_requirements(db: Session, at: datetime) -> None:
    requirements.load_default(db, at=at)


def test_a_file_gets_the_next_number_of_the_year_and_the_requirements_in_force(
    db: Session, at: datetime, keeper: User, candidate: User
) -> None:
    files = [open_file(db, candidate, level, track, by=keeper.id, at=at) for level, track in ((3, ""), (4, "policy"))]
    assert [file.number for file in files] == ["EF-2027-0001", "EF-2027-0002"]
    assert requirements_for(db, files[1]).track == "policy"
    assert db.scalars(select(AuditEvent.target_id).where(AuditEvent.action == "endorsement_file.opened")).all() == [
        "EF-2027-0001", "EF-2027-0002",
    ]  # fmt: skip


def test_a_person_has_one_file_per_level_and_track(db: Session, at: datetime, keeper: User, candidate: User) -> None:
    open_file(db, candidate, 4, "clinical", by=keeper.id, at=at)
    open_file(db, candidate, 4, "policy", by=keeper.id, at=at)
    with pytest.raises(RuleViolation, match="has a file for this level and track already"):
        open_file(db, candidate, 4, "clinical", by=keeper.id, at=at)


@pytest.mark.parametrize(("level", "track"), [(3, "clinical"), (4, ""), (4, "unheard-of"), (5, "")])
def test_only_levels_and_tracks_with_requirements_have_files(
    db: Session, at: datetime, keeper: User, candidate: User, level: int, track: str
) -> None:
    with pytest.raises(RuleViolation, match="no requirements for this level and track"):
        open_file(db, candidate, level, track, by=keeper.id, at=at)


def test_only_candidates_have_files(db: Session, at: datetime, keeper: User, personas: Personas) -> None:
    left = personas.candidate(deactivated_at=at)
    for person in (personas.author(), left):
        with pytest.raises(RuleViolation, match="is not a candidate"):
            open_file(db, person, 3, "", by=keeper.id, at=at)


def test_nobody_opens_their_own_file(db: Session, at: datetime, candidate: User) -> None:
    with pytest.raises(RuleViolation, match="own endorsement file"):
        open_file(db, candidate, 3, "", by=candidate.id, at=at)


@pytest.mark.parametrize("words", ["baca", "LUCÍA".lower(), "lucia@", "ef-2027-0001", "  Baca "])
def test_files_are_found_by_any_part_of_name_address_or_number(db: Session, file: EndorsementFile, words: str) -> None:
    assert find_files(db, words=words).files == [file]


@pytest.mark.parametrize("words", ["%", "_", "\\", "zzz"])
def test_a_wildcard_is_a_character_like_any_other(db: Session, file: EndorsementFile, words: str) -> None:
    assert find_files(db, words=words).total == 0


def test_the_list_is_filtered_and_paged(db: Session, at: datetime, keeper: User, personas: Personas) -> None:
    for _ in range(26):
        open_file(db, personas.candidate(), 3, "", by=keeper.id, at=at)
    newest = open_file(db, personas.candidate(), 4, "policy", by=keeper.id, at=at)
    first = find_files(db)
    assert (len(first.files), first.pages, first.total, first.files[0]) == (25, 2, 27, newest)
    assert find_files(db, level=4).files == [newest]
    assert find_files(db, level=4, track="clinical").files == []
    assert find_files(db, page=99).page == 2


def test_candidates_without_a_file_are_known(
    db: Session, file: EndorsementFile, personas: Personas, at: datetime
) -> None:
    waiting = personas.candidate(name="Waits")
    personas.candidate(deactivated_at=at)
    assert people_without_file(db) == [waiting]
