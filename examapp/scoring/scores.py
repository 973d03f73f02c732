"""From an attempt to its marks, part scores and decision: computed for every run from what never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.endorsements.models import WrittenExaminationRecord
from examapp.endorsements.written_examinations import records_in_force
from examapp.registration.models import Administration, Registration
from examapp.scoring.attempts import Prompt, ScorableAttempt, attempts_of
from examapp.scoring.marking import Share, breakdown, mark_essay, percent, reaches, stored
from examapp.scoring.models import DecisionOutcome
from examapp.scoring.readings import EssayReadings, readings_of, scale_of
from question_bank.exam_forms import FormKey, key_document, sealed_document
from question_bank.exam_policy import PartKind
from question_bank.framework import Framework, default_framework, framework_of
from question_bank.rule_documents import DocumentKind, RuleDocument
from question_bank.sealed_documents import KeyDocument, SealedDocument

READINGS_MISSING = "An essay waits for its raters."
NO_EARLIER_PASS = "A part that this registration leaves out has not been passed before."  # nosec B105 # a sentence


@dataclass(frozen=True)
class Marking:
    """What marks are computed with, as it stood at one moment."""

    form: SealedDocument
    keys: KeyDocument
    framework: Framework
    readings: Mapping[tuple[int, str], EssayReadings]
    as_of: datetime


@dataclass(frozen=True)
class ItemScore:
    part: str
    item: str
    response: str
    mark: Fraction
    maximum: Decimal
    evidence: dict[str, Any]
    shares: list[Share]


@dataclass(frozen=True)
class PartTotal:
    part: str
    raw: Fraction
    maximum: Decimal
    cut_percent: Decimal
    shares: list[Share]

    @property
    def percent(self) -> Decimal:
        return percent(self.raw, self.maximum)

    @property
    def passed(self) -> bool:
        return reaches(self.raw, self.maximum, self.cut_percent)

    @property
    def breakdown(self) -> list[dict[str, Any]]:
        """What a candidate may be told; marks as text, exact to four decimals."""
        return [
            {
                "kind": share.kind,
                "code": share.code,
                "title": share.title,
                "raw": str(stored(share.raw)),
                "maximum": str(share.maximum),
            }
            for share in self.shares
        ]


@dataclass(frozen=True)
class Score:
    """What a run says about one registration."""

    attempt: ScorableAttempt
    outcome: DecisionOutcome
    reason: str
    items: list[ItemScore]
    totals: list[PartTotal]


def compute(session: Session, administration: Administration, form_key: FormKey, *, as_of: datetime) -> list[Score]:
    """The scores of an administration as responses, readings and registrations stood at that moment."""
    keys = key_document(form_key)
    readings = {
        (essay.registration.id, essay.response.item): essay
        for essay in readings_of(session, [administration], keys={administration.form_sha256: keys}, as_of=as_of)
    }
    form = sealed_document(session, administration.form_sha256)
    marking = Marking(form, keys, framework_at(session, as_of), readings, as_of)
    return [score_of(attempt, marking) for attempt in attempts_of(session, [administration], as_of=as_of)]


def framework_at(session: Session, moment: datetime) -> Framework:
    """The framework whose titles of areas a run uses: the newest written by then."""
    document = session.scalar(
        select(RuleDocument)
        .where(RuleDocument.kind == DocumentKind.FRAMEWORK, RuleDocument.created_at <= moment)
        .order_by(RuleDocument.version.desc())
        .limit(1)
    )
    return framework_of(document) if document else default_framework()


def score_of(attempt: ScorableAttempt, marking: Marking) -> Score:
    registration = attempt.registration
    if registration.voided_at and registration.voided_at <= marking.as_of:
        return Score(attempt, DecisionOutcome.VOID, registration.void_reason, [], [])
    if not attempt.parts:
        return Score(attempt, DecisionOutcome.NO_SHOW, "", [], [])
    items = [score for part in registration.parts for score in items_of_part(attempt, part, marking)]
    waiting = {score.part for score in items if score.evidence.get("waiting")}
    totals = [total_of(attempt, part, items) for part in registration.parts if part not in waiting]
    known = [score for score in items if not score.evidence.get("waiting")]
    outcome, reason = decision(attempt, totals, marking)
    return Score(attempt, outcome, reason, known, totals)


def decision(attempt: ScorableAttempt, totals: list[PartTotal], marking: Marking) -> tuple[DecisionOutcome, str]:
    """Passed is who passed every part, now or, where a retake leaves it out, before."""
    if len(totals) < len(attempt.registration.parts):
        return DecisionOutcome.PENDING, READINGS_MISSING
    left_out = {part.code for part in attempt.policy.parts} - set(attempt.registration.parts)
    if left_out - set(earlier_passes(attempt.registration, as_of=marking.as_of)):
        return DecisionOutcome.PENDING, NO_EARLIER_PASS
    return (DecisionOutcome.PASS if all(total.passed for total in totals) else DecisionOutcome.FAIL), ""


def earlier_passes(
    registration: Registration, *, as_of: datetime
) -> dict[str, tuple[WrittenExaminationRecord, dict[str, Any]]]:
    """The parts this registration leaves out that were passed before, with the record that says so."""
    return {
        entry["part"]: (record, entry)
        for record in records_in_force(registration.file)
        if record.registration_id != registration.id and record.released_at <= as_of
        for entry in record.parts
        if entry["passed"] and entry["part"] not in registration.parts
    }


def total_of(attempt: ScorableAttempt, part: str, items: list[ItemScore]) -> PartTotal:
    scores = [score for score in items if score.part == part]
    return PartTotal(
        part,
        raw=sum((score.mark for score in scores), Fraction()),
        maximum=sum((score.maximum for score in scores), Decimal()),
        cut_percent=attempt.policy.part(part).cut_percent,
        shares=breakdown(share for score in scores for share in score.shares),
    )


def items_of_part(attempt: ScorableAttempt, part: str, marking: Marking) -> list[ItemScore]:
    if attempt.policy.part(part).kind == PartKind.MULTIPLE_CHOICE:
        return [
            choice_score(part, item.code, attempt.answer(part, item.code), marking) for item in marking.form.part_one
        ]
    return [essay_score(attempt, part, prompt, marking) for prompt in attempt.prompts(part)]


def choice_score(part: str, item: str, response: str, marking: Marking) -> ItemScore:
    key = marking.keys.items[item]
    if key.pretest:  # tried out, never counted
        evidence = {"key": key.key, "pretest": True}
        return ItemScore(part, item, response, Fraction(), Decimal(), evidence, [])
    mark = key.mark(response)
    area = marking.framework.area(key.area)
    share = Share("area", key.area, area.title if area else key.area, mark, Decimal(1))
    return ItemScore(part, item, response, mark, Decimal(1), {"key": key.key}, [share])


def essay_score(attempt: ScorableAttempt, part: str, prompt: Prompt, marking: Marking) -> ItemScore:
    """The mark of one prompt: from its readings, nothing where nothing was written, or waiting."""
    scale = scale_of(attempt.policy, marking.keys, prompt.item)
    essay = None if prompt.missing else marking.readings.get((attempt.registration.id, prompt.item))
    if prompt.missing is None and (essay is None or not essay.complete):
        return ItemScore(part, prompt.item, "", Fraction(), scale.maximum, {"waiting": True}, [])
    tasks = essay.locked if essay else []
    result = mark_essay([task.levels for task in tasks], scale, planned=attempt.policy.raters_per_essay)
    titles = {d.code: d.title for d in marking.keys.essays[prompt.item].rubric.dimensions}
    shares = [Share("dimension", code, titles[code], mark, scale.top) for code, mark in result.by_dimension.items()]
    evidence = {
        "missing": prompt.missing and prompt.missing.value,
        "adjudication": [reason.value for reason in essay.reasons] if essay else [],
        "readings": [
            {
                "reading": task.reading,
                "levels": task.levels,
                "total": str(scale.total(task.levels)),
                "counted": place in result.counted,
            }
            for place, task in enumerate(tasks)
        ],
    }
    code = essay.response.code if essay else ""
    return ItemScore(part, prompt.item, code, result.mark, result.maximum, evidence, shares)
