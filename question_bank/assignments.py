"""Who is asked to review what, and until when. Whoever may review an item still may, asked or not."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.base import Base


class ReviewAssignment(Base):
    """One reviewer is asked for one version."""

    __tablename__ = "review_assignment"

    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    due_on: Mapped[date]
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    assigned_at: Mapped[datetime]
