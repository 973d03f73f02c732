"""Who gets which essay: two people each, evenly, and nobody who knows the candidate."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, UserRole
from examapp.endorsements.models import ComponentRecord, ComponentState
from examapp.registration.models import Registration
from examapp.scoring import assignment, conflicts
from examapp.scoring.models import EssayResponse, RaterConflict, RatingTask
from question_bank.errors import RuleViolation
from tests.scoring.exam import COMPETENT, STRONG, WEAK, Exam


def reviewed_by(exam: Exam, sitting: Registration, **values: object) -> None:
    exam.db.add(
        ComponentRecord(
            file_id=sitting.file_id, requirement="portfolio-review-2", state=ComponentState.MET, evidence="",
            recorded_at=exam.at, **{"verified_by": "Somebody", **values},
        )
    )  # fmt: skip
    exam.db.flush()


def knows(exam: Exam, rater_id: int, sitting: Registration) -> None:
    conflicts.note_conflict(exam.db, rater_id, sitting.candidate_id, reason="Same office", by=exam.chief.id, at=exam.at)


def readers(exam: Exam) -> set[int]:
    return {task.rater_id for task in exam.tasks()}


def test_every_essay_gets_two_different_raters_and_the_load_is_even(exam: Exam) -> None:
    for _ in range(3):
        exam.sat()
    exam.collect()
    assert exam.assign() == 12
    tasks = exam.tasks()
    assert len({(task.essay_response_id, task.rater_id) for task in tasks}) == 12
    assert set(Counter(task.rater_id for task in tasks).values()) == {4}


def test_assigning_again_adds_nothing(exam: Exam) -> None:
    exam.sat()
    exam.collect()
    assert (exam.assign(), exam.assign()) == (4, 0)


def test_a_rater_with_a_declared_conflict_does_not_get_the_essay(exam: Exam) -> None:
    sitting = exam.sat()
    knows(exam, exam.raters[0].id, sitting)
    exam.collect()
    exam.assign()
    assert readers(exam) == {exam.raters[1].id, exam.raters[2].id}


@pytest.mark.parametrize("known_by", ["account", "name"])
def test_a_portfolio_reviewer_does_not_rate_the_same_person(exam: Exam, known_by: str) -> None:
    sitting, reviewer = exam.sat(), exam.raters[0]
    reviewed_by(
        exam, sitting, **({"verifier_id": reviewer.id} if known_by == "account" else {"verified_by": reviewer.name})
    )
    exam.collect()
    exam.assign()
    assert reviewer.id not in readers(exam)


def test_nobody_rates_their_own_essay(exam: Exam) -> None:
    both = exam.personas.candidate()
    exam.sat(both)
    # Who works on the examination does not sit it; a role that is given afterwards changes nothing.
    both.role_rows.append(UserRole(role=Role.RATER, granted_at=both.created_at))
    exam.collect()
    exam.assign(both, *exam.raters[:2])
    assert both.id not in readers(exam)


def test_too_few_raters_are_named_and_nothing_is_assigned(exam: Exam, db: Session) -> None:
    sitting = exam.sat(essays=("RFV-0001",))
    knows(exam, exam.raters[0].id, sitting)
    exam.collect()
    db.commit()
    code = db.query(EssayResponse).one().code
    with pytest.raises(RuleViolation, match=f"Too few raters for 1 readings, of {code}. Each essay needs 2"):
        exam.assign(exam.raters[0], exam.raters[1])
    db.rollback()
    assert exam.tasks() == []


def test_only_active_raters_are_given_essays(exam: Exam) -> None:
    exam.sat()
    exam.collect()
    with pytest.raises(RuleViolation, match="is not an active rater"):
        exam.assign(exam.raters[0], exam.personas.author())
    with pytest.raises(RuleViolation, match="is not an active rater"):
        exam.assign(exam.raters[0], exam.personas.rater(deactivated_at=exam.at))


def test_the_database_refuses_the_same_rater_twice_on_one_essay(exam: Exam, db: Session) -> None:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign()
    first, second = exam.tasks()
    second.rater_id = first.rater_id
    with pytest.raises(IntegrityError):
        db.flush()


def test_two_readings_that_disagree_go_to_a_third_rater(exam: Exam) -> None:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign()
    # The third rater is at work in this administration because of somebody else's essay.
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(exam.raters[2], exam.raters[0])
    first, second = exam.tasks(response=exam.tasks(rater=exam.raters[1])[0].response)
    exam.rate(first, STRONG)
    assert len(exam.tasks(response=first.response)) == 2
    exam.rate(second, WEAK)
    third = exam.tasks(response=first.response)[-1]
    assert (third.reading, third.rater_id) == (3, exam.raters[2].id)


def test_two_readings_that_agree_far_from_the_cut_stand(exam: Exam) -> None:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign()
    for task in exam.tasks():
        exam.rate(task, STRONG)
    assert len(exam.tasks()) == 2


def test_without_a_third_rater_at_work_the_administrator_assigns_one(exam: Exam) -> None:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    for task in exam.tasks():
        exam.rate(task, COMPETENT)  # exactly the cut
    assert len(exam.tasks()) == 2
    with pytest.raises(RuleViolation, match="Each essay needs 3 different raters"):
        exam.assign(*exam.raters[:2])
    assert exam.assign(*exam.raters) == 1


def test_a_reading_can_be_given_to_somebody_else_who_starts_afresh(exam: Exam) -> None:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    old = exam.tasks(rater=exam.raters[0])[0]
    old_code = old.code
    new = assignment.reassign(exam.db, old, exam.raters[2], by=exam.chief.id, at=exam.at)
    assert (new.rater_id, new.reading, new.levels) == (exam.raters[2].id, 1, {})
    assert new.code != old_code
    assert exam.tasks(rater=exam.raters[0]) == []


def test_a_locked_reading_stays_with_its_rater(exam: Exam) -> None:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    task = exam.tasks()[0]
    exam.rate(task, STRONG)
    with pytest.raises(RuleViolation, match="is locked"):
        assignment.reassign(exam.db, task, exam.raters[2], by=exam.chief.id, at=exam.at)


@pytest.mark.parametrize("who", ["same", "other reading", "conflict"])
def test_a_reading_is_not_given_to_somebody_who_may_not_have_it(exam: Exam, who: str) -> None:
    sitting = exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    knows(exam, exam.raters[2].id, sitting)
    first, second = exam.tasks()
    wanted = {"same": first.rater_id, "other reading": second.rater_id, "conflict": exam.raters[2].id}[who]
    rater = next(person for person in exam.raters if person.id == wanted)
    with pytest.raises(RuleViolation, match=rater.name):
        assignment.reassign(exam.db, first, rater, by=exam.chief.id, at=exam.at)


def test_who_recognises_a_candidate_gives_back_every_essay_of_theirs(exam: Exam, db: Session) -> None:
    sitting, other = exam.sat(), exam.sat()
    exam.collect()
    exam.assign(*exam.raters[:2])
    exam.sat()
    exam.collect()
    exam.assign(exam.raters[2], exam.raters[0])
    rater = exam.raters[1]
    mine = [t for t in exam.tasks(rater=rater) if assignment.candidate_of(db, t.response) == sitting.candidate_id]
    assignment.recuse(db, mine[0], reason="We share an office.", at=exam.at)
    left = {assignment.candidate_of(db, task.response) for task in exam.tasks(rater=rater)}
    assert left == {other.candidate_id}
    assert db.get_one(RaterConflict, (rater.id, sitting.candidate_id)).declared_by_id == rater.id
    assert len(exam.tasks(rater=exam.raters[2])) == 4


def test_a_reading_nobody_else_may_take_waits_for_the_administrator(exam: Exam, db: Session) -> None:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    task = exam.tasks()[0]
    assignment.recuse(db, task, reason="My student.", at=exam.at)
    assert len(exam.tasks()) == 1
    assert exam.assign(*exam.raters) == 1


def test_a_conflict_is_declared_once_and_can_be_taken_back(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    knows(exam, exam.raters[0].id, sitting)
    with pytest.raises(RuleViolation, match="declared already"):
        knows(exam, exam.raters[0].id, sitting)
    ((conflict, rater, candidate),) = conflicts.conflicts(db)
    assert (rater.id, candidate.id) == (exam.raters[0].id, sitting.candidate_id)
    conflicts.remove_conflict(db, conflict, by=exam.chief.id, at=exam.at)
    assert conflicts.conflicts(db) == []


def test_an_essay_of_a_void_registration_asks_for_no_raters(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    exam.collect()
    sitting.voided_at, sitting.void_reason = exam.at - timedelta(seconds=1), "Left the room."
    db.flush()
    assert exam.assign() == 0
    assert db.query(RatingTask).count() == 0
