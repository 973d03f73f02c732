"""Who is asked to review what, and until when. Whoever may review an item still may, asked or not."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.base import Base, enum_type
from question_bank.items import ReviewState


class ReviewStage(StrEnum):
    """The two reviews of a version, by two different people."""

    CONTENT = "content"
    EDITORIAL = "editorial"


STAGES = {ReviewState.CONTENT_REVIEW: ReviewStage.CONTENT, ReviewState.EDITORIAL_REVIEW: ReviewStage.EDITORIAL}


class ReviewAssignment(Base):
    """One reviewer is asked for one review of one version."""

    __tablename__ = "review_assignment"

    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    stage: Mapped[ReviewStage] = mapped_column(enum_type(ReviewStage), primary_key=True)
    due_on: Mapped[date]
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    assigned_at: Mapped[datetime]
