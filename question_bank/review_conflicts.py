"""Conflicts of interest: who is too near to an item to judge it says so."""

from datetime import datetime

from sqlalchemy import ForeignKey, Select, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit
from question_bank.base import Base
from question_bank.errors import RuleViolation
from question_bank.items import Item


class ReviewConflict(Base):
    """One reviewer declares it for one item, for all of its versions. Append-only."""

    __tablename__ = "review_conflict"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("item_id", "reviewer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


def declare(session: Session, item: Item, *, reason: str, by: int, at: datetime) -> ReviewConflict:
    """From now on the reviewer takes no part in judging the item."""
    if by in conflicted(session, item):
        raise RuleViolation("You have declared this already.")
    if not reason.strip():
        raise RuleViolation("Write what the conflict is.")
    conflict = ReviewConflict(item_id=item.id, reviewer_id=by, reason=reason.strip(), at=at)
    session.add(conflict)
    session.flush()
    audit.record(session, "item.conflict_declared", "item", item.code, by=by, at=at, reason=conflict.reason)
    return conflict


def declared(session: Session, item: Item) -> list[ReviewConflict]:
    """Newest first."""
    found = select(ReviewConflict).where(ReviewConflict.item_id == item.id)
    return list(session.scalars(found.order_by(ReviewConflict.id.desc())))


def conflicted(session: Session, item: Item) -> set[int]:
    return set(session.scalars(select(ReviewConflict.reviewer_id).where(ReviewConflict.item_id == item.id)))


def conflicts_of(person: int) -> Select[int]:
    """The ids of the items for which this person has declared one."""
    return select(ReviewConflict.item_id).where(ReviewConflict.reviewer_id == person)
