"""The demonstration: complete, safe to repeat, never beside real people."""

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.demo.bank import ITEM_FILES, read, spanish
from examapp.demo.loading import load
from examapp.endorsements.models import Outcome, WrittenExaminationRecord
from examapp.endorsements.signing import Signer
from examapp.reporting.pass_records.rows import pass_records
from question_bank.errors import RuleViolation
from question_bank.exam_forms import ExamForm, FormPurpose, spanish_shares
from question_bank.item_kinds import CONTENT_OF, QUESTIONS
from question_bank.item_pool import versions_in_use
from question_bank.items import ItemKind
from question_bank.lint import blocking
from tests.conftest import MORNING
from tests.databases import fresh_database
from tests.demonstration import demo_config
from tests.personas import Personas


def test_the_past_administration_has_every_kind_of_outcome(db: Session) -> None:
    outcomes = Counter(record.outcome for record in pass_records(db))
    assert sum(outcomes.values()) == 24
    assert outcomes[Outcome.NO_SHOW] == outcomes[Outcome.VOID] == 1
    assert outcomes[Outcome.PASS] > outcomes[Outcome.FAIL] > 3


def test_the_sample_bank_is_large_enough_and_breaks_no_rule(db: Session) -> None:
    items = versions_in_use(db, *QUESTIONS)
    vignettes = versions_in_use(db, ItemKind.ESSAY)
    assert len(items) >= 150
    assert len(vignettes) >= 9
    for version in (*items, *vignettes):
        assert not list(blocking(CONTENT_OF[version.item.kind].model_validate(version.content)))


def test_part_two_of_level_3_and_of_the_clinical_track_can_be_read_in_both_languages(db: Session) -> None:
    for form in db.scalars(select(ExamForm)):
        part_one, *readers = spanish_shares(form)
        assert {share.track for share in readers if share.whole} == {None, "clinical"}
        # All of the practice form, so that both parts can be tried in either language.
        assert part_one.whole is (form.purpose is FormPurpose.PRACTICE)


def test_every_kind_of_question_can_be_practised(db: Session) -> None:
    [form] = db.scalars(select(ExamForm).where(ExamForm.purpose == FormPurpose.PRACTICE))
    kinds = Counter(entry.item_version.item.kind for entry in form.part_one)
    assert kinds.keys() == set(QUESTIONS)
    assert len(form.part_one) == 60 and min(kinds.values()) == 2


def test_every_spanish_text_is_of_something_in_the_sample_bank() -> None:
    entries = [entry for name in (*ITEM_FILES, "vignettes") for entry in read(name)]
    assert spanish().keys() <= {entry["ref"] for entry in entries}
    for entry in entries:
        assert len(spanish().get(entry["ref"], entry).get("options", [])) == len(entry.get("options", []))


def test_loading_again_changes_nothing(db: Session) -> None:
    assert load(db, Signer(demo_config()), public_url=demo_config().public_url, at=MORNING) is False


def test_every_signature_is_genuine(db: Session) -> None:
    signer = Signer(demo_config())
    records = db.scalars(select(WrittenExaminationRecord)).all()
    assert records and all(signer.verify(record) for record in records)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_it_refuses_a_database_with_real_people(dialect: str) -> None:
    with fresh_database(dialect) as empty, empty.sessions() as session:
        Personas(session, MORNING).candidate()
        with pytest.raises(RuleViolation, match="real people"):
            load(session, Signer(demo_config()), public_url=demo_config().public_url, at=MORNING)
