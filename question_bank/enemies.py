"""Enemies: two items that never stand on the same form, because one gives the other away or asks the same."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Text, delete, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from question_bank import audit
from question_bank.base import Base
from question_bank.errors import RuleViolation
from question_bank.items import Item


class EnemyPair(Base):
    """Two items, the one begun first named first, and why they may not meet."""

    __tablename__ = "enemy_pair"
    __table_args__ = (CheckConstraint("one_id < other_id", name="in_order"),)

    one_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class Enemy(NamedTuple):
    item: Item
    pair: EnemyPair


def declare(session: Session, one: Item, other: Item, *, reason: str, by: int, at: datetime) -> EnemyPair:
    """From now on the two do not meet on a form that is drawn or sealed; sealed forms stay as they are."""
    reason = reason.strip()
    if one is other:
        raise RuleViolation("An item is no enemy of itself. Name another one.")
    if not reason:
        raise RuleViolation("Write down why the two may not stand on one form.")
    if one.set_code and one.set_code == other.set_code:
        raise RuleViolation("Both belong to one vignette set, which stands on a form as a whole.")
    first, second = sorted((one.id, other.id))
    if session.get(EnemyPair, (first, second)):
        raise RuleViolation("These two are enemies already.")
    pair = EnemyPair(one_id=first, other_id=second, reason=reason, declared_at=at, declared_by_id=by)
    session.add(pair)
    session.flush()
    note(session, "item.enemy_declared", one, other, by=by, at=at)
    return pair


def reconcile(session: Session, one: Item, other: Item, *, by: int, at: datetime) -> None:
    """They may meet again."""
    first, second = sorted((one.id, other.id))
    ended = session.scalar(
        delete(EnemyPair)
        .where(EnemyPair.one_id == first, EnemyPair.other_id == second)
        .returning(EnemyPair.one_id)
        .execution_options(synchronize_session="fetch")
    )
    if ended is None:
        raise RuleViolation("These two are no longer enemies. Reload the page.")
    note(session, "item.enemy_reconciled", one, other, by=by, at=at)


def note(session: Session, action: str, one: Item, other: Item, *, by: int, at: datetime) -> None:
    """In the trail of both."""
    for item, enemy in ((one, other), (other, one)):
        audit.record(session, action, "item", item.code, by=by, at=at, enemy=enemy.code)


def enemies_of(session: Session, item: Item) -> list[Enemy]:
    """In the order of their codes."""
    rows = session.execute(
        select(Item, EnemyPair)
        .join(EnemyPair, or_(EnemyPair.one_id == Item.id, EnemyPair.other_id == Item.id))
        .where(Item.id != item.id, or_(EnemyPair.one_id == item.id, EnemyPair.other_id == item.id))
        .order_by(Item.code)
    )
    return [Enemy(*row) for row in rows]


def enemies_among(session: Session, codes: Collection[str]) -> dict[frozenset[str], str]:
    """The pairs of enemies among these items, each with its reason."""
    one, other = aliased(Item), aliased(Item)
    rows = session.execute(
        select(one.code, other.code, EnemyPair.reason)
        .join(one, one.id == EnemyPair.one_id)
        .join(other, other.id == EnemyPair.other_id)
        .order_by(one.code, other.code)
    )
    pairs, wanted = {frozenset(row[:2]): row[2] for row in rows}, set(codes)
    return {pair: reason for pair, reason in pairs.items() if pair <= wanted}
