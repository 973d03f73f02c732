"""The written-examination record: two people, one in force per registration, shown in the file, checked by outsiders.

It stands with the tests of registration, because a record belongs to a registration.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.config import Config
from examapp.db import Database
from examapp.endorsements.components import components_of
from examapp.endorsements.models import ComponentState, EndorsementFile, Outcome, WrittenExaminationRecord
from examapp.endorsements.signing import Signer, verification_code
from examapp.endorsements.written_examinations import (
    record_of_registration,
    records_in_force,
    write_written_examination_record,
)
from examapp.registration.models import Administration, Registration
from examapp.registration.registrations import register
from question_bank.errors import RuleViolation
from tests.personas import Client, Personas
from tests.registration.conftest import BOTH_PASSED, PART_TWO_FAILED, MakeFile, MakeRecord


@pytest.fixture
def registration(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> Registration:
    return register(db, spring, file, by=office.id, at=at)


def correct(
    db: Session, at: datetime, config: Config, old: WrittenExaminationRecord, **values: Any
) -> WrittenExaminationRecord:
    """The same result once more, as the record that replaces ``old``."""
    names = (
        "registration_id", "file", "outcome", "parts", "sat_on", "scoring_run_id", "form_sha256", "policy_id",
        "released_by_id", "confirmed_by_id",
    )  # fmt: skip
    same = {name: getattr(old, name) for name in names}
    record = WrittenExaminationRecord(**{"reason": "Key of item 3 corrected", **same, "replaces": old, **values})
    return write_written_examination_record(db, record, at=at, signer=Signer(config))


def test_records_are_numbered_by_year_signed_and_genuine(
    db: Session, config: Config, registration: Registration, released: MakeRecord
) -> None:
    record = released(registration, BOTH_PASSED)
    assert record.number == "WX-2027-000001"
    db.commit()
    db.expire_all()
    assert Signer(config).verify(record)


@pytest.mark.parametrize(
    ("passed", "state"), [(BOTH_PASSED, ComponentState.MET), (PART_TWO_FAILED, ComponentState.NOT_MET)]
)
def test_the_file_shows_the_result_as_its_component(
    db: Session, registration: Registration, file: EndorsementFile, released: MakeRecord, passed: dict[str, bool],
    state: ComponentState,
) -> None:  # fmt: skip
    released(registration, passed)
    shown = next(c for c in components_of(db, file) if c.requirement.code == "written-examination")
    assert shown.state == state


def test_a_correction_names_what_it_replaces_and_only_it_is_in_force(
    db: Session, at: datetime, config: Config, registration: Registration, file: EndorsementFile, released: MakeRecord
) -> None:
    first = released(registration, PART_TWO_FAILED)
    second = correct(db, at, config, first, outcome=Outcome.PASS)
    assert records_in_force(file) == [second]
    assert record_of_registration(db, registration.id) is second
    assert Signer(config).verify(second)
    for outdated in (first, None):
        with pytest.raises(RuleViolation, match="recorded meanwhile"):
            correct(db, at, config, first, replaces=outdated)


@pytest.mark.parametrize("who", ["same", "candidate"])
def test_a_result_needs_two_people_and_neither_is_the_candidate(
    db: Session, at: datetime, config: Config, registration: Registration, released: MakeRecord, who: str
) -> None:
    first = released(registration, PART_TWO_FAILED)
    confirmed_by = first.released_by_id if who == "same" else first.file.user_id
    with pytest.raises(RuleViolation):
        correct(db, at, config, first, confirmed_by_id=confirmed_by)


def test_the_database_refuses_to_change_a_record(db: Session, registration: Registration, released: MakeRecord) -> None:
    released(registration, PART_TWO_FAILED)
    db.commit()
    with pytest.raises(IntegrityError):
        db.execute(text("UPDATE written_examination_record SET outcome = 'pass'"))


def test_outsiders_learn_the_outcome_only_with_the_code(
    client: Client, config: Config, registration: Registration, released: MakeRecord
) -> None:
    record = released(registration, BOTH_PASSED)
    code = verification_code(record)
    page = client.get("/verify", query_string={"number": record.number.lower(), "code": code.lower()}).text
    assert "Genuine" in page
    assert "Passed" in page
    for number, wrong in ((record.number, "AAAA-BBBB-CCCC"), ("WX-2027-000009", code), (record.number, "")):
        refused = client.get("/verify", query_string={"number": number, "code": wrong}).text
        assert "Genuine" not in refused
        assert "Lucía Baca" not in refused


def test_a_replaced_document_is_genuine_but_no_longer_in_force(
    client: Client, db: Session, at: datetime, config: Config, registration: Registration, released: MakeRecord
) -> None:
    first = released(registration, BOTH_PASSED)
    correct(db, at, config, first, outcome=Outcome.FAIL)
    page = client.get("/verify", query_string={"number": first.number, "code": verification_code(first)}).text
    assert "A later record has replaced this one" in page


def test_the_check_is_open_to_everybody_and_limited(client: Client, config: Config, rate_limits: None) -> None:
    assert [client.get("/verify").status_code for _ in range(31)][-2:] == [200, 429]


def test_the_public_key_is_served(client: Client, config: Config) -> None:
    key = client.get("/verify/key.json").get_json()["keys"][0]
    assert (key["kid"], "d" in key) == (Signer(config).key_id, False)


def test_a_candidate_sees_the_result_in_their_file(
    client: Client, registration: Registration, file: EndorsementFile, released: MakeRecord, personas: Personas
) -> None:
    record = released(registration, BOTH_PASSED)
    client.sign_in_as(file.user)
    page = client.get(f"/files/{file.number}/written-examination").text
    assert record.number in page
    assert "Passed" in page


def test_results_of_two_administrations_released_at_once_get_different_numbers(
    db: Session, database: Database, at: datetime, config: Config, office: User, make_file: MakeFile,
    spring: Administration, personas: Personas,
) -> None:  # fmt: skip
    """Two connections of their own: the second release begins before the first is committed."""
    second = personas.administrator()
    absent = [register(db, spring, make_file(), by=office.id, at=at) for _number in range(2)]
    db.commit()

    def release(session: Session, of: Registration) -> str:
        registration = session.get_one(Registration, of.id)
        record = WrittenExaminationRecord(
            registration_id=registration.id, file=registration.file, parts=[], outcome=Outcome.NO_SHOW,
            form_sha256=spring.form_sha256, policy_id=registration.policy_id, released_by_id=office.id,
            confirmed_by_id=second.id,
        )  # fmt: skip
        return write_written_examination_record(session, record, at=at, signer=Signer(config)).number

    def release_meanwhile() -> str:
        with database.transaction() as session:
            return release(session, absent[1])

    with ThreadPoolExecutor() as pool:
        with database.transaction() as session:
            first = release(session, absent[0])
            other = pool.submit(release_meanwhile)
            time.sleep(0.3)  # the other one is waiting by now
        assert (first, other.result()) == ("WX-2027-000001", "WX-2027-000002")
