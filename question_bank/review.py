"""Review: the table of allowed moves, sign-offs and comments."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, contains_eager, joinedload, mapped_column

from question_bank import audit
from question_bank.base import Base, enum_type
from question_bank.errors import RuleViolation
from question_bank.framework import current_framework
from question_bank.item_kinds import CONTENT_OF
from question_bank.item_search import newest_ids
from question_bank.item_writing import problems, writers
from question_bank.items import Item, ItemVersion, ReviewState
from question_bank.lint import blocking


class Move(StrEnum):
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    RETIRE = "retire"


MOVES: dict[tuple[ReviewState, Move], ReviewState] = {
    (ReviewState.DRAFT, Move.SUBMIT): ReviewState.IN_REVIEW,
    (ReviewState.IN_REVIEW, Move.SEND_BACK): ReviewState.SENT_BACK,
    (ReviewState.IN_REVIEW, Move.APPROVE): ReviewState.APPROVED,
    (ReviewState.APPROVED, Move.RETIRE): ReviewState.RETIRED,
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


def move(session: Session, version: ItemVersion, step: Move, *, by: int, comment: str, at: datetime) -> ReviewAction:
    """Take one step of the review, if the table allows it and the person may."""
    comment = comment.strip()
    check(session, version, step, by=by, comment=comment)
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
    content = CONTENT_OF[version.item.kind].model_validate(version.content)
    return [
        *problems(version, current_framework(session)),
        *dict.fromkeys(finding.message for finding in blocking(content)),
    ]


def take(session: Session, version: ItemVersion, step: Move, *, by: int, comment: str, at: datetime) -> ReviewAction:
    """Write the step. The old state is part of the condition, so of two people at once only one takes it."""
    times = {Move.SUBMIT: {"submitted_at": at}, Move.APPROVE: {"approved_at": at}}
    taken = session.execute(
        update(ItemVersion)
        .where(ItemVersion.id == version.id, ItemVersion.state == version.state)
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
    """What waits for this reviewer, longest waiting first: versions in review of items they did not write on."""
    waiting = session.scalars(
        select(ItemVersion)
        .options(joinedload(ItemVersion.item))
        .where(ItemVersion.state == ReviewState.IN_REVIEW)
        .order_by(ItemVersion.submitted_at, ItemVersion.id)
    )
    return [version for version in waiting if reviewer not in writers(session, version.item)]


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
