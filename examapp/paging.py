"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Page(Generic[Kind]):
    """Some rows of a list, and where in it they stand."""

    rows: list[Kind]
    page: int
    pages: int
    total: int


def page_of(rows: Sequence[Kind], page: int, size: int = 25) -> Page[Kind]:
    """One page of rows that are all at hand."""
    pages = max(1, -(-len(rows) // size))
    page = min(max(1, page), pages)
    return Page(list(rows[(page - 1) * size : page * size]), page, pages, len(rows))


def paginate(session: Session, query: Select[Any], page: int, size: int = 25) -> Page[Any]:
    """One page of what a query finds; a number beyond the ends gives the nearest page."""
    found = paginate_rows(session, query, page, size)
    return replace(found, rows=[row[0] for row in found.rows])


def paginate_rows(session: Session, query: Select[*tuple[Any, ...]], page: int, size: int = 25) -> Page[Any]:
    """The same for a query of several columns."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = session.execute(query.limit(size).offset((page - 1) * size)).all()
    return Page(list(rows), page, pages, total)
