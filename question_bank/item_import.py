"""Importing items: what of a file would become an item and how, and then doing it, all or nothing."""

import json
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from question_bank import audit, enemies, item_sets
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.framework import Framework
from question_bank.import_tags import find_area, find_levels, find_terms, folded, tags_of_the_framework
from question_bank.interchange.contents import content_of
from question_bank.interchange.parsed import ParsedItem, Reading, RowStatus
from question_bank.interchange.vignette_sets import SET
from question_bank.item_writing import UNPLACED, ItemDraft, NewItem, add_items
from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from question_bank.pictures import add_picture


@dataclass(frozen=True)
class ImportDefaults:
    """Tags for rows that name none themselves."""

    area: str | None = None
    levels: tuple[int, ...] = ()


@dataclass(frozen=True)
class PlannedRow:
    """A question of the file as it would be imported; without a draft it would not."""

    parsed: ParsedItem
    draft: ItemDraft | None = None


@dataclass(frozen=True)
class ImportPlan:
    rows: list[PlannedRow]

    @property
    def usable(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.draft]

    def count(self, status: RowStatus) -> int:
        return sum(row.parsed.status is status for row in self.rows)


def plan_import(
    known: AbstractSet[str], reading: Reading, framework: Framework, defaults: ImportDefaults
) -> ImportPlan:
    """What an import would do with every question of the file, ``known`` being the texts of the bank."""
    in_file = set[str]()
    rows = []
    for parsed in reading.items:
        text = folded(parsed.asked)
        if parsed.status is RowStatus.REFUSED:
            rows.append(PlannedRow(parsed))
        elif text in known:
            rows.append(PlannedRow(parsed.refused(_("The bank already holds an item with this text."))))
        elif text in in_file:
            rows.append(PlannedRow(parsed.refused(_("An earlier question of this file has the same text."))))
        else:
            in_file.add(text)
            rows.append(with_draft(parsed, framework, defaults))
    return ImportPlan(rows)


def texts_of_bank(session: Session) -> set[str]:
    """What the items of the bank ask, as it is compared with what a file asks."""
    contents: Iterable[dict[str, Any]] = session.scalars(select(ItemVersion.content))
    return {folded(asked_in(content)) for content in contents}


def asked_in(content: dict[str, Any]) -> str:
    """The same of a content as it is stored as ``ParsedItem.asked`` is of a question."""
    asked = [content.get(place, "") for place in ("stimulus", "prompt", "stem")]
    return " ".join([*asked, *(premise["text"] for premise in content.get("premises", ()))])


def with_draft(parsed: ParsedItem, framework: Framework, defaults: ImportDefaults) -> PlannedRow:
    tags, changes = dict(parsed.tags), []
    area = find_area(framework, tags.get("area", "")) or find_area(framework, tags.get("category", ""))
    if tags.get("area") and not area:
        changes.append(_("Its area is not in the framework and was kept as a note."))
        tags["note"] = joined(tags.get("note"), f"Area: {tags['area']}")
    area = area or find_area(framework, defaults.area or "")
    terms = find_terms(area, tags.get("term", "")) if area else []
    if tags.get("term") and not terms:
        changes.append(_("Its term is not one of its area and was kept as a note."))
        tags["note"] = joined(tags.get("note"), f"Term: {tags['term']}")
    levels = find_levels(framework, tags.get("levels", ""))
    if tags.get("levels") and not levels:
        changes.append(_("Its level is not in the framework and was left out."))
    levels = levels or list(defaults.levels)
    try:
        known_tags = tags_of_the_framework(framework, area, levels, tags)
    except RuleViolation as refusal:
        return PlannedRow(parsed.refused(refusal))
    draft = ItemDraft(
        content=content_of(parsed),
        title=parsed.title if parsed.content or parsed.kind is ItemKind.ESSAY else "",
        area=area.code if area else None,
        terms=terms,
        levels=levels,
        **known_tags,
        rationale=tags.get("rationale", ""),
        reference=tags.get("reference", ""),
        notes=joined(tags.get("note"), f"Name in the file: {parsed.name}" if parsed.name else None),
    )
    return PlannedRow(parsed.changed(*changes), draft)


def joined(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def import_items(
    session: Session, rows: Iterable[PlannedRow], framework: Framework, *, filename: str, by: int, at: datetime
) -> list[Item]:
    """Write the drafts of these rows as items, each naming the file and the row it came from."""
    prefixes = {area.code: area.prefix for area in framework.areas}
    written = [(row, row.draft) for row in rows if row.draft]
    items = add_items(
        session,
        [
            NewItem(
                row.parsed.kind,
                prefixes.get(draft.area or "", UNPLACED),
                with_pictures(session, row.parsed, draft, by=by, at=at),
                source_of(row, filename),
            )
            for row, draft in written
        ],
        by=by,
        at=at,
    )
    put_in_company(
        session, [(row.parsed, item) for (row, _draft), item in zip(written, items, strict=True)], by=by, at=at
    )
    audit.record(session, "items.imported", "item", filename[:60], by=by, at=at, count=len(items))
    return items


def put_in_company(session: Session, made: Iterable[tuple[ParsedItem, Item]], *, by: int, at: datetime) -> None:
    """Put the new items into vignette sets and make them enemies, as the file says of them."""
    sets, named, enmities = defaultdict[str, list[Item]](list), dict[str, Item](), list[tuple[Item, str, str]]()
    for parsed, item in made:
        named.setdefault(parsed.code, item)
        sets[parsed.tags.get(SET, "")].append(item)
        enmities += [(item, code, reason) for code, reason in parsed.enemies.items()]
    for name, items in sets.items():
        if name and len(items) > 1:
            item_sets.begin(session, items, by=by, at=at)
    # Each of two enemies names the other.
    pairs = {frozenset((one, named[code])): reason for one, code, reason in enmities if code in named}
    for pair, reason in pairs.items():
        if len(pair) == 2 and not item_sets.are_together(*pair):
            one, other = sorted(pair, key=lambda item: item.id)
            enemies.declare(session, one, other, reason=reason, by=by, at=at)


def with_pictures(session: Session, parsed: ParsedItem, draft: ItemDraft, *, by: int, at: datetime) -> ItemDraft:
    """The draft with its pictures kept: made anew, some have another digest than in the file."""
    text = json.dumps(draft.content)
    for name, data in parsed.pictures.items():
        kept = add_picture(session, data, largest=None, by=by, at=at)  # how large it may be was seen when reading
        text = text.replace(f"(picture:{name})", f"(picture:{kept.sha256})")
    return replace(draft, content=json.loads(text)) if parsed.pictures else draft


def source_of(row: PlannedRow, filename: str) -> str:
    place = f", {row.parsed.file[-40:]}" if row.parsed.file else f", row {row.parsed.line}"
    return f"{filename[:150]}{place}"


def undo_import(session: Session, moment: datetime, *, by: int, at: datetime) -> int:
    """Remove what ``by`` imported at a moment, while nobody has worked with it. Returns how many items that were.

    Raises RuleViolation naming the items that were changed or submitted since.
    """
    # Nobody writes on them between this look and the removal.
    session.execute(
        select(ItemVersion.id)
        .join(ItemVersion.item)
        .where(Item.author_id == by, Item.created_at == moment)
        .with_for_update(of=[Item, ItemVersion])
    )
    asked = items_of_import(by, moment).options(selectinload(Item.versions))
    items = list(session.scalars(asked.execution_options(populate_existing=True)))
    if used := worked_with(session, items, moment):
        raise RuleViolation(
            "This import cannot be undone: somebody has worked with %(codes)s.",
            codes=", ".join(used[:10]) + (", …" if len(used) > 10 else ""),
        )
    for item in items:
        session.delete(item)
    session.flush()
    if items:
        source = items[0].source.rpartition(", ")[0]
        audit.record(session, "items.import_undone", "item", source[:60], by=by, at=at, codes=[i.code for i in items])
    return len(items)


def items_of_import(author: int, moment: datetime) -> Select[Item]:
    """All items of an import are begun in the same moment, which is its name."""
    return select(Item).where(Item.author_id == author, Item.created_at == moment).order_by(Item.id)


def worked_with(session: Session, items: Iterable[Item], moment: datetime) -> list[str]:
    """Which of the items of an import are not as it left them, or are named by something that came later."""
    made = {item.code: item for item in items}
    since = select(AuditEvent.target_id).where(
        AuditEvent.target_kind == "item", AuditEvent.target_id.in_(made), AuditEvent.at > moment
    )
    touched = set(session.scalars(since))
    # An item that was there before may have been put into the set of an imported one.
    sets = {item.set_code for item in made.values() if item.set_code}
    shared = set(session.scalars(select(Item.set_code).where(Item.set_code.in_(sets), Item.code.not_in(made))))
    return [
        code for code, item in made.items() if code in touched or item.set_code in shared or not is_as_imported(item)
    ]


def is_as_imported(item: Item) -> bool:
    """Not every save of a draft is in the audit trail."""
    return len(item.versions) == 1 and item.latest.edit_count == 0 and item.latest.state is ReviewState.DRAFT
