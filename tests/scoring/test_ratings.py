"""A rater's drafts and locks."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.scoring import ratings
from examapp.scoring.models import RatingTask
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from tests.scoring.exam import COMPETENT, STRONG, Exam


@pytest.fixture
def task(exam: Exam) -> RatingTask:
    """One of two readings of the only essay."""
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    return exam.tasks()[0]


def save(exam: Exam, task: RatingTask, levels: dict[str, int], comment: str = "") -> None:
    ratings.save_draft(exam.db, task, levels=levels, comment=comment, seen=task.saved_at, at=exam.at)


def test_a_draft_keeps_what_is_chosen_so_far(exam: Exam, task: RatingTask) -> None:
    save(exam, task, {"insight": 2}, "Thoughtful, thin on safety.")
    assert (task.levels, task.comment, task.saved_at) == ({"insight": 2}, "Thoughtful, thin on safety.", exam.at)
    assert ratings.dimensions_left(task, ratings.rubric_of(exam.db, task)) == ["Planning"]


@pytest.mark.parametrize("levels", [{"insight": 5}, {"insight": 0}, {"wisdom": 3}])
def test_a_level_the_rubric_does_not_have_is_refused(exam: Exam, task: RatingTask, levels: dict[str, int]) -> None:
    with pytest.raises(RuleViolation, match="no such level"):
        save(exam, task, levels)


def test_a_comment_has_a_limit(exam: Exam, task: RatingTask) -> None:
    with pytest.raises(RuleViolation, match="longer than 4000"):
        save(exam, task, {}, "x" * 4001)


def test_a_page_that_was_left_open_overwrites_nothing(exam: Exam, task: RatingTask) -> None:
    save(exam, task, COMPETENT)
    with pytest.raises(RuleViolation, match="another window"):
        ratings.save_draft(exam.db, task, levels={}, comment="", seen=None, at=exam.at + timedelta(minutes=1))
    assert task.levels == COMPETENT


def test_every_dimension_needs_a_level_before_the_lock(exam: Exam, task: RatingTask) -> None:
    save(exam, task, {"insight": 2})
    with pytest.raises(RuleViolation, match="Planning"):
        ratings.lock(exam.db, task, seen=task.saved_at, at=exam.at)


def test_a_lock_must_have_seen_the_newest_draft(exam: Exam, task: RatingTask) -> None:
    save(exam, task, STRONG)
    with pytest.raises(RuleViolation, match="another window"):
        ratings.lock(exam.db, task, seen=exam.at - timedelta(minutes=1), at=exam.at)


def test_nothing_changes_after_the_lock(exam: Exam, task: RatingTask, db: Session) -> None:
    exam.rate(task, STRONG)
    with pytest.raises(RuleViolation, match="locked"):
        save(exam, task, COMPETENT)
    with pytest.raises(RuleViolation, match="locked"):
        ratings.lock(exam.db, task, seen=task.saved_at, at=exam.at)
    assert task.levels == STRONG
    event = db.query(AuditEvent).filter_by(action="reading.locked").one()
    assert (event.actor_id, event.target_id) == (task.rater_id, task.code)


def test_the_database_keeps_the_time_of_the_lock(exam: Exam, task: RatingTask, db: Session) -> None:
    exam.rate(task, STRONG)
    task.locked_at = exam.at + timedelta(days=1)
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_rater_finds_only_their_own_readings(exam: Exam, task: RatingTask) -> None:
    other = next(t for t in exam.tasks() if t.rater_id != task.rater_id)
    assert ratings.reading_coded(exam.db, task.code, task.rater_id) is task
    assert ratings.reading_coded(exam.db, other.code, task.rater_id) is None
    mine = ratings.readings_of_rater(exam.db, task.rater_id)
    assert (mine.waiting, mine.finished) == ([task], [])


def test_a_locked_reading_moves_to_the_finished_ones(exam: Exam, task: RatingTask) -> None:
    exam.rate(task, STRONG)
    mine = ratings.readings_of_rater(exam.db, task.rater_id)
    assert (mine.waiting, mine.finished) == ([], [task])
