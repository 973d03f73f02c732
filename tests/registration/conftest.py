"""A coming administration, and a candidate whose portfolio has passed both levels of review."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.config import Config, load_config
from examapp.endorsements import requirements, signing
from examapp.endorsements.components import record_component
from examapp.endorsements.files import open_file
from examapp.endorsements.models import ComponentState, EndorsementFile, Outcome, WrittenExaminationRecord
from examapp.endorsements.written_examinations import write_written_examination_record
from examapp.registration.models import Administration, Registration
from examapp.scoring.models import ScoringRun
from question_bank import exam_policy
from question_bank.exam_forms import newest_key
from tests import factories
from tests.personas import Personas

MakeFile = Callable[..., EndorsementFile]
MakeRecord = Callable[..., WrittenExaminationRecord]


@pytest.fixture
def office(personas: Personas) -> User:
    return personas.administrator(name="Rosa Office")


@pytest.fixture
def make_file(db: Session, at: datetime, office: User, personas: Personas) -> MakeFile:
    """Opens a file whose two reviews were met on the given day; without a day, an empty one."""

    def make(
        user: User | None = None, level: int = 3, track: str = "", reviewed: date | None = date(2027, 3, 1)
    ) -> EndorsementFile:
        requirements.load_default(db, at=at)
        file = open_file(db, user or personas.candidate(), level, track, by=office.id, at=at)
        reviewers = {"portfolio-review-1": "Ana Chee", "portfolio-review-2": "Ben Ortiz"} if reviewed else {}
        for code, reviewer in reviewers.items():
            record_component(
                db, file, code, state=ComponentState.MET, amount=None, occurred_on=reviewed, evidence="",
                verified_by=reviewer, verifier_id=None, by=office.id, at=at,
            )  # fmt: skip
        return file

    return make


@pytest.fixture
def file(make_file: MakeFile, personas: Personas) -> EndorsementFile:
    return make_file(personas.candidate(name="Lucía Baca", email="lucia@example.org"))


@pytest.fixture
def spring(db: Session, at: datetime, office: User) -> Administration:
    """Opens in ten days for eight hours."""
    return factories.administration(
        db,
        at,
        office,
        title="Spring 2027",
        opens_at=at + timedelta(days=10),
        closes_at=at + timedelta(days=10, hours=8),
    )


@pytest.fixture
def fall(db: Session, at: datetime, office: User) -> Administration:
    """On another form with other vignettes, in September of the next year."""
    groups: factories.Groups = (("l3-clinical", 3, None, 2, ["WOV-0001", "WOV-0002", "WOV-0003"]),)
    form = factories.sealed_form(db, at, title="Fall form", groups=groups)
    opens_at = datetime(2028, 2, 20, 16, tzinfo=at.tzinfo)
    return factories.administration(
        db, at, office, title="Winter 2028", form_sha256=form.sha256, opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=8),
    )  # fmt: skip


@pytest.fixture
def config(tmp_path: Any) -> Config:
    """An installation with a signing key."""
    config = load_config({"INSTANCE_PATH": str(tmp_path)})
    signing.make_key(config)
    return config


@pytest.fixture
def released(db: Session, at: datetime, config: Config, office: User, personas: Personas) -> MakeRecord:
    """The released result of a registration: the parts that were passed, by code."""

    def make(
        registration: Registration, passed: dict[str, bool], sat_on: date | None = None
    ) -> WrittenExaminationRecord:
        given = registration.administration
        run = ScoringRun(
            administration_id=given.id, number=1, form_sha256=given.form_sha256, computed_at=at,
            form_key_id=newest_key(db, given.form_sha256).id, rules_version="1", computed_by_id=office.id,
        )  # fmt: skip
        db.add(run)
        db.flush()
        parts = [
            {"part": part, "raw": "50", "maximum": "60", "percent": str(Decimal("83.33")), "cut_percent": "80",
             "passed": ok} for part, ok in passed.items()
        ]  # fmt: skip
        record = WrittenExaminationRecord(
            registration_id=registration.id, file=registration.file, parts=parts, reason="",
            outcome=Outcome.PASS if all(passed.values()) else Outcome.FAIL, sat_on=sat_on or at.date(),
            scoring_run_id=run.id, form_sha256=given.form_sha256, policy_id=given.policy_id,
            released_by_id=office.id, confirmed_by_id=personas.administrator().id,
        )  # fmt: skip
        return write_written_examination_record(db, record, at=at, signer=signing.Signer(config))

    return make


BOTH_PASSED = {exam_policy.PART_ONE: True, exam_policy.PART_TWO: True}
PART_TWO_FAILED = {exam_policy.PART_ONE: True, exam_policy.PART_TWO: False}
