"""What a proctor writes down."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.base import Base, enum_type


class IncidentCategory(StrEnum):
    ENVIRONMENT = "environment"
    CANDIDATE = "candidate"
    STAFF = "staff"
    TECHNICAL = "technical"


class Incident(Base):
    """Something that happened in the room, about one candidate or all. Append-only."""

    __tablename__ = "incident"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    category: Mapped[IncidentCategory] = mapped_column(enum_type(IncidentCategory))
    description: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
