"""One change of many items at once: what it changes, what it leaves out and why, and taking it back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit, review
from question_bank.assignments import ReviewAssignment
from question_bank.audit import AuditEvent
from question_bank.base import Base, enum_type
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.item_search import by_codes
from question_bank.item_writing import ItemDraft, save_draft, written_by
from question_bank.items import CognitiveLevel, ItemVersion, ReviewState
from question_bank.review import Move

# More would hold up everybody else's writing.
AT_ONCE = 500
UNDONE_WITHIN = timedelta(days=1)


class BulkKind(StrEnum):
    TAG = "tag"
    ASSIGN = "assign"
    RETIRE = "retire"


class BulkDeed(Base):
    """What was done together, with what is needed to take it back."""

    __tablename__ = "bulk_deed"
    __table_args__ = (CheckConstraint("undone_at IS NULL OR undone_at >= at", name="undone_after_it"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BulkKind] = mapped_column(enum_type(BulkKind))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime]
    # The last row of the audit trail that belongs to it, and by the code of each item what was there before.
    before: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]

    @property
    def items(self) -> dict[str, Any]:
        items: dict[str, Any] = self.before["items"]
        return items


@dataclass(frozen=True)
class Plan:
    """What would happen to the chosen items, each by its latest version."""

    changed: list[ItemVersion]
    left_out: list[tuple[ItemVersion, str]]


def planned(chosen: Iterable[ItemVersion], hindrance: Callable[[ItemVersion], str | None]) -> Plan:
    said = [(version, hindrance(version)) for version in chosen]
    return Plan([v for v, why in said if why is None], [(v, why) for v, why in said if why is not None])


class Tagging(StrEnum):
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True)
class Tag:
    """One tag of one kind; a term with the area that it belongs to."""

    field: str
    value: Any
    area: str = ""

    @classmethod
    def named(cls, name: str) -> "Tag":
        """From its name on a page: ``levels:3``, ``terms:reflection/curiosity``."""
        field, _colon, value = name.partition(":")
        area, _slash, term = value.rpartition("/")
        kinds: dict[str, Callable[[str], Any]] = {"levels": int, "cognitive_level": CognitiveLevel}
        return cls(field, kinds.get(field, str)(term), area)

    def written(self, draft: ItemDraft, how: Tagging) -> ItemDraft:
        """The draft with the tag added or removed."""
        now: Any = getattr(draft, self.field)
        then: Any
        if not isinstance(now, list):
            then = self.value if how is Tagging.ADD else (None if now == self.value else now)
        elif how is Tagging.ADD:
            then = now if self.value in now else [*now, self.value]
        else:
            then = [value for value in now if value != self.value]
        changed: dict[str, Any] = {self.field: sorted(then) if self.field == "levels" else then}
        return replace(draft, **changed)


def plan_tagging(chosen: Iterable[ItemVersion], tag: Tag, how: Tagging) -> Plan:
    def hindrance(version: ItemVersion) -> str | None:
        if version.state is not ReviewState.DRAFT:
            return _("Its tags were fixed when it was sent to review. Write a new version to change them.")
        if tag.area and version.area != tag.area:
            return _("It belongs to another area.")
        draft = ItemDraft.of(version)
        return _("It is tagged like this already.") if tag.written(draft, how) == draft else None

    return planned(chosen, hindrance)


def tag_all(session: Session, plan: Plan, tag: Tag, how: Tagging, *, by: int, at: datetime) -> BulkDeed:
    before, edits = {}, {}
    for version in plan.changed:
        draft = ItemDraft.of(version)
        before[version.item.code] = getattr(draft, tag.field)
        save_draft(session, version, tag.written(draft, how), edit_count=version.edit_count, by=by, at=at)
        edits[version.item.code] = [version.id, version.edit_count]
    return record(session, BulkKind.TAG, before, by=by, at=at, field=tag.field, edits=edits)


def plan_asking(session: Session, chosen: Iterable[ItemVersion], reviewer: int) -> Plan:
    wrote = set(session.scalars(written_by(reviewer)))
    of_reviewer = select(ReviewAssignment.item_version_id).where(ReviewAssignment.reviewer_id == reviewer)
    asked = set(session.scalars(of_reviewer))

    def hindrance(version: ItemVersion) -> str | None:
        if version.state is not ReviewState.IN_REVIEW:
            return _("It is not in review.")
        if version.item_id in wrote:
            return _("The reviewer wrote on it, so somebody else must review it.")
        return _("The reviewer was asked already.") if version.id in asked else None

    return planned(chosen, hindrance)


def ask_reviewer(session: Session, plan: Plan, reviewer: int, due_on: date, *, by: int, at: datetime) -> BulkDeed:
    common = {"reviewer_id": reviewer, "due_on": due_on, "assigned_by_id": by, "assigned_at": at}
    session.execute(insert(ReviewAssignment), [{"item_version_id": v.id, **common} for v in plan.changed])
    for version in plan.changed:
        said = {"version": version.number, "reviewer": reviewer, "due_on": due_on.isoformat()}
        audit.record(session, "item.review_asked", "item", version.item.code, by=by, at=at, **said)
    before = {version.item.code: [version.id, reviewer] for version in plan.changed}
    return record(session, BulkKind.ASSIGN, before, by=by, at=at)


def plan_retirement(chosen: Iterable[ItemVersion]) -> Plan:
    return planned(chosen, lambda version: None if version.item.approved else _("It has no approved version."))


def retire_all(session: Session, plan: Plan, *, comment: str, by: int, at: datetime) -> BulkDeed:
    before = {}
    for version in plan.changed:
        if retired := version.item.approved:
            before[version.item.code] = retired.id
            review.move(session, retired, Move.RETIRE, by=by, comment=comment, at=at)
    return record(session, BulkKind.RETIRE, before, by=by, at=at)


def record(
    session: Session, kind: BulkKind, before: dict[str, Any], *, by: int, at: datetime, **more: object
) -> BulkDeed:
    if not before:
        raise RuleViolation("Nothing would change. Choose other items.")
    session.flush()
    last = session.scalar(select(func.max(AuditEvent.id)))
    deed = BulkDeed(kind=kind, by_id=by, at=at, before={"last_event": last, "items": before, **more})
    session.add(deed)
    session.flush()
    audit.record(session, f"items.bulk_{kind}", "bulk_deed", deed.id, by=by, at=at, items=sorted(before))
    return deed


def last_deed(session: Session, by: int, at: datetime) -> BulkDeed | None:
    """What this person changed last, as long as it can be taken back."""
    mine = select(BulkDeed).where(BulkDeed.by_id == by, BulkDeed.at > at - UNDONE_WITHIN)
    deed = session.scalar(mine.order_by(BulkDeed.id.desc()).limit(1))
    return deed if deed and not deed.undone_at and not touched_since(session, deed) else None


def touched_since(session: Session, deed: BulkDeed) -> list[str]:
    """The items to which anything happened since: by the audit trail, or by the saves of a draft, not each of which is
    in it."""
    events = select(AuditEvent.target_id).where(
        AuditEvent.id > deed.before["last_event"],
        AuditEvent.target_kind == "item",
        AuditEvent.target_id.in_(list(deed.items)),
    )
    edits: dict[str, list[int]] = deed.before.get("edits", {})
    latest = session.scalars(by_codes(list(edits)))
    edited = {v.item.code for v in latest if [v.id, v.edit_count] != edits[v.item.code]}
    return sorted({*session.scalars(events), *edited})


def undo(session: Session, deed: BulkDeed, *, by: int, at: datetime) -> None:
    """Take all of it back, or nothing."""
    if deed.undone_at:
        raise RuleViolation("This was undone already.")
    if codes := touched_since(session, deed):
        raise RuleViolation("Something else has happened to %(codes)s since. Nothing was undone.", codes=codes[0])
    UNDO[deed.kind](session, deed, by, at)
    deed.undone_at = at
    session.flush()
    audit.record(session, "items.bulk_undone", "bulk_deed", deed.id, by=by, at=at, items=sorted(deed.items))


def undo_tagging(session: Session, deed: BulkDeed, by: int, at: datetime) -> None:
    field = deed.before["field"]
    for version in session.scalars(by_codes(list(deed.items))).all():
        kept = deed.items[version.item.code]
        before: dict[str, Any] = {field: CognitiveLevel(kept) if kept and field == "cognitive_level" else kept}
        draft = replace(ItemDraft.of(version), **before)
        save_draft(session, version, draft, edit_count=version.edit_count, by=by, at=at)


def undo_asking(session: Session, deed: BulkDeed, by: int, at: datetime) -> None:
    for code, (version_id, reviewer) in deed.items.items():
        asked = (ReviewAssignment.item_version_id == version_id, ReviewAssignment.reviewer_id == reviewer)
        session.execute(delete(ReviewAssignment).where(*asked))
        audit.record(session, "item.review_not_asked", "item", code, by=by, at=at, reviewer=reviewer)


def undo_retirement(session: Session, deed: BulkDeed, by: int, at: datetime) -> None:
    retired = select(ItemVersion).where(ItemVersion.id.in_(deed.items.values()))
    for version in session.scalars(retired).all():
        review.move(session, version, Move.RESTORE, by=by, comment="", at=at)


UNDO: dict[BulkKind, Callable[[Session, BulkDeed, int, datetime], None]] = {
    BulkKind.TAG: undo_tagging,
    BulkKind.ASSIGN: undo_asking,
    BulkKind.RETIRE: undo_retirement,
}
