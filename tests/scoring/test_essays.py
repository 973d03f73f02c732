"""Collecting essays: what counts, what does not, and that nothing leads back to a candidate."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.registration.registrations import void
from examapp.scoring.models import EssayResponse, EssayResponseSource
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests.scoring.exam import Exam, answer, chosen


def collected(db: Session) -> set[tuple[str, str]]:
    return {(essay.item, essay.text) for essay in db.query(EssayResponse)}


def test_each_chosen_essay_becomes_a_text_with_a_random_code(exam: Exam, db: Session) -> None:
    exam.sat(exam.personas.candidate(name="Lucía Baca"))
    assert exam.collect() == 2
    essays = db.query(EssayResponse).order_by(EssayResponse.item).all()
    assert [(essay.item, essay.word_count) for essay in essays] == [("RFV-0001", 6), ("RFV-0002", 6)]
    assert all(essay.code.startswith("E-") and len(essay.code) == 10 for essay in essays)


def test_collecting_twice_adds_nothing(exam: Exam, db: Session) -> None:
    exam.sat()
    assert (exam.collect(), exam.collect()) == (2, 0)
    assert db.query(EssayResponseSource).count() == 2


def test_row_numbers_follow_the_random_codes_and_not_the_candidates(exam: Exam, db: Session) -> None:
    for _ in range(4):
        exam.sat()
    exam.collect()
    codes = [essay.code for essay in db.query(EssayResponse).order_by(EssayResponse.id)]
    assert codes == sorted(codes)


def test_a_prompt_that_was_not_chosen_or_left_blank_is_not_collected(exam: Exam, db: Session) -> None:
    sitting = exam.registered()
    exam.write(sitting, PART_ONE)
    exam.write(
        sitting, PART_TWO,
        chosen("RFV-0001"), answer("RFV-0001", "Mine."), chosen("RFV-0002"), answer("RFV-0002", " \n "),
        answer("RFV-0003", "Only notes."),
    )  # fmt: skip
    assert exam.collect() == 1
    assert collected(db) == {("RFV-0001", "Mine.")}


def test_of_too_many_chosen_the_first_chosen_count(exam: Exam, db: Session) -> None:
    sitting = exam.registered()
    exam.write(sitting, PART_ONE)
    texts = [answer(item, item) for item in ("RFV-0001", "RFV-0002", "RFV-0003")]
    exam.write(sitting, PART_TWO, chosen("RFV-0003"), chosen("RFV-0001"), chosen("RFV-0002"), *texts)
    exam.collect()
    assert {item for item, _ in collected(db)} == {"RFV-0003", "RFV-0001"}


def test_a_choice_taken_back_makes_room(exam: Exam, db: Session) -> None:
    sitting = exam.registered()
    exam.write(sitting, PART_ONE)
    texts = [answer(item, item) for item in ("RFV-0001", "RFV-0002", "RFV-0003")]
    choices = [chosen("RFV-0001"), chosen("RFV-0002"), chosen("RFV-0001", ""), chosen("RFV-0003")]
    exam.write(sitting, PART_TWO, *choices, *texts)
    exam.collect()
    assert {item for item, _ in collected(db)} == {"RFV-0002", "RFV-0003"}


def test_a_written_answer_fills_a_place_that_was_never_chosen(exam: Exam, db: Session) -> None:
    sitting = exam.registered()
    exam.write(sitting, PART_ONE)
    exam.write(sitting, PART_TWO, answer("RFV-0002", "Never ticked."))
    assert exam.collect() == 1
    assert collected(db) == {("RFV-0002", "Never ticked.")}


def test_the_compulsory_vignette_needs_no_choice(exam: Exam, db: Session) -> None:
    sitting = exam.registered(level=4, track="clinical")
    exam.write(sitting, PART_ONE)
    exam.write(sitting, PART_TWO, answer("RFV-0004", "As supervisor."), chosen("RFV-0001"), answer("RFV-0001", "Text."))
    exam.collect()
    assert {item for item, _ in collected(db)} == {"RFV-0004", "RFV-0001"}


def test_nothing_is_collected_while_somebody_still_writes(exam: Exam) -> None:
    exam.sat()
    writing = exam.registered()
    exam.write(writing, PART_ONE, close=False)
    with pytest.raises(RuleViolation, match="1 candidates may still start or write"):
        exam.collect()


def test_nothing_is_collected_while_the_window_lets_somebody_start(exam: Exam) -> None:
    exam.sat()
    exam.registered()
    with pytest.raises(RuleViolation, match="may still start"):
        exam.collect()
    assert exam.collect(at=exam.administration.closes_at) == 2


def test_after_the_window_an_overdue_part_is_closed_and_collected(exam: Exam, db: Session) -> None:
    sitting = exam.registered()
    exam.write(sitting, PART_ONE)
    exam.write(sitting, PART_TWO, chosen("RFV-0001"), answer("RFV-0001", "The last draft."), close=False)
    assert exam.collect(at=exam.administration.closes_at + timedelta(hours=1)) == 1
    assert collected(db) == {("RFV-0001", "The last draft.")}


def test_void_and_withdrawn_registrations_are_left_out(exam: Exam, db: Session) -> None:
    voided = exam.sat()
    void(db, voided, reason="Left the room.", by=exam.chief.id, at=exam.at)
    exam.registered(withdrawn_at=exam.at)
    assert exam.collect() == 0


def test_the_trail_keeps_who_collected_and_no_text(exam: Exam, db: Session) -> None:
    exam.sat()
    exam.collect()
    event = db.query(AuditEvent).filter_by(action="essays.collected").one()
    assert (event.actor_id, event.details) == (exam.chief.id, {"essays": 2})
