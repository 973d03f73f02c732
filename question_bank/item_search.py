"""Finding items: the list of the bank, and how many there are of what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Text, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from question_bank import full_text
from question_bank.exam_forms.models import FormEntry
from question_bank.item_kinds import OPTION_IDS, PREMISE_IDS
from question_bank.items import CognitiveLevel, Item, ItemKind, ItemTerm, ItemVersion, ReviewState
from question_bank.translations import SPANISH

PAGE_SIZE = 25
RANKED = 5_000  # words that more items have tell little about any of them, and ranking all takes longest
TRANSLATED = ("title", "stem", "stimulus", "prompt")


class SpanishState(StrEnum):
    """Whether an item has a Spanish text, and one whose English has not changed since."""

    WRITTEN = "written"
    OUTDATED = "outdated"
    NONE = "none"


@dataclass(frozen=True)
class ItemFilter:
    """What the reader of the list asks for; empty fields ask for nothing."""

    words: str = ""
    state: ReviewState | None = None
    area: str = ""
    level: int | None = None
    kind: ItemKind | None = None
    # An area and one of its terms: areas may use the same code.
    term: tuple[str, str] | None = None
    track: str = ""
    responsibility_code: str = ""
    competency: str = ""
    cognitive_level: CognitiveLevel | None = None
    author: int | None = None
    sample: bool | None = None
    spanish: SpanishState | None = None
    used: bool | None = None


@dataclass(frozen=True)
class ItemPage:
    """One page of the list: the latest version of each item."""

    versions: list[ItemVersion]
    page: int
    pages: int
    total: int


NEWEST_FIRST = (ItemVersion.updated_at.desc(), ItemVersion.id.desc())


def find_items(session: Session, wanted: ItemFilter, page: int) -> ItemPage:
    """The items that match, by their latest version: the best match first, or else the last changed."""
    matching, best = narrowed(session, wanted, select(ItemVersion.id))
    if best:
        first, total = first_page(session, matching)
    else:
        first, total = [], session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    if first and page == 1 and total > RANKED:
        return ItemPage(loaded(session, first), page, pages, total)
    order = best if total <= RANKED else []
    ordered = matching.order_by(*order, *NEWEST_FIRST)
    ids = session.scalars(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return ItemPage(loaded(session, ids), page, pages, total)


def first_page(session: Session, matching: Select[Any]) -> tuple[list[int], int]:
    """The last changed, and how many there are, in one go: looking for words costs more than all the rest."""
    rows = session.execute(matching.add_columns(func.count().over()).order_by(*NEWEST_FIRST).limit(PAGE_SIZE)).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def loaded(session: Session, ids: Sequence[int]) -> list[ItemVersion]:
    """These versions in this order, with what a list shows of them."""
    found = session.scalars(
        select(ItemVersion)
        .where(ItemVersion.id.in_(ids))
        .options(joinedload(ItemVersion.item).selectinload(Item.versions), selectinload(ItemVersion.term_rows))
    )
    versions = {version.id: version for version in found}
    return [versions[id_] for id_ in ids]


def all_items(session: Session, wanted: ItemFilter, limit: int | None = None) -> list[ItemVersion]:
    """All items that match, by their latest version, in the order of their codes; no more than a limit."""
    everything = select(ItemVersion).join(ItemVersion.item)
    matching, _best = narrowed(session, wanted, everything)
    loading = (contains_eager(ItemVersion.item), selectinload(ItemVersion.term_rows))
    return list(session.scalars(matching.options(*loading).order_by(Item.code).limit(limit)))


def narrowed(
    session: Session, wanted: ItemFilter, statement: Select[Any]
) -> tuple[Select[Any], list[SQLColumnExpression[Any]]]:
    """A statement about versions, narrowed to the latest that match; and what orders them by words."""
    statement = statement.where(is_latest(), *conditions(wanted))
    if not wanted.words:
        return statement, []
    found, best = full_text.matching(statement, full_text.asked(wanted.words), session.get_bind().dialect.name)
    return found, [best]


def is_latest() -> ColumnElement[bool]:
    """No newer version: asked of each row by the index, which is quicker than finding the newest of every item."""
    newer = aliased(ItemVersion)
    return ~exists().where(newer.item_id == ItemVersion.item_id, newer.number > ItemVersion.number)


def newest_ids() -> Select[int]:
    return select(func.max(ItemVersion.id)).group_by(ItemVersion.item_id)


def latest_versions() -> Select[ItemVersion]:
    return select(ItemVersion).join(ItemVersion.item).where(is_latest())


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
    """What a filter asks besides words."""
    found = [column == value for column, value in columns(wanted) if value not in (None, "")]
    of_items = [column == value for column, value in item_columns(wanted) if value is not None]
    if of_items:
        found.append(ItemVersion.item_id.in_(select(Item.id).where(*of_items)))
    # Lists of codes are short and stored as JSON, so a code between its quotation marks is this one and no other.
    listed = ((ItemVersion.tracks, wanted.track), (ItemVersion.responsibility_codes, wanted.responsibility_code))
    found += [cast(column, Text).contains(f'"{code}"', autoescape=True) for column, code in listed if code]
    if wanted.level is not None:
        # Levels are single digits.
        found.append(cast(ItemVersion.levels, Text).contains(str(wanted.level)))
    if wanted.term:
        area, term = wanted.term
        tagged = select(ItemTerm.item_version_id).where(ItemTerm.term == term)
        found += [ItemVersion.area == area, ItemVersion.id.in_(tagged)]
    if wanted.spanish:
        found.append(SPANISH_STATES[wanted.spanish])
    if wanted.used is not None:
        used = select(ItemVersion.item_id).where(ItemVersion.id.in_(select(FormEntry.item_version_id)))
        found.append(ItemVersion.item_id.in_(used) if wanted.used else ItemVersion.item_id.not_in(used))
    return found


def columns(wanted: ItemFilter) -> Iterable[tuple[Any, Any]]:
    return (
        (ItemVersion.state, wanted.state),
        (ItemVersion.area, wanted.area),
        (ItemVersion.competency, wanted.competency),
        (ItemVersion.cognitive_level, wanted.cognitive_level),
    )


def item_columns(wanted: ItemFilter) -> Iterable[tuple[Any, Any]]:
    return ((Item.kind, wanted.kind), (Item.author_id, wanted.author), (Item.is_sample, wanted.sample))


def outdated() -> ColumnElement[bool]:
    """Some Spanish text was made from another English: the rule of ``translations.outdated`` in SQL.

    Options and premises stand in the order of their ids, which are the places of their translations.
    """
    content = ItemVersion.content
    english = {place: content[place].as_string() for place in TRANSLATED if place != "title"}
    english["title"] = ItemVersion.title
    english |= {id_: content[("options", row, "text")].as_string() for row, id_ in enumerate(OPTION_IDS)}
    english |= {id_: content[("premises", row, "text")].as_string() for row, id_ in enumerate(PREMISE_IDS)}
    return or_(
        *(
            and_(
                func.trim(content[("translations", SPANISH, "texts", place)].as_string()) != "",
                content[("translations", SPANISH, "of", place)].as_string().is_distinct_from(text),
            )
            for place, text in english.items()
        )
    )


SPANISH_TEXTS = ItemVersion.content[("translations", SPANISH, "texts")].as_string()
SPANISH_STATES: dict[SpanishState, ColumnElement[bool]] = {
    SpanishState.WRITTEN: SPANISH_TEXTS.is_not(None),
    SpanishState.NONE: SPANISH_TEXTS.is_(None),
    SpanishState.OUTDATED: and_(SPANISH_TEXTS.is_not(None), outdated()),
}


def authors(session: Session) -> list[int]:
    """Everybody who began an item."""
    return list(session.scalars(select(Item.author_id).distinct()))


def count_by_area(session: Session) -> dict[tuple[str | None, ReviewState], int]:
    """How many items each area has in each state, by their latest version."""
    rows = session.execute(
        select(ItemVersion.area, ItemVersion.state, func.count())
        .where(is_latest())
        .group_by(ItemVersion.area, ItemVersion.state)
    )
    return {(area, state): count for area, state, count in rows}
