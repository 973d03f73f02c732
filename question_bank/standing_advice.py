"""Advice that an author does not follow: each rule of it needs a written reason, which stays with the version."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank.base import Base
from question_bank.errors import RuleViolation
from question_bank.item_kinds import CONTENT_OF
from question_bank.items import Item, ItemVersion
from question_bank.lint import Finding, Severity, findings


class AdviceReason(Base):
    """Why a submitted version breaks a rule of item writing. Append-only."""

    __tablename__ = "advice_reason"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("item_version_id", "rule"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    # The code of a rule of the package lint.
    rule: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


def standing_advice(version: ItemVersion) -> dict[str, Finding]:
    """Rule -> what it remarks first, for the rules that need a reason when they are not followed."""
    content = CONTENT_OF[version.item.kind].model_validate(version.content)
    warnings = (found for found in findings(content, version.reference) if found.severity is Severity.WARN)
    return {found.rule: found for found in reversed(list(warnings))}


def check_reasons(version: ItemVersion, reasons: Mapping[str, str]) -> None:
    if any(not reasons.get(rule, "").strip() for rule in standing_advice(version)):
        raise RuleViolation("Follow the advice on item writing, or write why it does not fit this item.")


def keep_reasons(session: Session, version: ItemVersion, reasons: Mapping[str, str], *, by: int, at: datetime) -> None:
    """Write the reasons of what stands; a reason for what is mended meanwhile is left out."""
    for rule in standing_advice(version):
        reason = reasons[rule].strip()
        session.add(AdviceReason(item_version_id=version.id, rule=rule, reason=reason, by_id=by, at=at))
    session.flush()


def reasons_of(session: Session, version: ItemVersion) -> dict[str, str]:
    """Rule -> the reason that was given with this version."""
    given = select(AdviceReason).where(AdviceReason.item_version_id == version.id)
    return {entry.rule: entry.reason for entry in session.scalars(given)}


def last_reasons(session: Session, item: Item) -> dict[str, str]:
    """Rule -> the newest reason that was given with any version of an item."""
    given = select(AdviceReason).join(ItemVersion, ItemVersion.id == AdviceReason.item_version_id)
    newest_last = given.where(ItemVersion.item_id == item.id).order_by(AdviceReason.id)
    return {entry.rule: entry.reason for entry in session.scalars(newest_last)}
