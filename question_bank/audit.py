"""The audit trail: who did what to which thing, written in the transaction of the deed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank.base import Base


class AuditEvent(Base):
    """One deed. Append-only: the database refuses UPDATE and DELETE."""

    __tablename__ = "audit_event"
    __append_only__ = True
    __table_args__ = (Index("ix_audit_event_target", "target_kind", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # None when the system itself acts (set-up, the sweeper) or nobody has signed in yet.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    target_kind: Mapped[str] = mapped_column(String(40))
    target_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]]


def record(
    session: Session, action: str, target_kind: str, target_id: object, *, by: int | None, at: datetime, **details: Any
) -> None:
    """Add one audit row. ``details`` must be JSON-serialisable and hold no answer text and no secret."""
    session.add(AuditEvent(**row(action, target_kind, target_id, by=by, at=at, **details)))


def row(
    action: str, target_kind: str, target_id: object, *, by: int | None, at: datetime, **details: Any
) -> dict[str, Any]:
    """The same, for who writes it in a statement of their own."""
    return {
        "at": at,
        "actor_id": by,
        "action": action,
        "target_kind": target_kind,
        "target_id": str(target_id),
        "details": details,
    }
