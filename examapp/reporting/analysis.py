"""What the committee learns from a released administration: outcomes, parts, areas, items."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from examapp.registration.models import Administration
from examapp.scoring.models import Decision, DecisionOutcome, ItemMark, PartScore, ResultRelease, ScoringRun
from question_bank.exam_policy import PART_ONE
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
    chosen: Counter[str]
    key: str
    flags: list[Flag]


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
    found = []
    for administration in session.scalars(select(Administration).order_by(Administration.opens_at.desc())):
        run = latest_release(session, administration.id)
        if run:
            counts = outcome_counts(session, run.id)
            found.append(
                ReleasedAdministration(administration, run, sum(counts.values()), counts[DecisionOutcome.PASS])
            )
    return found


def outcome_counts(session: Session, run_id: int) -> Counter[DecisionOutcome]:
    rows = session.execute(
        select(Decision.outcome, func.count()).where(Decision.run_id == run_id).group_by(Decision.outcome)
    )
    return Counter(dict(rows.all()))


def administration_report(session: Session, run: ScoringRun) -> AdministrationReport:
    counts = outcome_counts(session, run.id)
    scores = list(session.scalars(select(PartScore).where(PartScore.run_id == run.id)))
    matrix, codes, marks = response_matrix(session, run.id)
    statistics = item_statistics(matrix)
    return AdministrationReport(
        outcomes={outcome: counts[outcome] for outcome in DecisionOutcome if counts[outcome]},
        parts=part_summaries(scores),
        areas=breakdown_means(scores, "area"),
        dimensions=breakdown_means(scores, "dimension"),
        form=form_statistics(matrix),
        items=[item_report(code, item, marks[code]) for code, item in zip(codes, statistics, strict=True)],
        confidence=confidence(len(matrix)),
    )


def response_matrix(session: Session, run_id: int) -> tuple[list[list[int]], list[str], dict[str, list[Row[Any]]]]:
    """Rows of 0/1 per candidate who took Part One, the item codes of the columns, and the marks by item."""
    # Columns instead of objects: there are as many rows as candidates times items.
    marks = session.execute(
        select(ItemMark.registration_id, ItemMark.item, ItemMark.response, ItemMark.mark, ItemMark.evidence)
        .where(ItemMark.run_id == run_id, ItemMark.part == PART_ONE)
        .order_by(ItemMark.registration_id, ItemMark.item)
    )
    by_item: dict[str, list[Row[Any]]] = defaultdict(list)
    by_candidate: dict[int, dict[str, int]] = defaultdict(dict)
    for mark in marks:
        by_item[mark.item].append(mark)
        by_candidate[mark.registration_id][mark.item] = int(mark.mark > 0)
    codes = sorted(by_item)
    return [[row.get(code, 0) for code in codes] for row in by_candidate.values()], codes, by_item


def item_report(code: str, statistics: ItemStatistics, marks: Sequence[Row[Any]]) -> ItemReport:
    return ItemReport(
        code=code,
        statistics=statistics,
        chosen=Counter(mark.response for mark in marks),
        key=str(marks[0].evidence.get("key", "")),
        flags=flags(statistics),
    )


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
