"""How far the committee has come: approved items by area, term and level."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from question_bank.item_kinds import QUESTIONS
from question_bank.items import STANDING, Item, ItemTerm, ItemVersion, ReviewState

Cells = Counter[tuple[str, str]]


@dataclass(frozen=True)
class LevelProgress:
    """What one level has per cell, (area, "") and (area, primary term): approved items, and those of them in use."""

    approved: Cells = field(default_factory=Counter)
    in_use: Cells = field(default_factory=Counter)


def progress_by_level(session: Session, levels: Iterable[int]) -> dict[int, LevelProgress]:
    """Each item counts once at each level that it is meant for: by its version in use, or else the newest approved."""
    rows = session.execute(
        select(ItemVersion.item_id, ItemVersion.state, ItemVersion.area, ItemVersion.levels, ItemTerm.term)
        .join(ItemVersion.item)
        .outerjoin(ItemTerm, and_(ItemTerm.item_version_id == ItemVersion.id, ItemTerm.position == 0))
        .where(ItemVersion.state.in_(STANDING), Item.kind.in_(QUESTIONS))
        .order_by(ItemVersion.state == ReviewState.OPERATIONAL, ItemVersion.number)
    )
    progress = {level: LevelProgress() for level in levels}
    for _item, state, area, meant_for, term in {row.item_id: row for row in rows}.values():
        for level in progress.keys() & set(meant_for):
            for cell in {(area or "", ""), (area or "", term or "")}:
                progress[level].approved[cell] += 1
                progress[level].in_use[cell] += state is ReviewState.OPERATIONAL
    return progress
