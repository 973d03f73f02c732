"""Rules as data with dates: versioned documents (framework, requirement tables, exam policies).

A document is never changed: a change makes the next version. What depends on one pins its id, so "which rules
applied to me?" always has an answer.
"""

import hashlib
import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit
from question_bank.base import Base, enum_type

# From when the shipped rules hold: the first day anybody could ask about, so that every past administration has rules.
FROM_THE_BEGINNING = date(2025, 1, 1)

Rules = TypeVar("Rules", bound=BaseModel)


class DocumentKind(StrEnum):
    FRAMEWORK = "framework"
    REQUIREMENTS = "requirements"
    EXAM_POLICY = "exam_policy"


class RuleDocument(Base):
    """One version of one kind of rules. Append-only."""

    __tablename__ = "rule_document"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(enum_type(DocumentKind))
    version: Mapped[int]
    effective_from: Mapped[date]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


def canonical_json(content: object) -> str:
    """The one text of a JSON value: sorted keys, no spaces, so that equal content has equal bytes."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def add_version(
    session: Session,
    kind: DocumentKind,
    content: dict[str, Any],
    *,
    effective_from: date,
    note: str,
    by: int | None,
    at: datetime,
) -> RuleDocument:
    """Write the next version. The caller has validated ``content`` against the kind's schema."""
    latest = newest(session, kind)
    document = RuleDocument(
        kind=kind,
        version=latest.version + 1 if latest else 1,
        effective_from=effective_from,
        content=content,
        sha256=sha256_of(canonical_json(content)),
        note=note,
        created_at=at,
        created_by_id=by,
    )
    session.add(document)
    session.flush()
    audit.record(session, f"{kind}.version_added", kind, document.version, by=by, at=at, note=note)
    return document


def load_shipped(
    session: Session, kind: DocumentKind, shipped: BaseModel, *, effective_from: date, at: datetime
) -> RuleDocument:
    """Write the rules shipped with the product as version 1 when there are none of their kind. Safe to repeat."""
    return newest(session, kind) or add_version(
        session,
        kind,
        shipped.model_dump(mode="json"),
        effective_from=effective_from,
        note="As shipped with the product.",
        by=None,
        at=at,
    )


# Rules by the digest of their document: a version never changes, and parsing takes longer than many a page.
parsed: dict[tuple[type[BaseModel], str], Any] = {}


def rules_of(document: RuleDocument, schema: type[Rules]) -> Rules:
    """What a document says, by the schema of its kind."""
    key = (schema, document.sha256)
    if key not in parsed:
        parsed[key] = schema.model_validate(document.content)
    rules: Rules = parsed[key]
    return rules


def newest(session: Session, kind: DocumentKind) -> RuleDocument | None:
    """The latest version, whether or not it is in force yet."""
    return session.scalar(
        select(RuleDocument).where(RuleDocument.kind == kind).order_by(RuleDocument.version.desc()).limit(1)
    )


def in_force(session: Session, kind: DocumentKind, on: date) -> RuleDocument | None:
    """The version that applies on a day: of those already effective, the latest written."""
    return session.scalar(
        select(RuleDocument)
        .where(RuleDocument.kind == kind, RuleDocument.effective_from <= on)
        .order_by(RuleDocument.version.desc())
        .limit(1)
    )


def versions(session: Session, kind: DocumentKind) -> list[RuleDocument]:
    return list(
        session.scalars(select(RuleDocument).where(RuleDocument.kind == kind).order_by(RuleDocument.version.desc()))
    )
