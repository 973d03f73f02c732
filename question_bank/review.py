"""Review: the table of allowed moves, sign-offs and comments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import ForeignKey, Select, Text, or_, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column

from question_bank import audit
from question_bank.assignments import ReviewAssignment
from question_bank.base import Base, enum_type
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.framework import Framework, current_framework
from question_bank.item_kinds import CONTENT_OF
from question_bank.item_search import newest_ids
from question_bank.item_writing import problems, writers, written_by
from question_bank.items import Item, ItemVersion, ReviewState
from question_bank.lint import blocking
from question_bank.standing_advice import check_reasons, keep_reasons, standing_advice

# So many drafts are sent in at once: more would hold up everybody else's writing.
SUBMITTED_AT_ONCE = 500


class Move(StrEnum):
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    RETIRE = "retire"
    RESTORE = "restore"


MOVES: dict[tuple[ReviewState, Move], ReviewState] = {
    (ReviewState.DRAFT, Move.SUBMIT): ReviewState.IN_REVIEW,
    (ReviewState.IN_REVIEW, Move.SEND_BACK): ReviewState.SENT_BACK,
    (ReviewState.IN_REVIEW, Move.APPROVE): ReviewState.APPROVED,
    (ReviewState.APPROVED, Move.RETIRE): ReviewState.RETIRED,
    (ReviewState.RETIRED, Move.RESTORE): ReviewState.APPROVED,
}


class ReviewAction(Base):
    """One move of one version, with its comment. Append-only."""

    __tablename__ = "review_action"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    move: Mapped[Move] = mapped_column(enum_type(Move))
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


def move(
    session: Session,
    version: ItemVersion,
    step: Move,
    *,
    by: int,
    comment: str,
    at: datetime,
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> ReviewAction:
    """Take one step of the review, if the table allows it and the person may.

    ``reasons`` say by rule why advice on item writing is not followed; they are needed on submission only.
    """
    comment = comment.strip()
    check(session, version, step, by=by, comment=comment)
    if step is Move.SUBMIT:
        check_reasons(version, reasons)
        keep_reasons(session, version, reasons, by=by, at=at)
    if step is Move.APPROVE and (replaced := version.item.approved):
        # One version of an item may be used at a time.
        take(session, replaced, Move.RETIRE, by=by, comment=f"Replaced by version {version.number}.", at=at)
    return take(session, version, step, by=by, comment=comment, at=at)


def check(session: Session, version: ItemVersion, step: Move, *, by: int, comment: str) -> None:
    if (version.state, step) not in MOVES:
        raise RuleViolation("This cannot be done now: the item is in another state. Reload the page.")
    if step is Move.SUBMIT and hindrances(session, version):
        raise RuleViolation("Finish the item first: what is missing is listed on its page.")
    if step in (Move.SEND_BACK, Move.RETIRE) and not comment:
        raise RuleViolation("Write a comment: it tells the author what to do, and others why.")
    if step in (Move.SEND_BACK, Move.APPROVE) and by in writers(session, version.item):
        raise RuleViolation("You wrote on this item, so somebody else must review it.")


def hindrances(session: Session, version: ItemVersion) -> list[str]:
    """Everything that keeps a draft from review: what is missing, and what the lint rules forbid."""
    return hindrances_in(current_framework(session), version)


def hindrances_in(framework: Framework, version: ItemVersion) -> list[str]:
    content = CONTENT_OF[version.item.kind].model_validate(version.content)
    return [
        *problems(version, framework),
        *dict.fromkeys(finding.message for finding in blocking(content)),
    ]


def left_out(framework: Framework, version: ItemVersion) -> list[str]:
    """What keeps a draft from being sent in with others: advice that is not followed needs a reason of its own."""
    unexplained = [_("Follow the advice on its page, or send it in from there with a reason.")]
    return [*hindrances_in(framework, version), *(unexplained if standing_advice(version) else [])]


def take(session: Session, version: ItemVersion, step: Move, *, by: int, comment: str, at: datetime) -> ReviewAction:
    """Write the step. The old state and text are part of the condition, so of two people at once only one takes it."""
    times = {Move.SUBMIT: {"submitted_at": at}, Move.APPROVE: {"approved_at": at}}
    taken = session.execute(
        update(ItemVersion)
        .where(
            ItemVersion.id == version.id,
            ItemVersion.state == version.state,
            ItemVersion.edit_count == version.edit_count,  # the text that was checked
        )
        .values(state=MOVES[version.state, step], **times.get(step, {}))
        .returning(ItemVersion.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is None:
        raise RuleViolation("This cannot be done now: the item is in another state. Reload the page.")
    session.refresh(version)
    action = ReviewAction(item_version_id=version.id, move=step, actor_id=by, comment=comment, at=at)
    session.add(action)
    session.flush()
    audit.record(session, f"item.{step}", "item", version.item.code, by=by, at=at, version=version.number)
    return action


def release_as_sample(session: Session, item: Item, *, by: int, at: datetime) -> None:
    """From now on the item may stand on practice forms, where candidates see its key and rationale."""
    if item.approved is None:
        raise RuleViolation("Only an approved item can become a sample.")
    if item.is_sample:
        raise RuleViolation("This item is a sample already.")
    item.is_sample = True
    session.flush()
    audit.record(session, "item.released_as_sample", "item", item.code, by=by, at=at)


@dataclass(frozen=True)
class Submission:
    """What became of drafts that were sent in together, by the codes of their items."""

    submitted: list[str]
    unfinished: list[str]


def submit_all(session: Session, drafts: Iterable[ItemVersion], *, by: int, at: datetime) -> Submission:
    """Send the finished drafts to review; the others stay drafts."""
    framework = current_framework(session)
    drafts = [version for version in drafts if version.state is ReviewState.DRAFT][:SUBMITTED_AT_ONCE]
    ready = [version for version in drafts if not left_out(framework, version)]
    taken = set(
        session.scalars(
            update(ItemVersion)
            .where(
                tuple_(ItemVersion.id, ItemVersion.edit_count).in_([(v.id, v.edit_count) for v in ready]),
                ItemVersion.state == ReviewState.DRAFT,
            )
            .values(state=MOVES[ReviewState.DRAFT, Move.SUBMIT], submitted_at=at)
            .returning(ItemVersion.id)
            .execution_options(synchronize_session=False)
        )
    )
    submitted = [version for version in ready if version.id in taken]
    for version in submitted:
        session.expire(version, ["state", "submitted_at"])
        session.add(ReviewAction(item_version_id=version.id, move=Move.SUBMIT, actor_id=by, comment="", at=at))
        audit.record(session, "item.submit", "item", version.item.code, by=by, at=at, version=version.number)
    session.flush()
    codes = {version.item.code for version in submitted}
    return Submission(sorted(codes), sorted({version.item.code for version in drafts} - codes))


def history(session: Session, item: Item) -> list[ReviewAction]:
    """The steps of all versions of an item, newest first."""
    return list(
        session.scalars(
            select(ReviewAction)
            .join(ItemVersion, ItemVersion.id == ReviewAction.item_version_id)
            .where(ItemVersion.item_id == item.id)
            .order_by(ReviewAction.at.desc(), ReviewAction.id.desc())
        )
    )


def in_review_for(session: Session, reviewer: int) -> list[ItemVersion]:
    """What waits for this reviewer: versions in review of items they did not write on, in the order of their queue."""
    return list(session.scalars(queue_of(reviewer)))


def queue_of(reviewer: int) -> Select[ItemVersion]:
    """First what the reviewer was asked for, the most urgent first; then the rest, longest waiting first."""
    due = (
        select(ReviewAssignment.due_on)
        .where(ReviewAssignment.item_version_id == ItemVersion.id, ReviewAssignment.reviewer_id == reviewer)
        .scalar_subquery()
    )
    waiting = queue().where(ItemVersion.item_id.not_in(written_by(reviewer)))
    return waiting.order_by(None).order_by(due.is_(None), due, ItemVersion.submitted_at, ItemVersion.id)


def due_dates(session: Session, reviewer: int, versions: Iterable[ItemVersion]) -> dict[int, date]:
    """Until when the reviewer was asked to review these, by the ids of the versions."""
    ids = [version.id for version in versions]
    asked = select(ReviewAssignment).where(ReviewAssignment.reviewer_id == reviewer)
    found = session.scalars(asked.where(ReviewAssignment.item_version_id.in_(ids)))
    return {entry.item_version_id: entry.due_on for entry in found}


def queue() -> Select[ItemVersion]:
    """Everything in review, longest waiting first."""
    return (
        select(ItemVersion)
        .join(ItemVersion.item)
        .options(contains_eager(ItemVersion.item))
        .where(ItemVersion.state == ReviewState.IN_REVIEW)
        .order_by(ItemVersion.submitted_at, ItemVersion.id)
    )


def next_for(session: Session, reviewer: int, after: ItemVersion) -> ItemVersion | None:
    """What comes after a version in this reviewer's queue; behind the last one, the first again."""
    waiting = [version for version in in_review_for(session, reviewer) if version.item_id != after.item_id]
    due = due_dates(session, reviewer, [after, *waiting])

    def place(version: ItemVersion) -> tuple[date, datetime | None, int]:
        return due.get(version.id, date.max), version.submitted_at, version.id

    later = (version for version in waiting if place(version) > place(after))
    return next(later, waiting[0] if waiting else None)


def sent_back_to(session: Session, author: int) -> list[ItemVersion]:
    """What came back to this author and has no new version yet, the longest ago first."""
    returned = session.scalars(
        select(ItemVersion)
        .join(ItemVersion.item)
        .options(contains_eager(ItemVersion.item))
        .where(
            ItemVersion.state == ReviewState.SENT_BACK,
            ItemVersion.id.in_(newest_ids()),
            or_(Item.author_id == author, ItemVersion.editor_id == author),
        )
        .order_by(ItemVersion.submitted_at, ItemVersion.id)
    )
    return list(returned)
