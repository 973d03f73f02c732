"""Requirement tables: what an endorsement file must hold, per level and track, as dated data."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, StringConstraints, model_validator
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank import rule_documents
from question_bank.errors import RuleViolation
from question_bank.framework import Code, Document, Label, refuse_doubles
from question_bank.rule_documents import FROM_THE_BEGINNING, DocumentKind, RuleDocument, load_shipped, rules_of

FIRST_REVIEW = "portfolio-review-1"
SECOND_REVIEW = "portfolio-review-2"
REVIEWS = (FIRST_REVIEW, SECOND_REVIEW)
WRITTEN_EXAMINATION = "written-examination"

SHIPPED = Path(__file__).parent / "data" / "requirements.yaml"
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
HelpText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class RequirementKind(StrEnum):
    AMOUNT = "amount"
    DOCUMENT = "document"
    SIGNED = "signed"
    REFERENCE = "reference"
    REVIEW = "review"
    WRITTEN_EXAMINATION = "written_examination"
    CONTINUING = "continuing"  # after the endorsement; not counted towards it


class Requirement(Document):
    code: Code
    title: Label
    kind: RequirementKind
    amount: Decimal | None = Field(default=None, gt=0, le=9999)
    unit: ShortText = ""
    # Who writes the reference or does the review.
    who: ShortText = ""
    optional: bool = False
    help: HelpText = ""

    @model_validator(mode="after")
    def amount_has_a_unit(self) -> "Requirement":
        if self.kind == RequirementKind.AMOUNT and self.amount is None:
            raise ValueError(f"{self.title}: say how much is needed.")
        if (self.amount is None) != (not self.unit):
            raise ValueError(f"{self.title}: an amount needs a unit, and a unit an amount.")
        return self

    @property
    def counts(self) -> bool:
        """Whether the endorsement waits for it."""
        return not self.optional and self.kind != RequirementKind.CONTINUING


class LevelRequirements(Document):
    """The requirements of one level and track, in the order in which they are shown."""

    level: int
    track: str
    requirements: list[Requirement] = Field(min_length=1, max_length=40)

    @model_validator(mode="after")
    def the_gate_finds_its_rows(self) -> "LevelRequirements":
        refuse_doubles([row.code for row in self.requirements], "requirement")
        kinds = {row.code: row.kind for row in self.requirements}
        fixed = dict.fromkeys(REVIEWS, RequirementKind.REVIEW) | {
            WRITTEN_EXAMINATION: RequirementKind.WRITTEN_EXAMINATION
        }
        if {code: kind for code, kind in kinds.items() if kind in fixed.values() or code in fixed} != fixed:
            raise ValueError(
                "Both levels of the portfolio review and the written examination stay as they are: "
                "the way to the examination depends on them."
            )
        return self

    def requirement(self, code: str) -> Requirement | None:
        return next((row for row in self.requirements if row.code == code), None)


class RequirementTable(Document):
    """One version: the requirements of every level and track."""

    title: Label
    note: str
    tables: list[LevelRequirements] = Field(min_length=1)

    @model_validator(mode="after")
    def one_table_each(self) -> "RequirementTable":
        refuse_doubles([f"Level {table.level} {table.track}" for table in self.tables], "level and track")
        return self

    def table_for(self, level: int, track: str) -> LevelRequirements:
        """Raises RuleViolation when the association has no such level and track."""
        found = self.find(level, track)
        if found is None:
            raise RuleViolation("There are no requirements for this level and track. Choose one from the list.")
        return found

    def find(self, level: int, track: str) -> LevelRequirements | None:
        return next((t for t in self.tables if (t.level, t.track) == (level, track)), None)

    def begun(self, level: int, track: str) -> LevelRequirements:
        """What a new track may begin with: the requirements of another track of its level."""
        like = next((table for table in self.tables if table.level == level), self.tables[0])
        return like.model_copy(update={"level": level, "track": track})

    def with_table(self, changed: LevelRequirements) -> "RequirementTable":
        """A copy in which the requirements of one level and track are these."""
        here = (changed.level, changed.track)
        tables = [changed if (table.level, table.track) == here else table for table in self.tables]
        return self.model_copy(update={"tables": tables if changed in tables else [*tables, changed]})


@dataclass(frozen=True)
class Change:
    """One difference between two versions of a level's requirements. A row that came or went has no field."""

    title: str
    field: str
    before: str
    after: str


def changes_between(old: LevelRequirements, new: LevelRequirements) -> list[Change]:
    """What a reader must know to compare two versions: rows that came, rows that went, values that changed."""
    gone = [Change(row.title, "", row.title, "") for row in old.requirements if new.requirement(row.code) is None]
    changes: list[Change] = []
    for row in new.requirements:
        before = old.requirement(row.code)
        if before is None:
            changes.append(Change(row.title, "", "", row.title))
            continue
        changes += [
            Change(row.title, name, shown(getattr(before, name)), shown(getattr(row, name)))
            for name in Requirement.model_fields
            if getattr(before, name) != getattr(row, name)
        ]
    return gone + changes


def shown(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


@cache
def default_requirements() -> RequirementTable:
    """The requirement tables shipped with the product."""
    return RequirementTable.model_validate(yaml.safe_load(SHIPPED.read_text()))


def load_default(session: Session, *, at: datetime) -> RuleDocument:
    return load_shipped(
        session, DocumentKind.REQUIREMENTS, default_requirements(), effective_from=FROM_THE_BEGINNING, at=at
    )


def save_requirements(
    session: Session, table: RequirementTable, *, effective_from: date, note: str, by: int | None, at: datetime
) -> RuleDocument:
    return rule_documents.add_version(
        session,
        DocumentKind.REQUIREMENTS,
        table.model_dump(mode="json"),
        effective_from=effective_from,
        note=note,
        by=by,
        at=at,
    )


def requirements_of(document: RuleDocument) -> RequirementTable:
    return rules_of(document, RequirementTable)


def change_requirements(
    session: Session,
    changed: LevelRequirements,
    *,
    based_on: int,
    effective_from: date,
    note: str,
    by: int,
    at: datetime,
) -> RuleDocument:
    """The next version, with the requirements of one level and track replaced. Refused when ``based_on`` is old."""
    stale = RuleViolation(
        "Somebody changed the requirements while you had this page open. Nothing was saved: reload and look again."
    )
    newest = rule_documents.newest(session, DocumentKind.REQUIREMENTS)
    if newest is None or newest.version != based_on:
        raise stale
    current = requirements_of(newest)
    if current.find(changed.level, changed.track) == changed and newest.effective_from == effective_from:
        raise RuleViolation("Nothing differs from the newest version, so there is nothing to save.")
    table = current.with_table(changed)
    try:
        with session.begin_nested():
            return save_requirements(session, table, effective_from=effective_from, note=note, by=by, at=at)
    except IntegrityError:
        raise stale from None
