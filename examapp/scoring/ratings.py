"""A rater's own readings: what to read, the draft, the lock. Blind: nothing here leads to a candidate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examapp.scoring.assignment import after_lock
from examapp.scoring.models import RatingTask
from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.exam_forms import key_document, newest_key, sealed_document
from question_bank.item_kinds import Rubric
from question_bank.sealed_documents import SealedEssay
from question_bank.translations import SPANISH

COMMENT_LIMIT = 4000


class StaleReading(RuleViolation):
    """The page that saves was built on an older draft than the one that is kept."""


@dataclass(frozen=True)
class MyReadings:
    """The readings of one rater, by code: the codes are random, so the order says nothing."""

    waiting: list[RatingTask]
    finished: list[RatingTask]


def readings_of_rater(session: Session, rater_id: int) -> MyReadings:
    tasks = session.scalars(select(RatingTask).where(RatingTask.rater_id == rater_id).order_by(RatingTask.code)).all()
    return MyReadings([t for t in tasks if t.locked_at is None], [t for t in tasks if t.locked_at is not None])


def reading_coded(session: Session, code: str, rater_id: int) -> RatingTask | None:
    """The rater's own task of this code; None for anybody else's."""
    return session.scalar(select(RatingTask).where(RatingTask.code == code, RatingTask.rater_id == rater_id))


def essay_of(session: Session, task: RatingTask) -> SealedEssay:
    """The vignette and prompt that the essay answers."""
    return sealed_document(session, task.response.form_sha256).essays[task.response.item]


def language_of(session: Session, task: RatingTask) -> str:
    return sealed_document(session, task.response.form_sha256).language


def spanish_of(session: Session, task: RatingTask) -> dict[str, str] | None:
    """The vignette and prompt in Spanish, by place, when the form has them."""
    translations = sealed_document(session, task.response.form_sha256).translations
    return translations.get(SPANISH, {}).get(task.response.item)


def rubric_of(session: Session, task: RatingTask) -> Rubric:
    return key_document(newest_key(session, task.response.form_sha256)).essays[task.response.item].rubric


def dimensions_left(task: RatingTask, rubric: Rubric) -> list[str]:
    """Titles of the dimensions that have no level yet."""
    return [dimension.title for dimension in rubric.dimensions if dimension.code not in task.levels]


def save_draft(
    session: Session,
    task: RatingTask,
    *,
    levels: Mapping[str, int],
    comment: str,
    seen: datetime | None,
    at: datetime,
) -> None:
    """Keep a draft. ``seen`` is the save that the page was built on: a page left open elsewhere overwrites nothing."""
    rubric = rubric_of(session, task)
    allowed = {dimension.code: {level.level for level in dimension.levels} for dimension in rubric.dimensions}
    if any(level not in allowed.get(code, ()) for code, level in levels.items()):
        raise RuleViolation("This rubric has no such level. Reload the page and choose again.")
    if len(comment) > COMMENT_LIMIT:
        raise RuleViolation("The comment is longer than %(limit)s characters. Shorten it.", limit=COMMENT_LIMIT)
    if task.locked_at is None and (task.levels, task.comment) == (dict(levels), comment):
        return  # the same once more: the receipt of the first time was lost on its way
    change(session, task, seen, levels=dict(levels), comment=comment, saved_at=at)


def lock(session: Session, task: RatingTask, *, seen: datetime | None, at: datetime) -> None:
    """Make the reading final. Where two locked readings do not stand by themselves, a third rater gets the essay."""
    left = dimensions_left(task, rubric_of(session, task))
    if left:
        raise RuleViolation("Choose a level in every dimension before locking: %(titles)s.", titles=", ".join(left))
    change(session, task, seen, locked_at=at)
    audit.record(session, "reading.locked", "rating_task", task.code, by=task.rater_id, at=at, reading=task.reading)
    session.flush()
    after_lock(session, task.response, at=at)


def change(session: Session, task: RatingTask, seen: datetime | None, **values: object) -> None:
    """Write to a task that is not locked and stands as the page last saw it."""
    same = RatingTask.saved_at.is_(None) if seen is None else RatingTask.saved_at == seen
    changed = session.execute(
        update(RatingTask)
        .where(RatingTask.id == task.id, RatingTask.locked_at.is_(None), same)
        .values(**values)
        .returning(RatingTask.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.refresh(task)
    if changed is None and task.locked_at:
        raise RuleViolation("This reading is locked; nothing in it changes any more.")
    if changed is None:
        raise StaleReading(_("This reading was saved in another window since. Reload the page to see it."))
