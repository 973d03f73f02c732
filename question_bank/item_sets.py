"""Vignette sets: items that share a stimulus and always travel together.

Each item of a set holds the vignette in its own content, so that every version shows what it was about; the copies are
kept alike here. A set is named after the item that began it. On a form it stands whole and in one piece, or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.item_kinds import Question, content_of
from question_bank.item_writing import ItemDraft, new_version, save_draft
from question_bank.items import IN_REVIEW, Item, ItemVersion, ReviewState
from question_bank.translations import SPANISH

PLACE = "stimulus"


def set_of(session: Session, item: Item) -> list[Item]:
    """The items of its set, itself among them, in the order in which they stand on a form; none without a set."""
    if item.set_code is None:
        return []
    return list(session.scalars(select(Item).where(Item.set_code == item.set_code).order_by(Item.code)))


def members(session: Session, set_code: str) -> set[str]:
    """The codes of the items that must stand together: all that are not retired."""
    items = session.scalars(select(Item).where(Item.set_code == set_code))
    return {item.code for item in items if item.standing or item.latest.state is not ReviewState.RETIRED}


def whole_sets(session: Session, versions: Sequence[ItemVersion]) -> list[ItemVersion]:
    """These versions, but no set of which an item is missing among them."""
    found = {version.item.code for version in versions}
    names = {version.item.set_code for version in versions if version.item.set_code}
    torn = {name for name in names if not members(session, name) <= found}
    return [version for version in versions if version.item.set_code not in torn]


def join(session: Session, item: Item, other: Item, *, by: int, at: datetime) -> None:
    """Put an item into the set of another one, or begin a set with both; it gets the vignette of the set."""
    if item is other:
        raise RuleViolation("Name another item: a set has two at least.")
    if item.set_code is not None:
        raise RuleViolation("This item belongs to a vignette set already. Take it out of that first.")
    if not question_in(other.latest).stimulus.strip():
        raise RuleViolation("Write the vignette of %(code)s first: it is what the two share.", code=other.code)
    share(session, other.latest, [item], by=by, at=at)
    item.set_code = other.set_code = other.set_code or other.code
    audit.record(session, "item.set_joined", "item", item.code, by=by, at=at, set=other.set_code)
    session.flush()


def begin(session: Session, items: Sequence[Item], *, by: int, at: datetime) -> None:
    """Begin a set with all of these, which have one vignette already and belong to no set yet."""
    for item in items:
        item.set_code = items[0].code
        audit.record(session, "item.set_joined", "item", item.code, by=by, at=at, set=item.set_code)
    session.flush()


def are_together(one: Item, other: Item) -> bool:
    return one.set_code is not None and one.set_code == other.set_code


def leave(session: Session, item: Item, *, by: int, at: datetime) -> None:
    """Take an item out of its set; it keeps its copy of the vignette. A set of one is none."""
    if item.set_code is None:
        raise RuleViolation("This item is in no vignette set. Reload the page.")
    audit.record(session, "item.set_left", "item", item.code, by=by, at=at, set=item.set_code)
    others = [other for other in set_of(session, item) if other is not item]
    for alone in [item, *(others if len(others) == 1 else [])]:
        alone.set_code = None
    session.flush()


def share_with_set(session: Session, item: Item, *, by: int, at: datetime) -> list[Item]:
    """Give the vignette of an item to all others of its set; those whose copy was another one are given back."""
    others = [other for other in set_of(session, item) if other is not item]
    return share(session, item.latest, others, by=by, at=at)


def share(session: Session, source: ItemVersion, items: Iterable[Item], *, by: int, at: datetime) -> list[Item]:
    """Write a vignette into a draft of each of these items: into the one there is, or into a new version."""
    changed = [item for item in items if vignette_of(item.latest) != vignette_of(source)]
    for item in changed:
        if item.latest.state in IN_REVIEW:
            raise RuleViolation("%(code)s is in review. Wait until that is decided.", code=item.code)
    for item in changed:
        version = item.latest if item.latest.state is ReviewState.DRAFT else new_version(session, item, by=by, at=at)
        draft = ItemDraft.of(version)
        draft = replace(draft, content=with_vignette(draft.content, source.content))
        save_draft(session, version, draft, edit_count=version.edit_count, by=by, at=at)
    return changed


def with_vignette(content: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """A content with the vignette of another one, in each language that it has."""
    changed = {**content, PLACE: source.get(PLACE, "")}
    if mine := content.get("translations", {}).get(SPANISH):
        theirs = source.get("translations", {}).get(SPANISH, {})
        parts = {name: {**mine[name], PLACE: theirs.get(name, {}).get(PLACE, "")} for name in ("texts", "of")}
        changed["translations"] = {**content["translations"], SPANISH: parts}
    return changed


def unlike(session: Session, version: ItemVersion) -> list[str]:
    """The codes of the others in its set whose vignette is another one."""
    others = [item for item in set_of(session, version.item) if item.id != version.item_id]
    return [other.code for other in others if vignette_of(other.latest)[0] != vignette_of(version)[0]]


def set_problems(session: Session, version: ItemVersion) -> list[str]:
    """What keeps a draft of a set from review."""
    said = _("Its vignette is not that of its set. Share one of them with the whole set.")
    return [said] if unlike(session, version) else []


def vignette_of(version: ItemVersion) -> tuple[str, str]:
    """In English and in Spanish."""
    spanish = version.content.get("translations", {}).get(SPANISH, {})
    return question_in(version).stimulus, spanish.get("texts", {}).get(PLACE, "")


def question_in(version: ItemVersion) -> Question:
    content = content_of(version.item.kind, version.content)
    if not isinstance(content, Question):
        raise RuleViolation("An essay has a vignette of its own. Only questions share one.")
    return content
