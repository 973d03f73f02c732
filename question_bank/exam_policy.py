"""Exam policies: the dated rules of the examination, as data.

The values shipped are the usual practice of the family of associations, not yet NMAIMH's own word: each field named in
``to_be_confirmed`` is shown as "association default, to be confirmed".
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources

import yaml
from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from question_bank import rule_documents
from question_bank.framework import Code, Document, Label, refuse_doubles
from question_bank.rule_documents import FROM_THE_BEGINNING, DocumentKind, RuleDocument, load_shipped, rules_of

PART_ONE = "part_one"
PART_TWO = "part_two"


class PartKind(StrEnum):
    MULTIPLE_CHOICE = "multiple_choice"
    ESSAY = "essay"


class Dates(StrEnum):
    """When an administration is given."""

    ONE_DAY = "one_day"
    WINDOW = "window"


class FeedbackDetail(StrEnum):
    """How much of a result its candidate is shown. Each shows what stands before it, too."""

    DECISION = "decision"
    PARTS = "parts"
    AREAS = "areas"  # areas of expertise, and dimensions of the rubric

    @property
    def shows_parts(self) -> bool:
        return self is not FeedbackDetail.DECISION

    @property
    def shows_areas(self) -> bool:
        return self is FeedbackDetail.AREAS


class PartRules(Document):
    code: Code
    title: Label
    kind: PartKind
    minutes: int = Field(ge=1, le=600)
    # Part One only; the essays are counted by slot groups.
    item_count: int | None = Field(default=None, ge=1, le=500)
    cut_percent: Decimal = Field(ge=0, le=100)
    cut_source: Label


class SlotGroup(Document):
    """Of ``offered`` vignettes of one slot, the candidate of this level and track answers ``choose``."""

    code: Code
    level: int
    track: Code | None
    slot: Code
    title: Label
    choose: int = Field(ge=1)
    offered: int = Field(ge=1)

    @model_validator(mode="after")
    def enough_to_choose_from(self) -> "SlotGroup":
        if self.choose > self.offered:
            raise ValueError(f"{self.title}: {self.choose} to answer of {self.offered} offered cannot be.")
        return self


class Requirement(Document):
    """Whether the examination is required for a level and track."""

    level: int
    track: Code | None
    required: bool


class Adjudication(Document):
    """When a third blind reading is asked for."""

    # Any dimension on which two raters differ by more than this many levels.
    level_difference: int = Field(ge=0, le=4)
    on_pass_fail_disagreement: bool
    # The mean of the readings of one essay lies within this many marks of the cut score.
    marks_around_cut: Decimal = Field(ge=0, le=20)


class ExamPolicy(Document):
    title: Label
    note: str
    requirements: list[Requirement] = Field(min_length=1)
    parts: list[PartRules] = Field(min_length=1, max_length=2)
    slot_groups: list[SlotGroup]
    raters_per_essay: int = Field(ge=1, le=3)
    # Marks of each rubric level. With 1, 2, 4, 5 "competent" in every dimension is exactly 80 percent.
    level_marks: dict[int, Decimal] = Field(min_length=4, max_length=4)
    adjudication: Adjudication
    # The gate: both levels of the portfolio review passed by two people.
    two_level_review_first: bool
    eligibility_days: int = Field(ge=1)
    retake_wait_days: int = Field(ge=0)
    retake_only_failed_part: bool
    accommodation_notice_days: int = Field(ge=0)
    # Versions written before these two were asked for mean what everybody did then.
    dates: Dates = Dates.WINDOW
    feedback: FeedbackDetail = FeedbackDetail.AREAS
    retention_years: int = Field(ge=1)
    to_be_confirmed: list[str]

    @model_validator(mode="after")
    def codes_are_unique(self) -> "ExamPolicy":
        refuse_doubles([part.code for part in self.parts], "part")
        refuse_doubles([group.code for group in self.slot_groups], "slot group")
        marks = [self.level_marks.get(level, Decimal(-1)) for level in (1, 2, 3, 4)]
        if marks[0] < 0 or marks != sorted(set(marks)):
            raise ValueError("Each rubric level, from 1 to 4, must be worth more marks than the one below it.")
        return self

    def part(self, code: str) -> PartRules:
        return next(part for part in self.parts if part.code == code)

    def slot_groups_for(self, level: int, track: str | None) -> list[SlotGroup]:
        return [group for group in self.slot_groups if (group.level, group.track) == (level, track)]

    def required_for(self, level: int, track: str | None) -> bool:
        return any(r.required for r in self.requirements if (r.level, r.track) == (level, track))


@cache
def default_exam_policy() -> ExamPolicy:
    """The exam policy shipped with the product."""
    text = (resources.files("question_bank") / "data" / "exam-policy.yaml").read_text()
    return ExamPolicy.model_validate(yaml.safe_load(text))


def load_default(session: Session, *, at: datetime) -> RuleDocument:
    return load_shipped(
        session, DocumentKind.EXAM_POLICY, default_exam_policy(), effective_from=FROM_THE_BEGINNING, at=at
    )


def save_exam_policy(
    session: Session, policy: ExamPolicy, *, effective_from: date, note: str, by: int | None, at: datetime
) -> RuleDocument:
    return rule_documents.add_version(
        session,
        DocumentKind.EXAM_POLICY,
        policy.model_dump(mode="json"),
        effective_from=effective_from,
        note=note,
        by=by,
        at=at,
    )


def policy_of(document: RuleDocument) -> ExamPolicy:
    return rules_of(document, ExamPolicy)


def current_exam_policy(session: Session, on: date) -> ExamPolicy:
    """The policy in force on a day; the shipped one where none has been loaded."""
    document = rule_documents.in_force(session, DocumentKind.EXAM_POLICY, on)
    return policy_of(document) if document else default_exam_policy()
