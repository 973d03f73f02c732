"""Administrations, registrations, accommodations."""

from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.accounts.models import User
from examapp.endorsements.models import EndorsementFile
from question_bank.base import Base, enum_type
from question_bank.rule_documents import RuleDocument


class Administration(Base):
    """A date or window in which one sealed form is given."""

    __tablename__ = "administration"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    # The window; times are shown in ``time_zone`` and in the reader's own.
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(String(60))
    form_sha256: Mapped[str] = mapped_column(ForeignKey("sealed_form.sha256"))
    # Whether a proctor admits each candidate, identity checked, before they can start.
    proctored: Mapped[bool] = mapped_column(default=False)
    # A rehearsal from sample items: open to every registered candidate, repeatable, never scored or recorded.
    practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether each candidate sees the options of a question in an order of their own.
    shuffle_options: Mapped[bool] = mapped_column(default=False, server_default=false())
    # New registrations are pinned to this exam policy.
    policy_id: Mapped[int] = mapped_column(ForeignKey("rule_document.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cancelled_at: Mapped[datetime | None]

    registrations: Mapped[list["Registration"]] = relationship(back_populates="administration")
    entry_rules: Mapped["EntryRules | None"] = relationship(lazy="select")
    policy: Mapped[RuleDocument] = relationship(lazy="select")


class Registration(Base):
    """One candidate for one administration, pinned to an exam policy."""

    __tablename__ = "registration"
    __write_once__ = ("started_at",)
    __table_args__ = (
        UniqueConstraint("administration_id", "candidate_id", "practice_round"),
        CheckConstraint("(withdrawn_at IS NULL) OR (voided_at IS NULL)", name="not_withdrawn_and_void"),
        CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # What is shown and mailed, such as R-7K2MQX: says nothing about the person or their order.
    code: Mapped[str] = mapped_column(String(12), unique=True)
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("endorsement_file.id"))
    level: Mapped[int]
    track: Mapped[str] = mapped_column(String(30), default="")
    policy_id: Mapped[int] = mapped_column(ForeignKey("rule_document.id"))
    # Codes of the parts to be taken: a retake has only the failed one.
    parts: Mapped[list[str]]
    registered_at: Mapped[datetime]
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    # Which rehearsal of this candidate it is; 0 for the examination itself.
    practice_round: Mapped[int] = mapped_column(default=0, server_default="0")
    # When the candidate's waiting room was last heard of.
    waiting_seen_at: Mapped[datetime | None]
    admitted_at: Mapped[datetime | None]
    admitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # When the first part was started: from then on the vignettes are seen, and dates and conditions stay as they are.
    started_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(Text, default="")

    administration: Mapped[Administration] = relationship(back_populates="registrations", lazy="joined")
    candidate: Mapped[User] = relationship(foreign_keys=[candidate_id], lazy="joined")
    file: Mapped[EndorsementFile] = relationship(lazy="select")
    policy: Mapped[RuleDocument] = relationship(lazy="select")
    accommodations: Mapped[list["Accommodation"]] = relationship(order_by="Accommodation.id", lazy="selectin")

    @property
    def active(self) -> bool:
        return self.withdrawn_at is None and self.voided_at is None

    @property
    def accommodation(self) -> "Accommodation | None":
        """The one in force: the latest grant that was not revoked."""
        return next((a for a in reversed(self.accommodations) if a.revoked_at is None), None)


class Accommodation(Base):
    """What was granted. Extra time is added to each part when it starts; breaks stop its clock."""

    __tablename__ = "accommodation"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_someone"),
        CheckConstraint("extra_minutes >= 0 AND break_minutes >= 0", name="minutes_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    # The allowance of each part is multiplied by the factor, then the minutes are added.
    factor: Mapped[Decimal]
    extra_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    # Minutes of each part during which the candidate may stop the clock.
    break_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    # What else is arranged, such as a separate room: for the proctor.
    arrangements: Mapped[str] = mapped_column(Text, default="", server_default="")
    reason: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    def extra_seconds(self, minutes: int) -> int:
        """What it adds to a part of so many minutes: the factor first, then the minutes. A begun second is whole."""
        by_factor = minutes * 60 * (self.factor - 1)
        return int(by_factor.to_integral_value(ROUND_CEILING)) + self.extra_minutes * 60


class AccommodationKind(StrEnum):
    EXTRA_TIME = "extra_time"
    BREAKS = "breaks"
    PAPER = "paper"
    SEPARATE_ROOM = "separate_room"
    ASSISTIVE_TECHNOLOGY = "assistive_technology"
    OTHER = "other"


class RequestDecision(StrEnum):
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"


class AccommodationRequest(Base):
    """What a candidate asks for, and what was decided. Seen by the candidate and the endorsement office alone."""

    __tablename__ = "accommodation_request"
    __frozen_when__ = "decided_at"
    __frozen_columns__ = ("registration_id", "kinds", "statement", "document_sha256", "decision", "decision_note")
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided_with_decision"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_someone"),
        CheckConstraint("(document_sha256 = '') = (document_name = '')", name="document_has_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    # Values of AccommodationKind.
    kinds: Mapped[list[str]]
    statement: Mapped[str] = mapped_column(Text)
    # From when to when the need is documented; NULL: without an end.
    documented_from: Mapped[date | None]
    documented_until: Mapped[date | None]
    # The uploaded document, kept under INSTANCE_PATH/uploads by its SHA-256; "" without one.
    document_sha256: Mapped[str] = mapped_column(String(64), default="")
    document_name: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime]
    # By when the office decides.
    due_at: Mapped[datetime] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    decision: Mapped[RequestDecision | None] = mapped_column(enum_type(RequestDecision))
    decision_note: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    registration: Mapped[Registration] = relationship(lazy="joined")


class WindowExtension(Base):
    """The window of an administration was made longer: by how much, why, by whom. Append-only."""

    __tablename__ = "window_extension"
    __append_only__ = True
    __table_args__ = (CheckConstraint("seconds > 0", name="seconds_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class EntryRules(Base):
    """What a device must show before a part is opened on it. Everything empty: nothing is asked."""

    __tablename__ = "entry_rules"

    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), primary_key=True)
    # Read out in the room; typed with the honour statement.
    access_code: Mapped[str] = mapped_column(String(40), default="")
    # Addresses in CIDR notation, such as 192.0.2.0/24.
    allowed_networks: Mapped[list[str]]
    # Keys of Safe Exam Browser, hexadecimal; several are valid at a time, so that a new version can be prepared.
    config_keys: Mapped[list[str]]
    browser_exam_keys: Mapped[list[str]]


class EntryOverride(Base):
    """This candidate may enter although the device does not show what is asked: why, by whom. Append-only."""

    __tablename__ = "entry_override"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User] = relationship(lazy="joined")
