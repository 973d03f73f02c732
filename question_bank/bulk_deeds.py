"""One change of many items at once: what it does, what it leaves out and why, and taking it back."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.base import Base, enum_type


class BulkKind(StrEnum):
    TAG = "tag"
    ASSIGN = "assign"
    RETIRE = "retire"


class BulkDeed(Base):
    """What was done together, with what is needed to take it back."""

    __tablename__ = "bulk_deed"
    __table_args__ = (CheckConstraint("undone_at IS NULL OR undone_at >= at", name="undone_after_it"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BulkKind] = mapped_column(enum_type(BulkKind))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime]
    # By the code of each item.
    before: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
