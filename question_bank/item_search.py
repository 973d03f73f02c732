"""Finding items: the list of the bank, and how many there are of what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from question_bank.translations import SPANISH

PAGE_SIZE = 25
SPANISH_TEXTS = ("translations", SPANISH, "texts")


@dataclass(frozen=True)
class ItemFilter:
    """What the reader of the list asks for; empty fields ask for nothing."""

    words: str = ""
    state: ReviewState | None = None
    area: str = ""
    level: int | None = None
    kind: ItemKind | None = None


@dataclass(frozen=True)
class ItemPage:
    """One page of the list: the latest version of each item."""

    versions: list[ItemVersion]
    page: int
    pages: int
    total: int


def find_items(session: Session, wanted: ItemFilter, page: int) -> ItemPage:
    """The items that match, by their latest version, the last changed first."""
    matching = latest_versions().where(*conditions(wanted))
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    versions = session.scalars(
        matching.options(joinedload(ItemVersion.item).selectinload(Item.versions), selectinload(ItemVersion.term_rows))
        .order_by(ItemVersion.updated_at.desc(), ItemVersion.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return ItemPage(list(versions), page, pages, total)


def all_items(session: Session, wanted: ItemFilter) -> list[ItemVersion]:
    """All items that match, by their latest version, in the order of their codes."""
    matching = latest_versions().options(contains_eager(ItemVersion.item), selectinload(ItemVersion.term_rows))
    return list(session.scalars(matching.where(*conditions(wanted)).order_by(Item.code)))


def newest_ids() -> Select[int]:
    return select(func.max(ItemVersion.id)).group_by(ItemVersion.item_id)


def latest_versions() -> Select[ItemVersion]:
    return select(ItemVersion).join(ItemVersion.item).where(ItemVersion.id.in_(newest_ids()))


def by_codes(codes: Iterable[str]) -> Select[ItemVersion]:
    """The latest versions of these items."""
    return latest_versions().options(contains_eager(ItemVersion.item)).where(Item.code.in_(codes)).order_by(Item.code)


def imported(author: int, moment: datetime) -> Select[ItemVersion]:
    """The latest versions of what this author imported at one moment; all of an import is begun in the same."""
    return (
        latest_versions()
        .options(contains_eager(ItemVersion.item))
        .where(Item.author_id == author, Item.created_at == moment)
        .order_by(Item.id)
    )


def conditions(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        texts = (
            Item.code,
            ItemVersion.title,
            *(ItemVersion.content[p].as_string() for p in ("stem", "stimulus", "prompt")),
            *(ItemVersion.content[(*SPANISH_TEXTS, p)].as_string() for p in ("title", "stem", "stimulus", "prompt")),
        )
        found.append(or_(*(text.icontains(wanted.words, autoescape=True) for text in texts)))
    if wanted.state:
        found.append(ItemVersion.state == wanted.state)
    if wanted.area:
        found.append(ItemVersion.area == wanted.area)
    if wanted.kind:
        found.append(Item.kind == wanted.kind)
    if wanted.level is not None:
        # Levels are single digits in a short JSON list.
        found.append(cast(ItemVersion.levels, Text).contains(str(wanted.level)))
    return found


def count_by_area(session: Session) -> dict[tuple[str | None, ReviewState], int]:
    """How many items each area has in each state, by their latest version."""
    rows = session.execute(
        select(ItemVersion.area, ItemVersion.state, func.count())
        .where(ItemVersion.id.in_(newest_ids()))
        .group_by(ItemVersion.area, ItemVersion.state)
    )
    return {(area, state): count for area, state, count in rows}
