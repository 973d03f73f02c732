"""Items and their versions: what the bank is made of.

An item is a name; its content lives in versions. A version is frozen when it is submitted for review: a later
change makes the next version, so what was reviewed, used on a form or answered can always be shown again.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.base import Base, enum_type

WRITTEN_HERE = "written here"


class ItemKind(StrEnum):
    SINGLE_BEST_ANSWER = "single_best_answer"
    MULTIPLE_RESPONSE = "multiple_response"
    TRUE_FALSE = "true_false"
    MATCHING = "matching"
    SHORT_TEXT = "short_text"
    ESSAY = "essay"


class CognitiveLevel(StrEnum):
    RECALL = "recall"
    APPLICATION = "application"
    ANALYSIS = "analysis"


class ReviewState(StrEnum):
    """Where a version stands. Which steps lead from one to another is said by ``review.MOVES`` alone."""

    DRAFT = "draft"
    CONTENT_REVIEW = "content_review"
    EDITORIAL_REVIEW = "editorial_review"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    PRETEST = "pretest"
    OPERATIONAL = "operational"
    RETIRED = "retired"


IN_REVIEW = (ReviewState.CONTENT_REVIEW, ReviewState.EDITORIAL_REVIEW)
# Review is over and the version is not retired: approved, being tried out, or in use.
STANDING = (ReviewState.APPROVED, ReviewState.PRETEST, ReviewState.OPERATIONAL)


IN_USE = text("state = 'operational'")


class Item(Base):
    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    # What people call it: the area's prefix and a number, such as TF-0042.
    code: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[ItemKind] = mapped_column(enum_type(ItemKind))
    is_sample: Mapped[bool] = mapped_column(default=False)
    # The vignette set in which it travels, named after the item that began the set (see item_sets.py).
    set_code: Mapped[str | None] = mapped_column(String(12), index=True)
    # Where it came from: WRITTEN_HERE, or the file and row of an import.
    source: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]

    versions: Mapped[list["ItemVersion"]] = relationship(
        back_populates="item", order_by="ItemVersion.number", cascade="all, delete-orphan"
    )

    @property
    def latest(self) -> "ItemVersion":
        return self.versions[-1]

    @property
    def in_use(self) -> "ItemVersion | None":
        """The version that counts on forms: the operational one."""
        return next((v for v in reversed(self.versions) if v.state is ReviewState.OPERATIONAL), None)

    @property
    def standing(self) -> "list[ItemVersion]":
        """The versions that were approved and are not retired; of these one at most is in use."""
        return [version for version in self.versions if version.state in STANDING]


class ItemVersion(Base):
    __tablename__ = "item_version"
    # Content is fixed once submitted; the database refuses a change of these columns then (migrations/triggers.py).
    __frozen_when__ = "submitted_at"
    __frozen_columns__ = (
        "content", "area", "levels", "tracks", "responsibility_codes", "rationale", "reference", "title", "editor_id",
        "competency", "cognitive_level",
    )  # fmt: skip
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted_unless_draft"),
        # An approved version may be retired later, so approval time outlives the state.
        CheckConstraint(
            "state NOT IN ('approved', 'pretest', 'operational') OR approved_at IS NOT NULL", name="approved_has_time"
        ),
        Index("ix_item_version_state_area", "state", "area"),
        # The list of the bank: the last changed first, and how many there are of what, without reading any text.
        Index("ix_item_version_updated_at", "updated_at"),
        Index("ix_item_version_latest", "item_id", "number", "state", "area"),
        # One version of an item counts at a time.
        Index("ix_item_version_in_use", "item_id", unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int]
    state: Mapped[ReviewState] = mapped_column(enum_type(ReviewState), default=ReviewState.DRAFT)
    # A short name for lists; for an essay the title of its vignette.
    title: Mapped[str] = mapped_column(String(200), default="")
    # What the kind needs: see item_kinds.
    content: Mapped[dict[str, Any]]
    area: Mapped[str | None] = mapped_column(String(60))
    levels: Mapped[list[int]]
    tracks: Mapped[list[str]]
    responsibility_codes: Mapped[list[str]]
    competency: Mapped[str | None] = mapped_column(String(10))
    cognitive_level: Mapped[CognitiveLevel | None] = mapped_column(enum_type(CognitiveLevel))
    rationale: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    # Who wrote this version: may be another author than the item's first.
    editor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    # Counts saves of a draft, so that a stale page is noticed instead of overwriting.
    edit_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship(back_populates="versions")
    term_rows: Mapped[list["ItemTerm"]] = relationship(
        order_by="ItemTerm.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def is_overtaken(self) -> bool:
        """A newer version of the item is tried out or in use, so this one comes into use no more."""
        tried = (ReviewState.PRETEST, ReviewState.OPERATIONAL)
        return any(other.number > self.number and other.state in tried for other in self.item.versions)

    @property
    def terms(self) -> list[str]:
        """Term codes within the area; the first is the primary one, by which forms are balanced."""
        return [row.term for row in self.term_rows]

    @terms.setter
    def terms(self, codes: list[str]) -> None:
        if codes != self.terms:
            self.term_rows = [ItemTerm(position=position, term=code) for position, code in enumerate(codes)]

    @property
    def primary_term(self) -> str:
        return self.terms[0] if self.term_rows else ""


class ItemTerm(Base):
    __tablename__ = "item_term"

    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(String(60), index=True)
