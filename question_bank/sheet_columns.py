"""What a person said of the columns of a sheet, kept for the next sheet with the same headings."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit
from question_bank.base import Base


class SheetColumns(Base):
    """What one person's sheets with these headings have in their columns. Nobody else sees it."""

    __tablename__ = "sheet_columns"
    __table_args__ = (UniqueConstraint("owner_id", "headings"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    headings: Mapped[str] = mapped_column(String(64))  # a digest of them
    # What the column of each heading is.
    chosen: Mapped[dict[str, Any]]
    chosen_at: Mapped[datetime]


def digest_of(headers: Iterable[Sequence[str]]) -> str:
    return sha256(json.dumps([list(header) for header in headers]).encode()).hexdigest()


def kept(session: Session, headers: Iterable[Sequence[str]], *, owner: int) -> SheetColumns | None:
    asked = select(SheetColumns).where(SheetColumns.owner_id == owner, SheetColumns.headings == digest_of(headers))
    return session.scalar(asked)


def keep(
    session: Session,
    headers: Sequence[Sequence[str]],
    chosen: Mapping[str, str],
    *,
    filename: str,
    by: int,
    at: datetime,
) -> None:
    """Keep what was chosen; what the same person chose for these headings before is forgotten."""
    columns = kept(session, headers, owner=by) or SheetColumns(owner_id=by, headings=digest_of(headers))
    columns.chosen, columns.chosen_at = dict(chosen), at
    session.add(columns)
    audit.record(session, "items.columns_chosen", "item", filename[:60], by=by, at=at)
    session.flush()
