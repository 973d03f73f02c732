"""Administrations, registrations, accommodations."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.accounts.models import User
from examapp.endorsements.models import EndorsementFile
from question_bank.base import Base


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
    # New registrations are pinned to this exam policy.
    policy_id: Mapped[int] = mapped_column(ForeignKey("rule_document.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cancelled_at: Mapped[datetime | None]

    registrations: Mapped[list["Registration"]] = relationship(back_populates="administration")


class Registration(Base):
    """One candidate for one administration, pinned to an exam policy."""

    __tablename__ = "registration"
    __write_once__ = ("started_at",)
    __table_args__ = (
        UniqueConstraint("administration_id", "candidate_id"),
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
    accommodations: Mapped[list["Accommodation"]] = relationship(order_by="Accommodation.id", lazy="selectin")

    @property
    def active(self) -> bool:
        return self.withdrawn_at is None and self.voided_at is None

    @property
    def accommodation(self) -> "Accommodation | None":
        """The extra time in force: the latest grant that was not revoked."""
        return next((a for a in reversed(self.accommodations) if a.revoked_at is None), None)


class Accommodation(Base):
    """Granted extra time: the allowance of each part is multiplied by ``factor`` when it starts."""

    __tablename__ = "accommodation"
    __table_args__ = (CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_someone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    factor: Mapped[Decimal]
    reason: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
