"""The items in use: what a form may be made of."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from question_bank.items import Item, ItemKind, ItemVersion, ReviewState


def versions_in_use(session: Session, *kinds: ItemKind, samples_only: bool = False) -> list[ItemVersion]:
    """The one version of each item that counts on a form, in the order of the codes."""
    in_use = (
        select(ItemVersion)
        .join(ItemVersion.item)
        .options(joinedload(ItemVersion.item))
        .where(ItemVersion.state == ReviewState.OPERATIONAL, Item.kind.in_(kinds))
        .order_by(Item.code, ItemVersion.number)
    )
    rows = session.scalars(in_use.where(Item.is_sample) if samples_only else in_use)
    return list({version.item_id: version for version in rows}.values())


def for_every_level(versions: Iterable[ItemVersion], levels: Iterable[int]) -> list[ItemVersion]:
    """The versions that are meant for each of these levels."""
    return [version for version in versions if set(levels) <= set(version.levels)]
