"""Review: the table of allowed moves, sign-offs and comments."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.base import Base, enum_type
from question_bank.items import ReviewState


class Move(StrEnum):
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    RETIRE = "retire"


MOVES: dict[tuple[ReviewState, Move], ReviewState] = {
    (ReviewState.DRAFT, Move.SUBMIT): ReviewState.IN_REVIEW,
    (ReviewState.IN_REVIEW, Move.SEND_BACK): ReviewState.SENT_BACK,
    (ReviewState.IN_REVIEW, Move.APPROVE): ReviewState.APPROVED,
    (ReviewState.APPROVED, Move.RETIRE): ReviewState.RETIRED,
}


class ReviewAction(Base):
    """One move of one version, with its comment. Append-only."""

    __tablename__ = "review_action"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    move: Mapped[Move] = mapped_column(enum_type(Move))
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
