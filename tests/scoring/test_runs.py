"""Scoring runs: what they decide, that they never change, and that they can be computed again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.delivery.paper.entries import TypedSheet, save_draft
from examapp.endorsements.models import Outcome, WrittenExaminationRecord
from examapp.registration.models import Registration
from examapp.registration.registrations import void
from examapp.scoring import runs
from examapp.scoring.models import Decision, DecisionOutcome, ItemMark, PartScore, ScoringRun
from question_bank.errors import RuleViolation
from question_bank.exam_forms import FormKey, newest_key
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests.personas import Personas
from tests.scoring.exam import COMPETENT, STRONG, WEAK, Exam, answer

PASS, FAIL, VOID, NO_SHOW, PENDING = DecisionOutcome


def outcome(run: ScoringRun, sitting: Registration, db: Session) -> DecisionOutcome:
    return db.get_one(Decision, (run.id, sitting.id)).outcome


def part(run: ScoringRun, sitting: Registration, code: str, db: Session) -> PartScore:
    return db.get_one(PartScore, (run.id, sitting.id, code))


def numbers(*marks: Decimal) -> list[float]:
    return [float(mark) for mark in marks]


def passed_part_one_before(exam: Exam, candidate_file: int, db: Session, passed: bool = True) -> None:
    """An earlier sitting that failed on Part Two; its record is in the file."""
    before = exam.registered(code="R-BEFORE")
    entry = {"part": PART_ONE, "raw": "4", "maximum": "5", "percent": "80", "cut_percent": "80", "passed": passed}
    db.add(
        WrittenExaminationRecord(
            number="WX-2025-000001", file_id=candidate_file, registration_id=before.id, outcome=Outcome.FAIL,
            parts=[entry], sat_on=date(2025, 3, 1), scoring_run_id=exam.score(at=exam.administration.closes_at).id,
            form_sha256=exam.administration.form_sha256, policy_id=before.policy_id, released_at=exam.at,
            released_by_id=exam.chief.id, confirmed_by_id=exam.second.id, signature="-",
        )
    )  # fmt: skip
    db.flush()


@pytest.mark.parametrize(
    ("right", "levels", "expected"),
    [(4, COMPETENT, PASS), (3, COMPETENT, FAIL), (5, WEAK, FAIL), (5, STRONG, PASS)],
)
def test_a_pass_needs_every_part(
    exam: Exam, db: Session, right: int, levels: dict[str, int], expected: DecisionOutcome
) -> None:
    sitting = exam.sat(right=right)
    assert outcome(exam.scored(levels), sitting, db) == expected


def test_a_long_answer_is_scored_and_kept_as_it_was_typed(exam: Exam, db: Session) -> None:
    sitting = exam.registered()
    exam.write(sitting, PART_ONE, answer("TF-0001", "serve and return " * 20))
    run = exam.score(at=exam.administration.closes_at)
    mark = db.get_one(ItemMark, (run.id, sitting.id, "TF-0001"))
    assert (mark.response, mark.mark) == ("serve and return " * 20, Decimal())


def test_the_score_of_a_part_names_its_cut_and_its_areas(exam: Exam, db: Session) -> None:
    sitting = exam.sat(right=4)
    score = part(exam.scored(), sitting, PART_ONE, db)
    assert numbers(score.raw, score.maximum, score.percent, score.cut_percent) == [4, 5, 80, 80]
    assert score.passed
    assert score.breakdown == [
        {
            "kind": "area", "code": "theoretical-foundations", "title": "Theoretical Foundations",
            "raw": "4.0000", "maximum": "5",
        }
    ]  # fmt: skip


def test_an_essay_part_is_told_by_dimension_and_never_by_essay(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    exam.collect()
    exam.assign()
    for task in exam.tasks():
        exam.rate(task, STRONG)
    score = part(exam.score(), sitting, PART_TWO, db)
    assert numbers(score.raw, score.maximum) == [20, 20]
    assert [(line["title"], line["raw"], line["maximum"]) for line in score.breakdown] == [
        ("Insight", "10.0000", "10"),
        ("Planning", "10.0000", "10"),
    ]


def test_the_mark_of_an_adjudicated_essay_names_every_reading(exam: Exam, db: Session) -> None:
    sitting = exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    first, second = exam.tasks()
    exam.rate(first, STRONG)
    exam.rate(second, WEAK)
    exam.assign(*exam.raters)
    exam.rate(exam.tasks()[-1], COMPETENT)
    mark = db.get_one(ItemMark, (exam.score().id, sitting.id, "RFV-0001"))
    # 10, 3 and 8: the third is closer to the first.
    assert numbers(mark.mark) == [9]
    assert mark.response == first.response.code
    assert mark.evidence["adjudication"] == ["levels_apart", "verdicts_differ"]
    assert [(r["total"], r["counted"]) for r in mark.evidence["readings"]] == [("10", True), ("3", False), ("8", True)]


def test_a_blank_and_an_unchosen_prompt_get_nothing_with_the_reason(exam: Exam, db: Session) -> None:
    sitting = exam.sat(essays=("RFV-0002",))
    run = exam.scored()
    missing = db.get_one(ItemMark, (run.id, sitting.id, "RFV-0001"))
    assert numbers(missing.mark, missing.maximum) == [0, 10]
    assert missing.evidence["missing"] == "not_chosen"
    assert part(run, sitting, PART_TWO, db).maximum == 20


def test_a_part_that_was_never_started_counts_as_unanswered(exam: Exam, db: Session) -> None:
    sitting = exam.registered()
    exam.write(sitting, PART_ONE, answer("TF-0001", "b"))
    run = exam.score(at=exam.administration.closes_at)
    assert outcome(run, sitting, db) == FAIL
    assert part(run, sitting, PART_TWO, db).raw == 0


def test_who_never_started_is_a_no_show_and_who_withdrew_is_left_out(exam: Exam, db: Session) -> None:
    absent, gone = exam.registered(), exam.registered(withdrawn_at=exam.at)
    run = exam.score(at=exam.administration.closes_at)
    assert outcome(run, absent, db) == NO_SHOW
    assert db.get(Decision, (run.id, gone.id)) is None


def test_a_void_sitting_is_void_with_its_reason_and_has_no_score(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    void(db, sitting, reason="Left the room.", by=exam.chief.id, at=exam.at)
    decision = db.get_one(Decision, (exam.score().id, sitting.id))
    assert (decision.outcome, decision.reason) == (VOID, "Left the room.")
    assert db.query(PartScore).count() == 0


def test_decisions_are_pending_while_readings_are_missing(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    exam.collect()
    exam.assign()
    run = exam.score()
    assert outcome(run, sitting, db) == PENDING
    assert part(run, sitting, PART_ONE, db).passed
    assert db.get(PartScore, (run.id, sitting.id, PART_TWO)) is None


def test_a_retake_of_one_part_counts_the_other_from_the_earlier_record(exam: Exam, db: Session) -> None:
    sitting = exam.sat(parts=[PART_TWO])
    exam.collect()
    exam.assign()
    exam.rate_all()
    assert outcome(exam.score(), sitting, db) == PENDING  # nothing says that Part One was passed
    passed_part_one_before(exam, sitting.file_id, db)
    db.expire(sitting.file)
    assert outcome(exam.score(at=exam.administration.closes_at), sitting, db) == PASS


def test_nothing_is_scored_while_an_answer_sheet_is_being_typed_in(exam: Exam, db: Session, personas: Personas) -> None:
    closes_at, proctor = exam.administration.closes_at, personas.proctor()
    sheet = TypedSheet({}, [], closes_at - timedelta(hours=1), closes_at)
    save_draft(db, exam.registered(), PART_ONE, sheet, by=proctor.id, at=closes_at)
    with pytest.raises(RuleViolation, match="answer sheets of 1 candidates"):
        exam.score(at=closes_at)


def test_nothing_is_scored_while_somebody_may_still_write(exam: Exam) -> None:
    exam.write(exam.registered(), PART_ONE, close=False)
    with pytest.raises(RuleViolation, match="may still start or write"):
        exam.score()


def test_an_administration_without_candidates_has_nothing_to_score(exam: Exam) -> None:
    with pytest.raises(RuleViolation, match="Nobody is registered"):
        exam.score(at=exam.administration.closes_at)


def test_the_database_refuses_to_change_a_run(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    run = exam.scored()
    db.get_one(Decision, (run.id, sitting.id)).outcome = FAIL
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_run_can_be_computed_again_even_after_more_has_happened(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    exam.collect()
    exam.assign()
    run = exam.score()
    exam.at += timedelta(hours=1)
    exam.rate_all()
    void(db, sitting, reason="Found out later.", by=exam.chief.id, at=exam.at)
    db.commit()
    db.expire_all()
    assert runs.verify_run(db, exam.administration, run) == []
    assert runs.outdated(db, exam.administration, run, at=exam.at) == [sitting.code]


def test_a_row_that_does_not_follow_from_the_answers_is_found(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    run = exam.score()
    db.add(
        ItemMark(
            run_id=run.id, registration_id=sitting.id, item="XX-0001", part=PART_ONE, response="",
            mark=Decimal(1), maximum=Decimal(1), evidence={},
        )
    )  # fmt: skip
    db.flush()
    assert runs.verify_run(db, exam.administration, run) == [sitting.code]


def test_two_runs_are_compared_after_a_key_was_corrected(exam: Exam, db: Session) -> None:
    lucky, other = exam.sat(right=3), exam.sat(right=5)
    before = exam.scored()
    old = newest_key(db, exam.administration.form_sha256)
    items = {**old.keys["items"], "TF-0005": {**old.keys["items"]["TF-0005"], "key": "a"}}
    db.add(
        FormKey(
            form_sha256=old.form_sha256, version=2, keys={**old.keys, "items": items},
            reason="The key was wrong.", created_at=exam.at,
        )
    )  # fmt: skip
    after = exam.score()
    changes = {change.registration.id: change for change in runs.compare(db, before, after)}
    assert set(changes) == {lucky.id, other.id}
    assert (outcome(before, lucky, db), outcome(after, lucky, db)) == (FAIL, PASS)
    assert runs.verify_run(db, exam.administration, before) == []


def test_the_explanation_has_every_mark_with_its_key(exam: Exam, db: Session) -> None:
    sitting = exam.sat(right=4)
    run = exam.scored()
    explained = runs.explain(db, run, sitting)
    assert explained is not None
    choices = [m for m in explained.marks if m.part == PART_ONE]
    assert "".join(m.response for m in choices) == "bbbba"
    assert numbers(*(m.mark for m in choices)) == [1, 1, 1, 1, 0]
    assert {m.evidence["key"] for m in choices} == {"b"}
