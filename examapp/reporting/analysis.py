"""What the committee learns from a released administration: outcomes, parts, areas, items."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.registration.models import Administration
from examapp.scoring.models import Decision, DecisionOutcome, ItemMark, PartScore, ResultRelease, ScoringRun
from question_bank.exam_forms import FormKey, key_document
from question_bank.exam_policy import PART_ONE
from question_bank.item_kinds import AS_WRITTEN, OPTION_IDS
from question_bank.psychometrics.classical import (
    Confidence,
    Flag,
    FormStatistics,
    ItemStatistics,
    confidence,
    flags,
    form_statistics,
    item_statistics,
)
from question_bank.sealed_documents import ItemKey

# So many different answers to one question are told: every option, and none.
MOST_ANSWERS = len(OPTION_IDS) + 1


@dataclass(frozen=True)
class ReleasedAdministration:
    administration: Administration
    run: ScoringRun
    candidates: int
    passed: int


@dataclass(frozen=True)
class PartSummary:
    part: str
    n: int
    passed: int
    mean_percent: Decimal
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True)
class ItemReport:
    code: str
    statistics: ItemStatistics
    # What was answered most, as (part of an answer, how often, whether it is right); the first part is of no answer.
    chosen: list[tuple[str, int, bool]]
    flags: list[Flag]
    tried_out: bool = False


@dataclass(frozen=True)
class AdministrationReport:
    outcomes: dict[DecisionOutcome, int]
    parts: list[PartSummary]
    # (title, percent of the marks reached), by area of Part One and by rubric dimension of Part Two.
    areas: list[tuple[str, Decimal]]
    dimensions: list[tuple[str, Decimal]]
    form: FormStatistics | None
    items: list[ItemReport]
    confidence: Confidence


def latest_release(session: Session, administration_id: int) -> ScoringRun | None:
    """The run whose decisions are in force: of the confirmed releases, the last."""
    return session.scalar(
        select(ScoringRun)
        .join(ResultRelease, ResultRelease.run_id == ScoringRun.id)
        .where(ResultRelease.administration_id == administration_id, ResultRelease.confirmed_at.is_not(None))
        .order_by(ResultRelease.confirmed_at.desc())
        .limit(1)
    )


def released_administrations(session: Session) -> list[ReleasedAdministration]:
    """Administrations with released results, newest first."""
    rows = session.execute(
        select(Administration, ScoringRun)
        .join(ScoringRun, ScoringRun.administration_id == Administration.id)
        .join(ResultRelease, ResultRelease.run_id == ScoringRun.id)
        .where(ResultRelease.confirmed_at.is_not(None))
        .order_by(Administration.opens_at.desc(), Administration.id, ResultRelease.confirmed_at)
    )
    latest = dict(rows.all())  # of several releases the last
    counts = outcome_counts(session, [run.id for run in latest.values()])
    return [
        ReleasedAdministration(administration, run, sum(counts[run.id].values()), counts[run.id][DecisionOutcome.PASS])
        for administration, run in latest.items()
    ]


def outcome_counts(session: Session, run_ids: Collection[int]) -> dict[int, Counter[DecisionOutcome]]:
    """By run, how many decisions there are of each outcome."""
    rows = session.execute(
        select(Decision.run_id, Decision.outcome, func.count())
        .where(Decision.run_id.in_(run_ids))
        .group_by(Decision.run_id, Decision.outcome)
    )
    counts: dict[int, Counter[DecisionOutcome]] = defaultdict(Counter)
    for run_id, outcome, count in rows:
        counts[run_id][outcome] = count
    return counts


def administration_report(session: Session, run: ScoringRun) -> AdministrationReport:
    counts = outcome_counts(session, [run.id])[run.id]
    scores = list(session.scalars(select(PartScore).where(PartScore.run_id == run.id)))
    keys = key_document(session.get_one(FormKey, run.form_key_id)).items
    matrix, chosen = response_matrix(session, run.id, keys)
    tried_out = {code for code, key in keys.items() if key.pretest}
    return AdministrationReport(
        outcomes={outcome: counts[outcome] for outcome in DecisionOutcome if counts[outcome]},
        parts=part_summaries(scores),
        areas=breakdown_means(scores, "area"),
        dimensions=breakdown_means(scores, "dimension"),
        form=form_statistics(without(matrix, sorted(chosen), tried_out)),
        items=[
            ItemReport(code, statistics, answers_given(chosen[code], keys[code]), flags(statistics), code in tried_out)
            for code, statistics in zip(sorted(chosen), item_statistics(matrix), strict=True)
        ],
        confidence=confidence(len(matrix)),
    )


def without(matrix: list[list[float]], codes: list[str], left_out: Collection[str]) -> list[list[float]]:
    """The matrix without the columns of these items."""
    kept = [place for place, code in enumerate(codes) if code not in left_out]
    return [[row[place] for place in kept] for row in matrix]


def response_matrix(
    session: Session, run_id: int, keys: Mapping[str, ItemKey]
) -> tuple[list[list[float]], dict[str, Counter[str]]]:
    """A row of marks per candidate who took Part One, the items in the order of their codes; and what was answered.

    What is tried out counts for nobody, so the run has no mark of it: here it is what the answer would be worth.
    """
    # The few columns asked for: there are as many rows as candidates times items.
    marks = session.execute(
        select(ItemMark.registration_id, ItemMark.item, ItemMark.response, ItemMark.mark)
        .where(ItemMark.run_id == run_id, ItemMark.part == PART_ONE)
        .order_by(ItemMark.registration_id)
    )
    chosen: dict[str, Counter[str]] = defaultdict(Counter)
    by_candidate: dict[int, dict[str, float]] = defaultdict(dict)
    for registration_id, item, response, mark in marks:
        chosen[item][response] += 1
        by_candidate[registration_id][item] = float(keys[item].mark(response) if keys[item].pretest else mark)
    codes = sorted(chosen)
    return [[row.get(code, 0) for code in codes] for row in by_candidate.values()], chosen


def answers_given(responses: Counter[str], key: ItemKey) -> list[tuple[str, int, bool]]:
    """How often each option was chosen, or each pair or text given: right ones, and of the others the most frequent."""
    counted: Counter[str] = Counter()
    for response, count in responses.items():
        counted.update(dict.fromkeys(key.question.parts(response) or [""], count))
    right = key.question.parts(key.key)
    shown = sorted({*right, *dict(counted.most_common(MOST_ANSWERS))})
    return [(key.question.shown(part, AS_WRITTEN), counted[part], part in right) for part in shown]


def part_summaries(scores: Sequence[PartScore]) -> list[PartSummary]:
    by_part: dict[str, list[PartScore]] = defaultdict(list)
    for score in scores:
        by_part[score.part].append(score)
    return [
        PartSummary(
            part=part,
            n=len(rows),
            passed=sum(row.passed for row in rows),
            mean_percent=mean([row.percent for row in rows]),
            lowest=min(row.percent for row in rows),
            highest=max(row.percent for row in rows),
        )
        for part, rows in sorted(by_part.items())
    ]


def breakdown_means(scores: Sequence[PartScore], kind: str) -> list[tuple[str, Decimal]]:
    """The share of marks reached per area (Part One) or rubric dimension (Part Two), over all candidates."""
    raw: dict[str, Decimal] = defaultdict(Decimal)
    maximum: dict[str, Decimal] = defaultdict(Decimal)
    titles: dict[str, str] = {}
    for entry in (entry for score in scores for entry in score.breakdown if entry["kind"] == kind):
        raw[entry["code"]] += Decimal(str(entry["raw"]))
        maximum[entry["code"]] += Decimal(str(entry["maximum"]))
        titles[entry["code"]] = entry["title"]
    return [
        (titles[code], (raw[code] / maximum[code] * 100).quantize(Decimal("0.1")))
        for code in sorted(titles, key=titles.__getitem__)
        if maximum[code]
    ]


def mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.1"))
