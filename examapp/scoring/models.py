"""Scoring runs, blind ratings of essays, decisions and their release."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.base import Base, enum_type


class EssayResponse(Base):
    """The text of one essay as raters see it: a random code, no way to a person. Append-only."""

    __tablename__ = "essay_response"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    form_sha256: Mapped[str] = mapped_column(ForeignKey("sealed_form.sha256"))
    item: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    word_count: Mapped[int]
    collected_at: Mapped[datetime]

    tasks: Mapped[list["RatingTask"]] = relationship(back_populates="response", order_by="RatingTask.reading")


class EssayResponseSource(Base):
    """The only link from an essay to the part it was written in. Raters' queries never touch this table."""

    __tablename__ = "essay_response_source"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("registration_id", "item"),)

    essay_response_id: Mapped[int] = mapped_column(ForeignKey("essay_response.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    item: Mapped[str] = mapped_column(String(12))


class RatingTask(Base):
    """One rater's reading of one essay. Reading 3 is the adjudication."""

    __tablename__ = "rating_task"
    __frozen_when__ = "locked_at"
    __frozen_columns__ = ("levels", "comment", "rater_id", "reading")
    __table_args__ = (
        UniqueConstraint("essay_response_id", "reading"),
        UniqueConstraint("essay_response_id", "rater_id"),
        CheckConstraint("reading BETWEEN 1 AND 3", name="reading_1_to_3"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # In the address of the page; random, so it tells nothing about order or person.
    code: Mapped[str] = mapped_column(String(12), unique=True)
    essay_response_id: Mapped[int] = mapped_column(ForeignKey("essay_response.id"), index=True)
    rater_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reading: Mapped[int]
    assigned_at: Mapped[datetime]
    # Rubric dimension -> level, while drafting and as locked.
    levels: Mapped[dict[str, Any]]
    comment: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]

    response: Mapped[EssayResponse] = relationship(back_populates="tasks", lazy="joined")


class RaterConflict(Base):
    """A rater who knows a candidate never reads them."""

    __tablename__ = "rater_conflict"

    rater_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class ScoringRun(Base):
    """One computation of all marks of an administration: form, key version and rules are named. Append-only."""

    __tablename__ = "scoring_run"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("administration_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    number: Mapped[int]
    form_sha256: Mapped[str] = mapped_column(ForeignKey("sealed_form.sha256"))
    form_key_id: Mapped[int] = mapped_column(ForeignKey("form_key.id"))
    rules_version: Mapped[str] = mapped_column(String(20))
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class ItemMark(Base):
    """The mark of one response in one run. Append-only."""

    __tablename__ = "item_mark"
    __append_only__ = True

    run_id: Mapped[int] = mapped_column(ForeignKey("scoring_run.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(12), primary_key=True)
    part: Mapped[str] = mapped_column(String(20))
    # Part One: the answer as the log keeps it ("" for none). Part Two: the code of the essay response ("" for none).
    response: Mapped[str] = mapped_column(Text)
    mark: Mapped[Decimal]
    maximum: Mapped[Decimal]
    # How it came about: {"key": "c"}, or the rubric totals of each reading and whether it was adjudicated.
    evidence: Mapped[dict[str, Any]]


class PartScore(Base):
    """The raw score of one part in one run, against its cut score. Append-only."""

    __tablename__ = "part_score"
    __append_only__ = True

    run_id: Mapped[int] = mapped_column(ForeignKey("scoring_run.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    raw: Mapped[Decimal]
    maximum: Mapped[Decimal]
    percent: Mapped[Decimal]
    cut_percent: Mapped[Decimal]
    passed: Mapped[bool]
    # What a candidate may be told: [{"kind": "area" | "dimension", "code", "title", "raw", "maximum"}].
    breakdown: Mapped[list[dict[str, Any]]]


class DecisionOutcome(StrEnum):
    PASS = "pass"  # nosec B105 # an outcome, not a password
    FAIL = "fail"
    VOID = "void"
    NO_SHOW = "no_show"
    PENDING = "pending"


class Decision(Base):
    """What one run decides for one registration. Append-only."""

    __tablename__ = "decision"
    __append_only__ = True

    run_id: Mapped[int] = mapped_column(ForeignKey("scoring_run.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    outcome: Mapped[DecisionOutcome] = mapped_column(enum_type(DecisionOutcome))
    # Why it is void or pending, in a sentence for administrators.
    reason: Mapped[str] = mapped_column(Text, default="")


class ResultRelease(Base):
    """The release of a run's decisions: one administrator proposes, another confirms."""

    __tablename__ = "result_release"
    __write_once__ = ("proposed_at", "confirmed_at")
    __table_args__ = (
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="not_confirmed_and_withdrawn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("scoring_run.id"), index=True)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
