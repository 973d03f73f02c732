"""Who is asked to review what, and until when. Whoever may review an item still may, asked or not."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, case, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank.base import Base, enum_type
from question_bank.items import ItemVersion, ReviewState


class ReviewStage(StrEnum):
    """The two reviews of a version, by two different people."""

    CONTENT = "content"
    EDITORIAL = "editorial"


STAGES = {ReviewState.CONTENT_REVIEW: ReviewStage.CONTENT, ReviewState.EDITORIAL_REVIEW: ReviewStage.EDITORIAL}
# The review in which a version is; NULL outside of both.
STAGE_NOW = case(STAGES, value=ItemVersion.state)


class ReviewAssignment(Base):
    """One reviewer is asked for one review of one version."""

    __tablename__ = "review_assignment"

    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    stage: Mapped[ReviewStage] = mapped_column(enum_type(ReviewStage), primary_key=True)
    due_on: Mapped[date]
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    assigned_at: Mapped[datetime]


def asked_now(session: Session, versions: Iterable[ItemVersion]) -> dict[int, list[ReviewAssignment]]:
    """Who is asked for the review in which each of these versions is, by its id; the first to be done first."""
    stages = {version.id: STAGES[version.state] for version in versions if version.state in STAGES}
    rows = select(ReviewAssignment).where(ReviewAssignment.item_version_id.in_(stages))
    asked: defaultdict[int, list[ReviewAssignment]] = defaultdict(list)
    for row in session.scalars(rows.order_by(ReviewAssignment.due_on, ReviewAssignment.reviewer_id)):
        if row.stage is stages[row.item_version_id]:
            asked[row.item_version_id].append(row)
    return asked
