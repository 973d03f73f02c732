"""The board: every item by the state of its latest version, what waits for its reader first, then the longest there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from question_bank.assignments import STAGE_NOW, ReviewAssignment
from question_bank.item_search import is_latest
from question_bank.items import Item, ItemVersion, ReviewState
from question_bank.review import ReviewAction
from question_bank.review_queues import closed_to

COLUMNS = (
    ReviewState.DRAFT,
    ReviewState.CONTENT_REVIEW,
    ReviewState.EDITORIAL_REVIEW,
    ReviewState.SENT_BACK,
    ReviewState.APPROVED,
    ReviewState.PRETEST,
    ReviewState.OPERATIONAL,
)
PLACES = {state: place for place, state in enumerate(COLUMNS)}
# So many cards of each column; the list has them all.
SHOWN = 20


@dataclass(frozen=True)
class BoardFilter:
    """What the reader of the board asks for; empty fields ask for nothing."""

    state: ReviewState | None = None
    area: str = ""
    reviewer: int | None = None
    # In its state since before this moment.
    before: datetime | None = None


@dataclass(frozen=True)
class Card:
    version: ItemVersion
    since: datetime
    is_mine: bool


# Since when a version is in its state: its last step, or its beginning.
SINCE = func.coalesce(
    select(func.max(ReviewAction.at)).where(ReviewAction.item_version_id == ItemVersion.id).scalar_subquery(),
    ItemVersion.created_at,
)


def asked_of(person: int) -> ColumnElement[bool]:
    """This person is asked for the review in which the version is."""
    return exists().where(
        ReviewAssignment.item_version_id == ItemVersion.id,
        ReviewAssignment.reviewer_id == person,
        ReviewAssignment.stage == STAGE_NOW,
    )


def waits_for(person: int) -> ColumnElement[bool]:
    """What this person was asked to review and may, and what was sent back to them."""
    wrote = or_(Item.author_id == person, ItemVersion.editor_id == person)
    sent_back = and_(ItemVersion.state == ReviewState.SENT_BACK, wrote)
    return or_(and_(asked_of(person), ~closed_to(person)), sent_back)


def conditions(wanted: BoardFilter) -> list[ColumnElement[bool]]:
    found = [is_latest(), ItemVersion.state.in_([wanted.state] if wanted.state else COLUMNS)]
    if wanted.area:
        found.append(ItemVersion.area == wanted.area)
    if wanted.reviewer is not None:
        found.append(asked_of(wanted.reviewer))
    if wanted.before:
        found.append(wanted.before > SINCE)
    return found


def count_columns(session: Session, wanted: BoardFilter) -> dict[ReviewState, int]:
    """How many items each column has, those without any too."""
    rows = session.execute(
        select(ItemVersion.state, func.count())
        .join(ItemVersion.item)
        .where(*conditions(wanted))
        .group_by(ItemVersion.state)
    )
    return dict.fromkeys(COLUMNS, 0) | dict(rows.all())


def in_order(wanted: BoardFilter, reader: int) -> Select[ItemVersion, datetime, int]:
    """Version, since when, and 1 when it waits for the reader: of all that fits, column by column."""
    mine = case((waits_for(reader), 1), else_=0)
    return (
        select(ItemVersion, SINCE, mine)
        .join(ItemVersion.item)
        .options(contains_eager(ItemVersion.item))
        .where(*conditions(wanted))
        .order_by(mine.desc(), case(PLACES, value=ItemVersion.state), SINCE, ItemVersion.id)
    )


def columns(session: Session, wanted: BoardFilter, reader: int) -> dict[ReviewState, list[Card]]:
    """The first cards of each column."""
    mine = case((waits_for(reader), 1), else_=0)
    place = func.row_number().over(partition_by=ItemVersion.state, order_by=(mine.desc(), SINCE, ItemVersion.id))
    placed = select(ItemVersion.id, place.label("place")).join(ItemVersion.item).where(*conditions(wanted)).subquery()
    first = select(placed.c.id).where(placed.c.place <= SHOWN)
    shown: dict[ReviewState, list[Card]] = {state: [] for state in COLUMNS}
    for row in session.execute(in_order(wanted, reader).where(ItemVersion.id.in_(first))):
        shown[row[0].state].append(card(*row))
    return shown


def card(version: ItemVersion, since: datetime, mine: int) -> Card:
    return Card(version, since, bool(mine))


def waiting_for(session: Session, wanted: BoardFilter, reader: int) -> list[Card]:
    """The first of what waits for the reader."""
    waiting = in_order(wanted, reader).where(waits_for(reader)).limit(SHOWN)
    return [card(*row) for row in session.execute(waiting)]
