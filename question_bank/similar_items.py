"""Which items of the bank say nearly the same as a text: an index of every item's newest version, kept in the process.

It is brought up to date by what was written since it last looked, so that the whole bank is read only once.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from threading import Lock
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from question_bank.item_kinds import ItemContent, Question, content_of
from question_bank.items import Item, ItemVersion
from question_bank.similarity import TextIndex
from question_bank.translations import source_texts

# What was written at a time is committed, and so seen, a little later.
LATE_COMMITS = timedelta(minutes=2)
MOST_SHOWN = 5
LOADED_AT_ONCE = 500


class Written(NamedTuple):
    """What of an item was read last."""

    version_id: int
    edit_count: int
    updated_at: datetime


@dataclass(frozen=True)
class SimilarItem:
    version: ItemVersion
    similarity: float
    text: str


def text_of(content: ItemContent, title: str) -> str:
    """All that candidates read of an item in English, besides what it shares with its vignette set."""
    shared = {"stimulus"} if isinstance(content, Question) else set()
    return "\n\n".join(text for place, text in source_texts(content, title).items() if text and place not in shared)


class SimilarItems:
    """The index, and what it knows of each item. The threads of a process share it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.index = TextIndex()
        self.known: dict[int, Written] = {}

    def near(self, session: Session, text: str, *, besides: Collection[int]) -> list[SimilarItem]:
        """The items most similar to a text, ``besides`` these: the one that it is the text of, and its company."""
        with self.lock:
            self.refresh(session)
            matches = islice((match for match in self.index.similar(text) if match.key not in besides), MOST_SHOWN)
            shown = {self.known[match.key].version_id: match.similarity for match in matches}
        versions = select(ItemVersion).join(ItemVersion.item).options(contains_eager(ItemVersion.item))
        found = session.scalars(versions.where(ItemVersion.id.in_(shown))).all()
        similar = [SimilarItem(version, shown[version.id], text_of_version(version)) for version in found]
        return sorted(similar, key=lambda item: (-item.similarity, item.version.item.code))

    def refresh(self, session: Session) -> None:
        """Read what was written since the last time; all of the bank when something was deleted."""
        self.read_changes(session)
        if len(self.known) > (session.scalar(select(func.count()).select_from(Item)) or 0):
            self.forget()
            self.read_changes(session)

    def read_changes(self, session: Session) -> None:
        of_each = select(ItemVersion.item_id, ItemVersion.id, ItemVersion.edit_count, ItemVersion.updated_at)
        written = of_each.order_by(ItemVersion.id)
        if self.known:
            newest = max(entry.updated_at for entry in self.known.values())
            written = written.where(ItemVersion.updated_at >= newest - LATE_COMMITS)
        # The last version of an item is the one that counts.
        newest_of = {row[0]: Written(row[1], row[2], row[3]) for row in session.execute(written)}
        changed = {key: entry for key, entry in newest_of.items() if self.known.get(key) != entry}
        for key, text in texts(session, [entry.version_id for entry in changed.values()]):
            self.index.put(key, text)
            self.known[key] = changed[key]


def texts(session: Session, version_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The texts of versions, by item."""
    columns = select(ItemVersion.item_id, Item.kind, ItemVersion.content, ItemVersion.title).join(ItemVersion.item)
    for first in range(0, len(version_ids), LOADED_AT_ONCE):
        some = columns.where(ItemVersion.id.in_(version_ids[first : first + LOADED_AT_ONCE]))
        for row in session.execute(some):
            yield row[0], text_of(content_of(row[1], row[2]), row[3])


def text_of_version(version: ItemVersion) -> str:
    return text_of(content_of(version.item.kind, version.content), version.title)
