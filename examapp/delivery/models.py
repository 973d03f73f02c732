"""Attempts, the time ledger and the log of response events."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.registration.models import Registration
from question_bank.base import Base, enum_type


class Attempt(Base):
    """One candidate's taking of the exam: made when the honour statement is accepted; one per registration."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)
    form_sha256: Mapped[str] = mapped_column(ForeignKey("sealed_form.sha256"))
    honour_accepted_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(lazy="joined")
    parts: Mapped[list["AttemptPart"]] = relationship(back_populates="attempt", order_by="AttemptPart.id")


class ClosedBy(StrEnum):
    CANDIDATE = "candidate"
    DEADLINE = "deadline"
    STAFF = "staff"


class AttemptPart(Base):
    """One part being taken: its clock, its write lease and the head of its log."""

    __tablename__ = "attempt_part"
    __write_once__ = ("started_at", "closed_at")
    __table_args__ = (
        UniqueConstraint("attempt_id", "part"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint("accepts_until >= deadline_at", name="grace_not_negative"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_someone"),
        CheckConstraint("last_seq >= 0", name="seq_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    part: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    # min(start + everything in the time ledger, end of the window); kept in step by delivery/clock.py.
    deadline_at: Mapped[datetime] = mapped_column(index=True)
    # The deadline plus the grace for the network: an event that arrives later is kept apart as late.
    accepts_until: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[ClosedBy | None] = mapped_column(enum_type(ClosedBy))
    # Who may write: the tab that holds the lease. Taking over raises the epoch, which the attempt token names.
    lease_epoch: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str] = mapped_column(String(40), default="")
    last_seq: Mapped[int] = mapped_column(default=0)
    # SHA-256 of the previous chain and the event; the first link is derived from the attempt.
    chain: Mapped[str] = mapped_column(String(64))
    last_seen_at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship(back_populates="parts", lazy="joined")
    adjustments: Mapped[list["TimeAdjustment"]] = relationship(order_by="TimeAdjustment.id")


class EventKind(StrEnum):
    ANSWER = "answer"  # value: option id, or the text of an essay; "" clears it
    FLAG = "flag"  # value: "1" or ""
    CHOOSE = "choose"  # the candidate will answer this prompt of its slot group: "1" or ""


class ResponseEvent(Base):
    """One saved change. Append-only; the current answer of an item is its last event."""

    __tablename__ = "response_event"
    __append_only__ = True

    part_id: Mapped[int] = mapped_column(ForeignKey("attempt_part.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(enum_type(EventKind))
    item: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(Text)
    # What the device's clock said, in milliseconds; evidence only, it decides nothing.
    client_ms: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    chain: Mapped[str] = mapped_column(String(64))


class LateEvent(Base):
    """A change that arrived after the part no longer accepted any: kept apart, never scored silently."""

    __tablename__ = "late_event"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("part_id", "seq", "lease_epoch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("attempt_part.id"), index=True)
    seq: Mapped[int]
    lease_epoch: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(enum_type(EventKind))
    item: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(Text)
    client_ms: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]


class TimeKind(StrEnum):
    ALLOWANCE = "allowance"
    ACCOMMODATION = "accommodation"
    GIVEN_BACK = "given_back"


class TimeAdjustment(Base):
    """A row of the time ledger: so many seconds, why, by whom. Append-only."""

    __tablename__ = "time_adjustment"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("attempt_part.id"), index=True)
    kind: Mapped[TimeKind] = mapped_column(enum_type(TimeKind))
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
