"""One change of many items at once: what it changes, what it leaves out and why, and taking it back."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit, review
from question_bank.assignments import STAGES, ReviewAssignment, ReviewStage, asked_now
from question_bank.audit import AuditEvent
from question_bank.base import Base, enum_type
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.giving_out import barred_from
from question_bank.item_search import by_codes
from question_bank.item_writing import ItemDraft, save_draft, written_by
from question_bank.items import CognitiveLevel, ItemVersion, ReviewState
from question_bank.review import Move, passed_by
from question_bank.review_conflicts import conflicts_of

# More would hold up everybody else's writing.
AT_ONCE = 500
UNDONE_WITHIN = timedelta(days=1)


class BulkKind(StrEnum):
    TAG = "tag"
    ASSIGN = "assign"
    TRY_OUT = "try_out"
    PUT_TO_USE = "put_to_use"
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
    """Each is asked for the review in which it is."""
    near = partiality(session, reviewer)
    passed = set(session.scalars(passed_by(reviewer)))
    stages = select(ReviewAssignment.item_version_id, ReviewAssignment.stage)
    asked = {tuple(row) for row in session.execute(stages.where(ReviewAssignment.reviewer_id == reviewer))}

    def hindrance(version: ItemVersion) -> str | None:
        stage = STAGES.get(version.state)
        if stage is None:
            return _("It is not in review.")
        if stage is ReviewStage.EDITORIAL and version.id in passed:
            return _("The reviewer passed its content, so somebody else must do the second review.")
        return near(version) or (_("The reviewer was asked already.") if (version.id, stage) in asked else None)

    return planned(chosen, hindrance)


def partiality(session: Session, person: int) -> Callable[[ItemVersion], str | None]:
    """Says of each version why this person may not judge it: the rule of ``review.barred`` for many."""
    wrote, near = set(session.scalars(written_by(person))), set(session.scalars(conflicts_of(person)))

    def hindrance(version: ItemVersion) -> str | None:
        if version.item_id in wrote:
            return _("Who wrote on an item does not judge it.")
        return _("A conflict of interest is declared for it.") if version.item_id in near else None

    return hindrance


def ask_reviewer(session: Session, plan: Plan, reviewer: int, due_on: date, *, by: int, at: datetime) -> BulkDeed:
    return ask_reviewers(session, [(version, reviewer) for version in plan.changed], due_on, by=by, at=at)


def plan_giving_out(session: Session, chosen: Collection[ItemVersion], people: Collection[int]) -> Plan:
    """Each gets one of these people, who may review, for the review in which it is, unless it has one already."""
    asked, barred = asked_now(session, chosen), barred_from(session, chosen)

    def hindrance(version: ItemVersion) -> str | None:
        if version.state not in STAGES:
            return _("It is not in review.")
        able = {entry.reviewer_id for entry in asked.get(version.id, [])}.intersection(people) - barred[version.id]
        return _("Somebody is asked already.") if able else None

    return planned(chosen, hindrance)


def ask_reviewers(
    session: Session, asked: Collection[tuple[ItemVersion, int]], due_on: date, *, by: int, at: datetime
) -> BulkDeed:
    """Ask one person for each of these reviews; all or nothing."""
    barred = barred_from(session, [version for version, _reviewer in asked])
    before = {}
    for version, reviewer in asked:
        if reviewer in barred[version.id]:
            raise RuleViolation("%(code)s: this reviewer may not judge it. Choose another.", code=version.item.code)
        stage, said = STAGES[version.state], {"reviewer": reviewer, "due_on": due_on.isoformat()}
        session.add(
            ReviewAssignment(
                item_version_id=version.id, reviewer_id=reviewer, stage=stage, due_on=due_on,
                assigned_by_id=by, assigned_at=at,
            )
        )  # fmt: skip
        audit.record(
            session, "item.review_asked", "item", version.item.code, by=by, at=at, version=version.number, **said
        )
        before[version.item.code] = [version.id, reviewer, stage]
    return record(session, BulkKind.ASSIGN, before, by=by, at=at)


def plan_retirement(chosen: Iterable[ItemVersion]) -> Plan:
    return planned(chosen, lambda version: None if version.item.standing else _("It has no approved version."))


def retire_all(session: Session, plan: Plan, *, comment: str, by: int, at: datetime) -> BulkDeed:
    before = {}
    for version in plan.changed:
        retired = version.item.standing
        for one in retired:
            review.move(session, one, Move.RETIRE, by=by, comment=comment, at=at)
        before[version.item.code] = [one.id for one in retired]
    return record(session, BulkKind.RETIRE, before, by=by, at=at)


STEPS = {BulkKind.TRY_OUT: Move.TRY_OUT, BulkKind.PUT_TO_USE: Move.PUT_TO_USE}


def plan_step(session: Session, chosen: Iterable[ItemVersion], kind: BulkKind, by: int) -> Plan:
    """Trying out or putting to use: what the table of steps allows, and who did not write it may do."""
    near, step = partiality(session, by), STEPS[kind]

    def hindrance(version: ItemVersion) -> str | None:
        if (version.state, step) not in review.MOVES:
            return _("Its latest version is not approved, or the step is taken already.")
        return near(version)

    return planned(chosen, hindrance)


def step_all(session: Session, plan: Plan, kind: BulkKind, *, by: int, at: datetime) -> BulkDeed:
    """What stands in ``before``: the version that took the step, and those that it replaced."""
    before = {}
    for version in plan.changed:
        replaced = review.replaced_by(version) if kind is BulkKind.PUT_TO_USE else []
        review.move(session, version, STEPS[kind], by=by, comment="", at=at)
        before[version.item.code] = [version.id, *(one.id for one in replaced)]
    return record(session, kind, before, by=by, at=at)


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
    for code, (version_id, reviewer, stage) in deed.items.items():
        asked = session.get_one(ReviewAssignment, (version_id, reviewer, ReviewStage(stage)))
        session.delete(asked)
        audit.record(session, "item.review_not_asked", "item", code, by=by, at=at, reviewer=reviewer)


def undo_steps(session: Session, deed: BulkDeed, by: int, at: datetime) -> None:
    """Every version back to where it was, those first that came into use: one of an item counts at a time."""
    ids = [id_ for moved in deed.items.values() for id_ in moved]
    versions = session.scalars(select(ItemVersion).where(ItemVersion.id.in_(ids))).all()
    for version in sorted(versions, key=lambda version: version.state is ReviewState.RETIRED):
        step = Move.RESTORE if version.state is ReviewState.RETIRED else Move.TAKE_BACK
        review.move(session, version, step, by=by, comment="", at=at)


UNDO: dict[BulkKind, Callable[[Session, BulkDeed, int, datetime], None]] = {
    BulkKind.TAG: undo_tagging,
    BulkKind.ASSIGN: undo_asking,
    BulkKind.TRY_OUT: undo_steps,
    BulkKind.PUT_TO_USE: undo_steps,
    BulkKind.RETIRE: undo_steps,
}
