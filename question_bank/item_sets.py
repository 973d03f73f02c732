"""Vignette sets: questions, or essays, that share a stimulus and always travel together.

Each item of a set holds the vignette in its own content, so that every version shows what it was about; the copies are
kept alike here. A set is named after one of its items. On a form it stands whole and in one piece, or not at all; of
Part Two that is one slot group.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, selectinload

from question_bank import audit
from question_bank.enemies import enemies_among
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.item_kinds import QUESTIONS
from question_bank.item_writing import ItemDraft, new_version, save_draft
from question_bank.items import IN_REVIEW, Item, ItemVersion, ReviewState
from question_bank.translations import SPANISH

PLACE, SLOT = "stimulus", "slot"


class Vignette(NamedTuple):
    """What all of a set say alike."""

    english: str
    spanish: str
    slot: str  # which kind of vignette it is: of essays only


def set_of(session: Session, item: Item) -> list[Item]:
    """The items of its set, itself among them, in the order in which they stand on a form; none without a set."""
    if item.set_code is None:
        return []
    return list(session.scalars(select(Item).where(Item.set_code == item.set_code).order_by(Item.code)))


def members(session: Session, set_code: str) -> set[str]:
    """The codes of the items that must stand together."""
    return members_of(session, [set_code])[set_code]


def members_of(session: Session, set_codes: Collection[str]) -> dict[str, set[str]]:
    """The same for many sets, by their names."""
    items = session.scalars(
        select(Item).where(Item.set_code.in_(set_codes)).options(selectinload(Item.versions)).order_by(Item.code)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.set_code and is_bound(item):
            found[item.set_code].add(item.code)
    return found


def is_bound(item: Item) -> bool:
    """Whether its set needs it: retired items stay behind."""
    return bool(item.standing) or item.latest.state is not ReviewState.RETIRED


def told_with(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Code of another item -> one of these with whose vignette it travels: who met this one knows the vignette."""
    one, other = aliased(Item), aliased(Item)
    rows = session.execute(
        select(other.code, one.code).join(one, one.set_code == other.set_code).where(one.code.in_(codes))
    )
    return {row[0]: row[1] for row in rows if row[0] not in codes}


def set_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Code -> the name of its vignette set, for those of these items that have one."""
    rows = session.execute(select(Item.code, Item.set_code).where(Item.code.in_(codes)))
    return {row.code: row.set_code for row in rows if row.set_code}


def whole_sets(session: Session, versions: Sequence[ItemVersion]) -> list[ItemVersion]:
    """These versions, but no set of which an item is missing among them, or in which they tell different vignettes.

    They do between the day on which an item joins a set and the day on which its new version is in use.
    """
    given: dict[str, list[ItemVersion]] = defaultdict(list)
    for version in versions:
        if version.item.set_code:
            given[version.item.set_code].append(version)
    codes = members_of(session, given)
    left_out = {
        name
        for name, found in given.items()
        if not codes[name] <= {version.item.code for version in found} or tells_several(found)
    }
    return [version for version in versions if version.item.set_code not in left_out]


def tells_several(versions: Iterable[ItemVersion]) -> bool:
    """Whether these versions of a set have different vignettes."""
    return len({vignette_of(version.content).english for version in versions}) > 1


def join(session: Session, item: Item, other: Item, *, by: int, at: datetime) -> None:
    """Put an item into the set of another one, or begin a set with both; it gets the vignette of the set."""
    if item is other:
        raise RuleViolation("Name another item: a set has two at least.")
    refuse_mixed(item, other)
    if item.set_code is not None:
        raise RuleViolation("This item belongs to a vignette set already. Take it out of that first.")
    if not vignette_of(other.latest.content).english.strip():
        raise RuleViolation("Write the vignette of %(code)s first: it is what the two share.", code=other.code)
    refuse_enemies(session, item, [other, *set_of(session, other)])
    share(session, other.latest, [item], by=by, at=at)
    item.set_code = other.set_code = other.set_code or other.code
    audit.record(session, "item.set_joined", "item", item.code, by=by, at=at, set=other.set_code)
    session.flush()


def refuse_mixed(item: Item, other: Item) -> None:
    if (item.kind in QUESTIONS) is not (other.kind in QUESTIONS):
        raise RuleViolation("Questions and essays stand in different parts of a form, so they share no vignette.")


def refuse_enemies(session: Session, item: Item, others: Sequence[Item]) -> None:
    for pair, reason in enemies_among(session, {item.code, *(other.code for other in others)}).items():
        if item.code in pair:
            raise RuleViolation(
                "%(codes)s are enemies (%(reason)s), and a set stands on a form as a whole.",
                codes=", ".join(sorted(pair)),
                reason=reason,
            )


def begin(session: Session, items: Sequence[Item], *, by: int, at: datetime) -> None:
    """Begin a set with all of these, which have one vignette already and belong to no set yet."""
    for item in items:
        item.set_code = items[0].code
        audit.record(session, "item.set_joined", "item", item.code, by=by, at=at, set=item.set_code)
    session.flush()


def are_together(one: Item, other: Item) -> bool:
    return one.set_code is not None and one.set_code == other.set_code


def leave(session: Session, item: Item, *, by: int, at: datetime) -> None:
    """Take an item out of its set; it keeps its copy of the vignette. A set of one is none.

    A set whose namesake leaves is renamed: the item that left may begin another one.
    """
    if item.set_code is None:
        raise RuleViolation("This item is in no vignette set. Reload the page.")
    audit.record(session, "item.set_left", "item", item.code, by=by, at=at, set=item.set_code)
    others = [other for other in set_of(session, item) if other is not item]
    name = item.set_code if len(others) > 1 else None
    if name == item.code:
        name = others[0].code
    item.set_code = None
    for other in others:
        other.set_code = name
    session.flush()


def share_with_set(session: Session, item: Item, *, by: int, at: datetime) -> list[Item]:
    """Give the vignette of an item to all others of its set; those whose copy was another one are given back."""
    return share(session, item.latest, others_bound(session, item), by=by, at=at)


def others_bound(session: Session, item: Item) -> list[Item]:
    """The others of its set whose vignette counts."""
    return [other for other in set_of(session, item) if other is not item and is_bound(other)]


def share(session: Session, source: ItemVersion, items: Sequence[Item], *, by: int, at: datetime) -> list[Item]:
    """Write a vignette into a draft of each of these items: into the one there is, or into a new version."""
    told = {item: with_vignette(item.latest.content, source.content) for item in items}
    changed = {item: new for item, new in told.items() if vignette_of(new) != vignette_of(item.latest.content)}
    for item in changed:
        if item.latest.state in IN_REVIEW:
            raise RuleViolation("%(code)s is in review. Wait until that is decided.", code=item.code)
    for item, content in changed.items():
        version = item.latest if item.latest.state is ReviewState.DRAFT else new_version(session, item, by=by, at=at)
        draft = replace(ItemDraft.of(version), content=content)
        save_draft(session, version, draft, edit_count=version.edit_count, by=by, at=at)
    return list(changed)


def with_vignette(content: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """A content with the vignette of another one, in each language that it has."""
    (english, spanish, slot), mine = vignette_of(source), content.get("translations", {}).get(SPANISH)
    changed: dict[str, Any] = {**content, PLACE: english, **({SLOT: slot} if SLOT in content else {})}
    # Where the other one is not translated, the Spanish of the same English stays.
    if mine and (spanish or english != vignette_of(content).english):
        of = source["translations"][SPANISH]["of"].get(PLACE, "") if spanish else ""
        parts = {"texts": {**mine["texts"], PLACE: spanish}, "of": {**mine["of"], PLACE: of}}
        changed["translations"] = {**content["translations"], SPANISH: parts}
    return changed


def unlike(session: Session, version: ItemVersion) -> list[str]:
    """The codes of the others in its set whose vignette is another one."""
    mine = vignette_of(version.content)
    others = ((other.code, vignette_of(other.latest.content)) for other in others_bound(session, version.item))
    return [code for code, its in others if (its.english, its.slot) != (mine.english, mine.slot)]


def set_problems(session: Session, version: ItemVersion) -> list[str]:
    """What keeps a draft of a set from review."""
    said = _("Its vignette is not that of its set. Share one of them with the whole set.")
    return [said] if unlike(session, version) else []


def vignette_of(content: dict[str, Any]) -> Vignette:
    spanish = content.get("translations", {}).get(SPANISH, {})
    return Vignette(content.get(PLACE, ""), spanish.get("texts", {}).get(PLACE, ""), content.get(SLOT, ""))
