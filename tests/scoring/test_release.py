"""The release of results: two people, records in the file, letters, and corrections."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, Role, User, UserRole
from examapp.delivery.paper.entries import TypedSheet, save_draft
from examapp.endorsements.models import Outcome, WrittenExaminationRecord
from examapp.endorsements.signing import Signer, make_key
from examapp.registration.registrations import void
from examapp.scoring import release, results
from examapp.scoring.models import ResultRelease, ScoringRun
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.exam_forms import FormKey, newest_key
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests.personas import Personas
from tests.scoring.exam import COMPETENT, Exam


@pytest.fixture
def signer(app: Flask, tmp_path: Path) -> Signer:
    make_key(app.config["EXAMAPP"])
    return Signer(app.config["EXAMAPP"])


def propose(exam: Exam, run: ScoringRun, by: User | None = None) -> ResultRelease:
    return release.propose(exam.db, run, by=(by or exam.chief).id, at=exam.at)


def confirm(exam: Exam, proposal: ResultRelease, signer: Signer, by: User | None = None) -> int:
    return release.confirm(
        exam.db, proposal, by=(by or exam.second).id, at=exam.at, signer=signer, public_url="http://exam.example.org"
    )


def correct_key(exam: Exam, item: str, key: str) -> None:
    old = newest_key(exam.db, exam.administration.form_sha256)
    items = {**old.keys["items"], item: {**old.keys["items"][item], "key": key}}
    exam.db.add(
        FormKey(
            form_sha256=old.form_sha256, version=old.version + 1, keys={**old.keys, "items": items},
            reason="The key was wrong.", created_at=exam.at,
        )
    )  # fmt: skip


def test_a_release_writes_a_signed_record_for_everybody(exam: Exam, db: Session, signer: Signer) -> None:
    passed, failed, absent = exam.sat(right=5), exam.sat(right=2), exam.registered()
    exam.at = exam.administration.closes_at
    run = exam.scored(COMPETENT)
    assert confirm(exam, propose(exam, run), signer) == 3
    records = {r.registration_id: r for r in db.query(WrittenExaminationRecord)}
    assert [records[s.id].outcome for s in (passed, failed, absent)] == [Outcome.PASS, Outcome.FAIL, Outcome.NO_SHOW]
    assert all(signer.verify(record) for record in records.values())
    record = records[passed.id]
    assert (record.scoring_run_id, record.released_by_id, record.confirmed_by_id) == (
        run.id,
        exam.chief.id,
        exam.second.id,
    )
    assert [(p["part"], p["raw"], p["passed"]) for p in record.parts] == [
        (PART_ONE, "5.0000", True), (PART_TWO, "16.0000", True),
    ]  # fmt: skip
    assert (record.sat_on, records[absent.id].sat_on) == (date(2027, 3, 15), None)


def test_the_letter_is_the_same_whatever_the_outcome_and_tells_no_score(
    exam: Exam, db: Session, signer: Signer
) -> None:
    passed = exam.sat(exam.personas.candidate(name="Ana"), right=5)
    exam.sat(exam.personas.candidate(name="Ana", locale="es"), right=0)
    confirm(exam, propose(exam, exam.scored()), signer)
    letters = {mail.user_id: mail.body for mail in db.query(OutboxMail)}
    assert f"http://exam.example.org/results/{passed.code}" in letters[passed.candidate_id]
    words = " ".join(body.partition("http")[0] for body in letters.values()).lower()
    assert not any(word in words for word in ("pass", "fail", "aprobad", "%", "point", "score"))


def test_the_proposer_cannot_confirm(exam: Exam, db: Session, signer: Signer) -> None:
    exam.sat()
    proposal = propose(exam, exam.scored())
    with pytest.raises(RuleViolation, match="another administrator has to confirm"):
        confirm(exam, proposal, signer, by=exam.chief)
    assert db.query(WrittenExaminationRecord).count() == 0


def test_the_database_too_wants_two_people(exam: Exam, db: Session) -> None:
    exam.sat()
    proposal = propose(exam, exam.scored())
    proposal.confirmed_at, proposal.confirmed_by_id = exam.at, exam.chief.id
    with pytest.raises(IntegrityError):
        db.flush()


def test_nobody_proposes_or_confirms_their_own_result(exam: Exam, signer: Signer) -> None:
    own = exam.sat().candidate
    own.role_rows.append(UserRole(role=Role.ADMINISTRATOR, granted_at=exam.at))
    run = exam.scored()
    with pytest.raises(RuleViolation, match="their own result"):
        propose(exam, run, by=own)
    proposal = propose(exam, run)
    with pytest.raises(RuleViolation, match="their own result"):
        confirm(exam, proposal, signer, by=own)


def test_a_run_with_pending_decisions_is_not_proposed(exam: Exam) -> None:
    exam.sat()
    exam.collect()
    with pytest.raises(RuleViolation, match="1 decisions are pending"):
        propose(exam, exam.score())


def test_nothing_is_released_while_an_answer_sheet_is_being_typed_in(
    exam: Exam, db: Session, signer: Signer, personas: Personas
) -> None:
    exam.sat()
    late, closes_at = exam.registered(), exam.administration.closes_at
    exam.at = closes_at
    proposal = propose(exam, exam.scored())
    sheet = TypedSheet({}, [], closes_at - timedelta(hours=1), closes_at)
    save_draft(db, late, PART_ONE, sheet, by=personas.proctor().id, at=closes_at)
    with pytest.raises(RuleViolation, match="answer sheets of 1 candidates"):
        confirm(exam, proposal, signer)


def test_only_the_newest_run_is_proposed(exam: Exam) -> None:
    exam.sat()
    old = exam.scored()
    exam.score()
    with pytest.raises(RuleViolation, match="newer scoring run"):
        propose(exam, old)


def test_a_run_that_something_has_overtaken_is_not_proposed(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    run = exam.scored()
    void(db, sitting, reason="Found out later.", by=exam.chief.id, at=exam.at + timedelta(seconds=1))
    exam.at += timedelta(minutes=1)
    with pytest.raises(RuleViolation, match=f"changed since run 1 for {sitting.code}"):
        propose(exam, run)


def test_a_second_proposal_waits_for_the_first(exam: Exam) -> None:
    exam.sat()
    run = exam.scored()
    propose(exam, run)
    with pytest.raises(RuleViolation, match="proposed already"):
        propose(exam, run)


def test_a_withdrawn_proposal_cannot_be_confirmed_and_makes_room(exam: Exam, signer: Signer) -> None:
    exam.sat()
    run = exam.scored()
    proposal = propose(exam, run)
    release.withdraw(exam.db, proposal, by=exam.chief.id, at=exam.at)
    with pytest.raises(RuleViolation, match="confirmed or withdrawn"):
        confirm(exam, proposal, signer)
    assert confirm(exam, propose(exam, run), signer) == 1


def test_a_confirmed_release_is_confirmed_once_and_not_withdrawn(exam: Exam, db: Session, signer: Signer) -> None:
    exam.sat()
    proposal = propose(exam, exam.scored())
    confirm(exam, proposal, signer)
    with pytest.raises(RuleViolation):
        confirm(exam, proposal, signer)
    with pytest.raises(RuleViolation):
        release.withdraw(db, proposal, by=exam.chief.id, at=exam.at)
    assert db.query(WrittenExaminationRecord).count() == 1


def test_the_same_results_are_not_released_twice(exam: Exam, signer: Signer) -> None:
    exam.sat()
    run = exam.scored()
    confirm(exam, propose(exam, run), signer)
    with pytest.raises(RuleViolation, match="nothing would change"):
        propose(exam, run)


def test_a_correction_replaces_only_the_records_that_change(exam: Exam, db: Session, signer: Signer) -> None:
    lucky, other = exam.sat(right=3), exam.sat(right=3, essays=())
    other_answers_differ = exam.registered()
    exam.write(other_answers_differ, PART_ONE)
    exam.write(other_answers_differ, PART_TWO)
    confirm(exam, propose(exam, exam.scored()), signer)
    first = db.query(WrittenExaminationRecord).filter_by(registration_id=lucky.id).one()
    correct_key(exam, "TF-0005", "a")
    assert confirm(exam, propose(exam, exam.score()), signer) == 2
    records = db.query(WrittenExaminationRecord).filter_by(registration_id=lucky.id).all()
    assert [(r.outcome, r.replaces_id) for r in records] == [(Outcome.FAIL, None), (Outcome.PASS, first.id)]
    assert db.query(WrittenExaminationRecord).filter_by(registration_id=other.id).count() == 2
    assert db.query(WrittenExaminationRecord).filter_by(registration_id=other_answers_differ.id).count() == 1
    assert db.query(OutboxMail).filter(OutboxMail.subject.startswith("Corrected")).count() == 2


def test_every_step_is_in_the_trail(exam: Exam, db: Session, signer: Signer) -> None:
    exam.sat()
    proposal = propose(exam, exam.scored())
    confirm(exam, proposal, signer)
    deeds = {event.action: event.actor_id for event in db.query(AuditEvent)}
    assert deeds["release.proposed"] == exam.chief.id
    assert deeds["release.confirmed"] == exam.second.id


# What candidates see


def test_a_candidate_sees_nothing_before_the_release(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    propose(exam, exam.scored())
    assert results.results_of_candidate(db, sitting.candidate) == []


def test_a_failed_part_can_be_taken_again_after_the_wait_of_the_policy(exam: Exam, db: Session, signer: Signer) -> None:
    sitting = exam.sat(right=2)
    confirm(exam, propose(exam, exam.scored()), signer)
    (result,) = results.results_of_candidate(db, sitting.candidate)
    assert result.retake is not None
    assert result.record.sat_on is not None
    assert result.retake.first_day == result.record.sat_on + timedelta(days=365)
    assert [part.code for part in result.retake.parts] == [PART_ONE]


def test_the_letter_of_a_pass_names_areas_and_dimensions(exam: Exam, db: Session, signer: Signer) -> None:
    sitting = exam.sat(right=4)
    confirm(exam, propose(exam, exam.scored()), signer)
    result = results.result_of(db, sitting)
    assert result is not None
    assert result.retake is None
    lines = {part.rules.code: [(line.title, line.percent) for line in part.lines] for part in result.parts}
    assert lines == {
        PART_ONE: [("Theoretical Foundations", 80)],
        PART_TWO: [("Insight", 100), ("Planning", 100)],
    }
