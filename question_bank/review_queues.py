"""Whose turn it is: what waits for a reviewer, for an author, and for anybody."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from question_bank.assignments import STAGE_NOW, STAGES, ReviewAssignment
from question_bank.base import UTCDateTime
from question_bank.item_search import newest_ids
from question_bank.item_writing import written_by
from question_bank.items import IN_REVIEW, Item, ItemVersion, ReviewState
from question_bank.review import passed_by
from question_bank.review_conflicts import ReviewConflict, conflicts_of


def in_review_for(session: Session, reviewer: int) -> list[ItemVersion]:
    """What waits for this reviewer, in the order of their queue."""
    return list(session.scalars(queue_of(reviewer)))


def queue_of(reviewer: int) -> Select[ItemVersion]:
    """First what the reviewer was asked for, the most urgent first; then the rest, longest waiting first."""
    waiting = queue().where(~closed_to(reviewer))
    return waiting.order_by(None).order_by(*place_in_queue(reviewer))


def place_in_queue(reviewer: int) -> tuple[SQLColumnExpression[Any], ...]:
    due = (
        select(ReviewAssignment.due_on)
        .where(
            ReviewAssignment.item_version_id == ItemVersion.id,
            ReviewAssignment.reviewer_id == reviewer,
            ReviewAssignment.stage == STAGE_NOW,
        )
        .scalar_subquery()
    )
    return func.coalesce(due, date.max), ItemVersion.submitted_at, ItemVersion.id


def count(session: Session, waiting: Select[ItemVersion]) -> int:
    """How many there are, without reading any text."""
    return session.scalar(select(func.count()).select_from(waiting.order_by(None).subquery())) or 0


def closed_to(reviewer: int) -> ColumnElement[bool]:
    """What this reviewer may not review: the rule of ``review.barred``, for all versions at once."""
    second = and_(ItemVersion.state == ReviewState.EDITORIAL_REVIEW, ItemVersion.id.in_(passed_by(reviewer)))
    return or_(ItemVersion.item_id.in_(written_by(reviewer)), ItemVersion.item_id.in_(conflicts_of(reviewer)), second)


def due_dates(session: Session, reviewer: int, versions: Iterable[ItemVersion]) -> dict[int, date]:
    """Until when the reviewer was asked for the review in which these are, by the ids of the versions."""
    stages = {version.id: STAGES.get(version.state) for version in versions}
    asked = select(ReviewAssignment).where(ReviewAssignment.reviewer_id == reviewer)
    found = session.scalars(asked.where(ReviewAssignment.item_version_id.in_(stages)))
    return {entry.item_version_id: entry.due_on for entry in found if entry.stage is stages[entry.item_version_id]}


def asked_reviews(session: Session, reviewer: int) -> list[tuple[str, ReviewAssignment]]:
    """What the reviewer was asked for and has not done, with the codes of the items, the most urgent first."""
    rows = session.execute(
        select(Item.code, ReviewAssignment)
        .join(ItemVersion, ItemVersion.id == ReviewAssignment.item_version_id)
        .join(ItemVersion.item)
        .where(ReviewAssignment.reviewer_id == reviewer, ReviewAssignment.stage == STAGE_NOW, ~closed_to(reviewer))
        .order_by(ReviewAssignment.due_on, Item.code)
    )
    return [(code, assignment) for code, assignment in rows]


def queue() -> Select[ItemVersion]:
    """Everything in review, longest waiting first."""
    return (
        select(ItemVersion)
        .join(ItemVersion.item)
        .options(contains_eager(ItemVersion.item))
        .where(ItemVersion.state.in_(IN_REVIEW))
        .order_by(ItemVersion.submitted_at, ItemVersion.id)
    )


def unasked(people: Collection[int]) -> Select[ItemVersion]:
    """What nobody is asked to review as it stands, longest waiting first. What was passed on waits to be asked anew.

    ``people`` are those who may review at all: who was asked and has left, or has declared a conflict since, does not
    do it.
    """
    conflict = exists().where(
        ReviewConflict.item_id == ItemVersion.item_id, ReviewConflict.reviewer_id == ReviewAssignment.reviewer_id
    )
    asked = exists().where(
        ReviewAssignment.item_version_id == ItemVersion.id,
        ReviewAssignment.stage == STAGE_NOW,
        ReviewAssignment.reviewer_id.in_(people),
        ~conflict.correlate(ItemVersion, ReviewAssignment),
    )
    return queue().where(~asked.correlate(ItemVersion))


def next_for(session: Session, reviewer: int, after: ItemVersion) -> ItemVersion | None:
    """What comes after a version in this reviewer's queue; behind the last one, the first again.

    Ask before a decision is taken: a version that has left the review has lost its place.
    """
    others = queue_of(reviewer).where(ItemVersion.item_id != after.item_id).limit(1)
    day = due_dates(session, reviewer, [after]).get(after.id, date.max)
    place = tuple_(literal(day), literal(after.submitted_at, UTCDateTime()), literal(after.id))
    later = others.where(tuple_(*place_in_queue(reviewer)) > place)
    return session.scalar(later) or session.scalar(others)


def sent_back_to(session: Session, author: int) -> list[ItemVersion]:
    """What came back to this author and has no new version yet, the longest ago first."""
    returned = session.scalars(
        select(ItemVersion)
        .join(ItemVersion.item)
        .options(contains_eager(ItemVersion.item))
        .where(
            ItemVersion.state == ReviewState.SENT_BACK,
            ItemVersion.id.in_(newest_ids()),
            or_(Item.author_id == author, ItemVersion.editor_id == author),
        )
        .order_by(ItemVersion.submitted_at, ItemVersion.id)
    )
    return list(returned)
