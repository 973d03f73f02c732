"""The tables of exam forms."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.base import Base, enum_type
from question_bank.errors import RuleViolation
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_policy import PART_ONE, PART_TWO
from question_bank.items import ItemVersion
from question_bank.rule_documents import RuleDocument


class FormPurpose(StrEnum):
    EXAM = "exam"
    PRACTICE = "practice"


class ExamForm(Base):
    """A form in the making: Part One from a blueprint and a seed, Part Two by slot groups per level and track."""

    __tablename__ = "exam_form"
    __table_args__ = (
        CheckConstraint("(sealed_sha256 IS NULL) = (sealed_at IS NULL)", name="sealed_has_time"),
        CheckConstraint("(sealed_sha256 IS NULL) = (sealed_by_id IS NULL)", name="sealed_has_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    purpose: Mapped[FormPurpose] = mapped_column(enum_type(FormPurpose), default=FormPurpose.EXAM)
    blueprint_id: Mapped[int] = mapped_column(ForeignKey("exam_blueprint.id"))
    # The exam policy whose slot groups Part Two fills.
    policy_id: Mapped[int] = mapped_column(ForeignKey("rule_document.id"))
    seed: Mapped[int]
    # Ids of the forms none of whose items and vignettes may stand on this one.
    differs_from: Mapped[list[int]]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    sealed_sha256: Mapped[str | None] = mapped_column(ForeignKey("sealed_form.sha256"), unique=True)
    sealed_at: Mapped[datetime | None]
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    blueprint: Mapped[ExamBlueprint] = relationship(lazy="joined")
    policy: Mapped[RuleDocument] = relationship(lazy="joined")
    entries: Mapped[list["FormEntry"]] = relationship(
        order_by="FormEntry.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def sealed(self) -> bool:
        return self.sealed_sha256 is not None

    @property
    def part_one(self) -> list["FormEntry"]:
        return [entry for entry in self.entries if entry.part == PART_ONE]

    def slot_group(self, code: str) -> list["FormEntry"]:
        return [entry for entry in self.entries if entry.part == PART_TWO and entry.slot_group == code]


def refuse_sealed(form: ExamForm) -> None:
    if form.sealed:
        raise RuleViolation("“%(title)s” is sealed; nothing in it can change.", title=form.title)


class FormEntry(Base):
    """One item version on a form: of Part One by position, of Part Two also by slot group."""

    __tablename__ = "form_entry"
    __table_args__ = (
        UniqueConstraint("form_id", "part", "slot_group", "position"),
        UniqueConstraint("form_id", "part", "slot_group", "item_version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("exam_form.id"), index=True)
    part: Mapped[str] = mapped_column(String(20))
    # "" in Part One; in Part Two the slot group's code of the exam policy, such as "l4-clinical-supervisory".
    slot_group: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)

    item_version: Mapped[ItemVersion] = relationship(lazy="joined")


class SealedForm(Base):
    """The frozen document. Append-only."""

    __tablename__ = "sealed_form"
    __append_only__ = True

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Canonical JSON text, byte for byte what the digest was taken over.
    document: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime]


class FormKey(Base):
    """A version of the keys of a sealed form: version 1 at sealing; a correction is the next version. Append-only."""

    __tablename__ = "form_key"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("form_sha256", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_sha256: Mapped[str] = mapped_column(ForeignKey("sealed_form.sha256"))
    version: Mapped[int]
    # A KeyDocument: see sealed_documents.py.
    keys: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
