"""Attempts, the time ledger and the log of response events."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
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


# Who holds the lease of a part that was written on paper.
PAPER = "paper"


class AttemptPart(Base):
    """One part being taken: its clock, its write lease and the head of its log."""

    __tablename__ = "attempt_part"
    __write_once__ = ("started_at", "closed_at")
    __table_args__ = (
        UniqueConstraint("attempt_id", "part"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint("accepts_until >= deadline_at", name="grace_not_negative"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_someone"),
        CheckConstraint("closed_at >= started_at AND closed_at <= deadline_at", name="closed_within_its_time"),
        CheckConstraint("last_seq >= 0", name="seq_not_negative"),
        CheckConstraint("stopped_left IS NULL OR stopped_left >= 0", name="stopped_left_not_negative"),
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
    # While the clock is stopped (see ClockStop): the seconds that were left. NULL while it runs. It stands here because
    # every receipt says it.
    stopped_left: Mapped[int | None]
    # How many messages of the room concern this part: every receipt says it, so the page knows when to fetch them.
    messages: Mapped[int] = mapped_column(default=0, server_default="0")
    # What the tab that writes reported last: changes it still keeps, and how far its clock is ahead of ours.
    unsent: Mapped[int] = mapped_column(default=0, server_default="0")
    clock_offset_ms: Mapped[int | None]

    attempt: Mapped[Attempt] = relationship(back_populates="parts", lazy="joined")
    adjustments: Mapped[list["TimeAdjustment"]] = relationship(order_by="TimeAdjustment.id")

    @property
    def on_paper(self) -> bool:
        """Whether it was typed in from paper. A tab that takes the lease raises the epoch, so none can pretend it."""
        return (self.lease_epoch, self.lease_holder) == (0, PAPER)


class EventKind(StrEnum):
    ANSWER = "answer"  # value: option id, or the text of an essay; "" clears it
    FLAG = "flag"  # value: "1" or ""
    CHOOSE = "choose"  # the candidate will answer this prompt of its slot group: "1" or ""
    NOTE = "note"  # a note to oneself; never scored, never shown to a rater
    STRIKE = "strike"  # the options struck out: their ids in order, separated by commas; "" for none


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
    PAUSE = "pause"  # as long as a proctor had stopped the clock
    BREAK = "break"  # as long as the candidate's own break stopped the clock


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


class StopKind(StrEnum):
    PAUSE = "pause"  # by a proctor; ends when a proctor resumes
    BREAK = "break"  # by the candidate, out of the minutes of their accommodation


class ClockStop(Base):
    """A time during which the clock of a part stands still. When it ends, its length goes into the time ledger."""

    __tablename__ = "clock_stop"
    __write_once__ = ("ended_at", "ended_by_id")
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        # One at a time.
        Index(
            "uq_clock_stop_open",
            "part_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("attempt_part.id"), index=True)
    kind: Mapped[StopKind] = mapped_column(enum_type(StopKind))
    reason: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    # NULL for a stop that nobody ended: the break was used up, or the part was closed.
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class LateAcceptance(Base):
    """Late events to be counted as answers after all: proposed with a reason, in force once somebody else confirms."""

    __tablename__ = "late_acceptance"
    __write_once__ = ("confirmed_at", "confirmed_by_id", "declined_at", "declined_by_id")
    __frozen_when__ = "proposed_at"
    __frozen_columns__ = ("part_id", "late_event_ids", "reason", "proposed_by_id")
    __table_args__ = (
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name="confirmed_or_declined"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("(declined_at IS NULL) = (declined_by_id IS NULL)", name="declined_by_someone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("attempt_part.id"), index=True)
    # The late events it is about; what arrives later needs an acceptance of its own.
    late_event_ids: Mapped[list[int]]
    reason: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    declined_at: Mapped[datetime | None]
    declined_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class DeviceCheck(Base):
    """What a candidate's device could do when they tried it in the waiting room. Append-only; the last one counts."""

    __tablename__ = "device_check"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    at: Mapped[datetime]
    # Whether the browser keeps changes on the device.
    storage: Mapped[bool]
    clock_offset_ms: Mapped[int]
    # How long a save took from asking to receipt.
    round_trip_ms: Mapped[int]
    # Whether the candidate heard the announcement; NULL when they use no screen reader.
    announcement_heard: Mapped[bool | None]
    user_agent: Mapped[str] = mapped_column(String(300))


class RoomMessage(Base):
    """What a proctor says to one candidate or to everybody. Append-only."""

    __tablename__ = "room_message"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    # NULL: to everybody.
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class PaperEntry(Base):
    """The answers of one part written on paper, as one person typed them in. Two do it; then they are compared."""

    __tablename__ = "paper_entry"
    __frozen_when__ = "transferred_at"
    __frozen_columns__ = ("registration_id", "part", "answers", "chosen", "started_at", "ended_at", "entered_by_id")
    __table_args__ = (
        UniqueConstraint("registration_id", "part", "entered_by_id"),
        CheckConstraint(
            "finished_at IS NULL OR (started_at IS NOT NULL AND ended_at IS NOT NULL AND ended_at > started_at)",
            name="finished_with_times",
        ),
        CheckConstraint("transferred_at IS NULL OR finished_at IS NOT NULL", name="transferred_when_finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    part: Mapped[str] = mapped_column(String(20))
    # Item or essay code -> option id or text; and the codes of the essays the candidate chose.
    answers: Mapped[dict[str, Any]]
    chosen: Mapped[list[str]]
    # When the candidate wrote, as the paper says.
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # When it was last changed, and when its writer called it complete; NULL while it is a draft.
    entered_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    # When the two agreed and became the attempt.
    transferred_at: Mapped[datetime | None]
