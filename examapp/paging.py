"""Long lists, a page at a time."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and where in it they stand."""

    rows: list[Row]
    page: int
    pages: int
    total: int


def paginate(session: Session, query: Select[Any], page: int, size: int = 25) -> Page[Any]:
    """One page of what a query finds; a number beyond the ends gives the nearest page."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = session.scalars(query.limit(size).offset((page - 1) * size)).all()
    return Page(list(rows), page, pages, total)
