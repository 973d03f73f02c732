"""What reviewers and authors say about one place of a version: threads that stay with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from question_bank import audit
from question_bank.base import Base
from question_bank.errors import RuleViolation
from question_bank.item_kinds import OPTION_IDS, Essay, content_of
from question_bank.item_writing import writers, written_by
from question_bank.items import Item, ItemVersion, ReviewState
from question_bank.translations import source_texts


class ReviewComment(Base):
    """A remark on one place, or an answer to one. What was said stays; a thread is settled once."""

    __tablename__ = "review_comment"
    __frozen_when__ = "at"
    __frozen_columns__ = ("item_version_id", "anchor", "parent_id", "author_id", "text")
    __write_once__ = ("settled_at", "settled_by_id")
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_someone"),
        CheckConstraint("parent_id IS NULL OR settled_at IS NULL", name="thread_is_settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    # The place: "general", "stem", "option:a", "rubric:insight", …
    anchor: Mapped[str] = mapped_column(String(80))
    # The first remark of the thread that this one answers.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("review_comment.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


@dataclass(frozen=True)
class Thread:
    """A remark with its answers."""

    version: ItemVersion
    first: ReviewComment
    answers: list[ReviewComment]

    @property
    def comments(self) -> list[ReviewComment]:
        return [self.first, *self.answers]

    @property
    def is_open(self) -> bool:
        return self.first.settled_at is None


def anchors_of(version: ItemVersion) -> list[str]:
    """The places of a version that can be remarked on, in the order in which they are read; the whole of it last."""
    content = content_of(version.item.kind, version.content)
    anchors = [anchor_of(place) for place in source_texts(content, version.title)]
    if isinstance(content, Essay):
        anchors += [f"rubric:{dimension.code}" for dimension in content.rubric.dimensions]
    else:
        anchors += ["key", "rationale", "reference"]
    return [*anchors, "tags", "general"]


def anchor_of(place: str) -> str:
    """The anchor of a place of ``source_texts``: an option is named by its letter, a line to be matched by a number."""
    if place in OPTION_IDS:
        return f"option:{place}"
    return f"premise:{place}" if place.isdigit() else place


def remark(session: Session, version: ItemVersion, anchor: str, text: str, *, by: int, at: datetime) -> ReviewComment:
    """Begin a thread at one place of a version."""
    if version.state is ReviewState.DRAFT:
        raise RuleViolation("This is a draft. It can be remarked on when it has been sent to review.")
    if anchor not in anchors_of(version):
        raise RuleViolation("Choose a place of the item.")
    return write(session, version, anchor, text, None, by=by, at=at)


def answer(session: Session, thread: ReviewComment, text: str, *, by: int, at: datetime) -> ReviewComment:
    if thread.parent_id is not None:
        raise ValueError("An answer is given to a thread, not to another answer.")
    version = session.get_one(ItemVersion, thread.item_version_id)
    return write(session, version, thread.anchor, text, thread.id, by=by, at=at)


def write(
    session: Session, version: ItemVersion, anchor: str, text: str, parent: int | None, *, by: int, at: datetime
) -> ReviewComment:
    if not text.strip():
        raise RuleViolation("Write what you want to say.")
    comment = ReviewComment(
        item_version_id=version.id, anchor=anchor, parent_id=parent, author_id=by, text=text.strip(), at=at
    )
    session.add(comment)
    session.flush()
    said = {"version": version.number, "anchor": anchor}
    audit.record(session, "item.commented", "item", version.item.code, by=by, at=at, **said)
    return comment


def settle(session: Session, thread: ReviewComment, *, by: int, at: datetime) -> None:
    """Done with: said by whoever began the thread, or by somebody who wrote the item."""
    version = session.get_one(ItemVersion, thread.item_version_id)
    if thread.settled_at is not None:
        raise RuleViolation("This was settled already.")
    if by != thread.author_id and by not in writers(session, version.item):
        raise RuleViolation("Only who began this thread, and who wrote the item, can settle it.")
    thread.settled_at, thread.settled_by_id = at, by
    session.flush()
    said = {"version": version.number, "anchor": thread.anchor}
    audit.record(session, "item.comment_settled", "item", version.item.code, by=by, at=at, **said)


def threads_of(session: Session, item: Item) -> list[Thread]:
    """Everything that was said of an item, the newest version first, each thread in the order of time."""
    versions = {version.id: version for version in item.versions}
    said = select(ReviewComment).where(ReviewComment.item_version_id.in_(versions)).order_by(ReviewComment.id)
    threads: dict[int, Thread] = {}
    for comment in session.scalars(said):
        if comment.parent_id is None:
            threads[comment.id] = Thread(versions[comment.item_version_id], comment, [])
        else:
            threads[comment.parent_id].answers.append(comment)
    return sorted(threads.values(), key=lambda thread: -thread.version.number)


def shown_with(threads: Iterable[Thread], version: ItemVersion) -> list[Thread]:
    """What is read beside a version: all that was said of it, and what is still open of those before."""
    return [
        thread
        for thread in threads
        if thread.version is version or (thread.is_open and thread.version.number < version.number)
    ]


def has_remarked(session: Session, version: ItemVersion, person: int) -> bool:
    """Whether this person has a thread on this version that is still open."""
    own = select(ReviewComment.id).where(
        ReviewComment.item_version_id == version.id,
        ReviewComment.author_id == person,
        ReviewComment.parent_id.is_(None),
        ReviewComment.settled_at.is_(None),
    )
    return session.scalar(own.limit(1)) is not None


def count_waiting(session: Session, person: int) -> int:
    """How many open threads wait for this person: they began it or wrote the item, and the last word is another's."""
    said = aliased(ReviewComment)
    last = select(said.author_id).where(or_(said.id == ReviewComment.id, said.parent_id == ReviewComment.id))
    waiting = (
        select(func.count())
        .select_from(ReviewComment)
        .join(ItemVersion, ItemVersion.id == ReviewComment.item_version_id)
        .where(
            ReviewComment.parent_id.is_(None),
            ReviewComment.settled_at.is_(None),
            ItemVersion.state != ReviewState.RETIRED,
            or_(ReviewComment.author_id == person, ItemVersion.item_id.in_(written_by(person))),
            last.order_by(said.id.desc()).limit(1).scalar_subquery() != person,
        )
    )
    return session.scalar(waiting) or 0
