"""The endorsement file of a person for one level and track, and what is recorded in it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.accounts.models import User
from question_bank.base import Base, enum_type


class EndorsementFile(Base):
    __tablename__ = "endorsement_file"
    __table_args__ = (
        UniqueConstraint("user_id", "level", "track"),
        CheckConstraint("level IN (3, 4)", name="level_known"),
        CheckConstraint("(level = 3) = (track = '')", name="track_at_level_4"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # What people call it, such as EF-2026-0007.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    level: Mapped[int]
    # "" at Level 3, which has no tracks (a NULL would escape the unique constraint).
    track: Mapped[str] = mapped_column(String(30), default="")
    # The requirement table in force when the file was opened.
    requirements_id: Mapped[int] = mapped_column(ForeignKey("rule_document.id"))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")
    components: Mapped[list["ComponentRecord"]] = relationship(order_by="ComponentRecord.id", lazy="selectin")
    written_examinations: Mapped[list["WrittenExaminationRecord"]] = relationship(
        back_populates="file", order_by="WrittenExaminationRecord.id", lazy="selectin"
    )


class ComponentState(StrEnum):
    IN_PROGRESS = "in_progress"
    MET = "met"
    NOT_MET = "not_met"
    WAIVED = "waived"


class ComponentRecord(Base):
    """What an administrator recorded about one requirement. The latest row counts; older rows stay. Append-only."""

    __tablename__ = "component_record"
    __append_only__ = True
    __table_args__ = (Index("ix_component_record_file_requirement", "file_id", "requirement"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("endorsement_file.id"))
    # Code in the requirement table, such as "portfolio-review-1". Never the written examination.
    requirement: Mapped[str] = mapped_column(String(60))
    state: Mapped[ComponentState] = mapped_column(enum_type(ComponentState))
    amount: Mapped[Decimal | None]
    occurred_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text)
    # Who verified the evidence: for the portfolio review, the reviewer.
    verified_by: Mapped[str] = mapped_column(String(200))
    # The verifier's account, when they have one: keeps portfolio reviewers from rating the same person.
    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Outcome(StrEnum):
    PASS = "pass"  # nosec B105 # an outcome, not a password
    FAIL = "fail"
    VOID = "void"
    NO_SHOW = "no_show"


class WrittenExaminationRecord(Base):
    """The decision of one registration as a component of the file: evidence, append-only, signed.

    Written by the release of results and by nothing else; a later correction is a new row that names the one it
    replaces.
    """

    __tablename__ = "written_examination_record"
    __append_only__ = True
    __table_args__ = (
        CheckConstraint("released_by_id <> confirmed_by_id", name="two_people"),
        CheckConstraint("(outcome IN ('pass', 'fail')) = (scoring_run_id IS NOT NULL)", name="scored_has_run"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # What a pass record is called, such as WX-2026-000123.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("endorsement_file.id"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome))
    # One entry per part: {"part", "raw", "maximum", "percent", "cut_percent", "passed"}; marks as decimal strings.
    parts: Mapped[list[dict[str, Any]]]
    reason: Mapped[str] = mapped_column(Text, default="")
    sat_on: Mapped[date | None]
    scoring_run_id: Mapped[int | None] = mapped_column(ForeignKey("scoring_run.id"))
    form_sha256: Mapped[str] = mapped_column(ForeignKey("sealed_form.sha256"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("rule_document.id"))
    released_at: Mapped[datetime]
    released_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("written_examination_record.id"), unique=True)
    # Compact JWS (Ed25519) over the canonical JSON of the record.
    signature: Mapped[str] = mapped_column(Text)

    file: Mapped[EndorsementFile] = relationship(back_populates="written_examinations", lazy="joined")
    replaces: Mapped["WrittenExaminationRecord | None"] = relationship(
        remote_side="WrittenExaminationRecord.id", lazy="select"
    )
