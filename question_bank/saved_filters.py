"""Filters of the item list that a person keeps under a name of their own."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit
from question_bank.base import Base
from question_bank.errors import RuleViolation

MOST = 20


class SavedFilter(Base):
    """What one person asks of the list again and again. Nobody else sees it."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(60))
    # As the address of the list says it.
    asked: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


def filters_of(session: Session, owner: int) -> list[SavedFilter]:
    """In the order of their names."""
    return list(session.scalars(select(SavedFilter).where(SavedFilter.owner_id == owner).order_by(SavedFilter.name)))


def keep(session: Session, name: str, asked: dict[str, Any], *, by: int, at: datetime) -> SavedFilter:
    """Keep what was asked under a name; a name that the person used before then stands for this."""
    if not asked:
        raise RuleViolation("Filter the list first: this one shows everything.")
    known = {saved.name: saved for saved in filters_of(session, by)}
    if name not in known and len(known) >= MOST:
        raise RuleViolation("You keep %(most)s filters already. Remove one first.", most=MOST)
    saved = known.get(name) or SavedFilter(owner_id=by, name=name, created_at=at)
    saved.asked = asked
    session.add(saved)
    flush_names(session)
    audit.record(session, "filter.kept", "saved_filter", saved.id, by=by, at=at, name=name)
    return saved


def rename(session: Session, saved: SavedFilter, name: str, *, by: int, at: datetime) -> None:
    if any(other.name == name for other in filters_of(session, by) if other is not saved):
        raise RuleViolation("You have another filter of this name.")
    saved.name = name
    flush_names(session)
    audit.record(session, "filter.renamed", "saved_filter", saved.id, by=by, at=at, name=name)


def flush_names(session: Session) -> None:
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:  # typed twice in the same moment
        raise RuleViolation("You have another filter of this name.") from None


def remove(session: Session, saved: SavedFilter, *, by: int, at: datetime) -> None:
    session.delete(saved)
    session.flush()
    audit.record(session, "filter.removed", "saved_filter", saved.id, by=by, at=at, name=saved.name)
