"""Scoring runs: one computation of all marks of an administration, kept for ever and computable again."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.registration.models import Administration, Registration
from examapp.scoring.attempts import WITH_RECORDS, one_at_a_time, refuse_unfinished
from examapp.scoring.marking import RULES_VERSION, stored
from examapp.scoring.models import Decision, DecisionOutcome, ItemMark, PartScore, ScoringRun
from examapp.scoring.scores import Score, compute
from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.exam_forms import FormKey, newest_key

Row = ItemMark | PartScore | Decision


@dataclass(frozen=True)
class RegistrationRows:
    """What a run keeps about one registration."""

    registration: Registration
    decision: Decision
    scores: list[PartScore]
    marks: list[ItemMark]

    def score(self, part: str) -> PartScore | None:
        return next((score for score in self.scores if score.part == part), None)


def runs_of(session: Session, administration: Administration) -> list[ScoringRun]:
    """Every run, the newest first."""
    return list(
        session.scalars(
            select(ScoringRun)
            .where(ScoringRun.administration_id == administration.id)
            .order_by(ScoringRun.number.desc())
        )
    )


def latest_run(session: Session, administration: Administration) -> ScoringRun | None:
    return next(iter(runs_of(session, administration)), None)


def latest_runs(session: Session, administrations: Collection[Administration]) -> dict[int, ScoringRun]:
    """The newest run of each administration that has one, for lists."""
    ids = [administration.id for administration in administrations]
    runs = session.scalars(select(ScoringRun).where(ScoringRun.administration_id.in_(ids)).order_by(ScoringRun.number))
    return {run.administration_id: run for run in runs}


def score(session: Session, administration: Administration, *, by: int, at: datetime) -> ScoringRun:
    """Compute everything anew. Decisions stay pending while essays wait for their raters."""
    one_at_a_time(session, administration)
    refuse_unfinished(session, administration, at=at)
    latest, form_key = latest_run(session, administration), newest_key(session, administration.form_sha256)
    scores = compute(session, administration, form_key, as_of=at)
    if not scores:
        raise RuleViolation("Nobody is registered for this administration, so there is nothing to score.")
    run = ScoringRun(
        administration_id=administration.id,
        number=latest.number + 1 if latest else 1,
        form_sha256=administration.form_sha256,
        form_key_id=form_key.id,
        rules_version=RULES_VERSION,
        computed_at=at,
        computed_by_id=by,
    )
    session.add(run)
    session.flush()
    session.add_all(row for one in scores for row in rows_of(run, one))
    audit.record(
        session, "administration.scored", "administration", administration.id, by=by, at=at,
        run=run.number, key_version=form_key.version, candidates=len(scores),
    )  # fmt: skip
    session.flush()
    return run


def rows_of(run: ScoringRun, score: Score) -> list[Row]:
    """The rows that keep one registration's score."""
    place = {"run_id": run.id, "registration_id": score.attempt.registration.id}
    return [
        Decision(**place, outcome=score.outcome, reason=score.reason),
        *(
            PartScore(
                **place,
                part=total.part,
                raw=stored(total.raw),
                maximum=total.maximum,
                percent=total.percent,
                cut_percent=total.cut_percent,
                passed=total.passed,
                breakdown=total.breakdown,
            )
            for total in score.totals
        ),
        *(
            ItemMark(
                **place,
                part=item.part,
                item=item.item,
                response=item.response,
                mark=stored(item.mark),
                maximum=item.maximum,
                evidence=item.evidence,
            )
            for item in score.items
        ),
    ]


def results_of(session: Session, run: ScoringRun) -> list[RegistrationRows]:
    """What the run keeps about everybody, by registration code, without single marks."""
    rows = session.execute(
        select(Registration, Decision)
        .join(Decision, Decision.registration_id == Registration.id)
        .where(Decision.run_id == run.id)
        .order_by(Registration.code)
        .options(WITH_RECORDS)
    )
    scores: dict[int, list[PartScore]] = defaultdict(list)
    for score in session.scalars(select(PartScore).where(PartScore.run_id == run.id).order_by(PartScore.part)):
        scores[score.registration_id].append(score)
    return [RegistrationRows(registration, decision, scores[registration.id], []) for registration, decision in rows]


def explain(session: Session, run: ScoringRun, registration: Registration) -> RegistrationRows | None:
    """How the run came to its decision on one registration: every mark with its evidence. None when it has none."""
    decision = session.get(Decision, (run.id, registration.id))
    if decision is None:
        return None

    place = {"run_id": run.id, "registration_id": registration.id}
    scores = session.scalars(select(PartScore).filter_by(**place).order_by(PartScore.part)).all()
    marks = session.scalars(select(ItemMark).filter_by(**place).order_by(ItemMark.part, ItemMark.item)).all()
    return RegistrationRows(registration, decision, list(scores), list(marks))


# Computing again


def verify_run(session: Session, administration: Administration, run: ScoringRun) -> list[str]:
    """Compute the run again as of its own moment: codes of the registrations whose rows would differ."""
    if run.rules_version != RULES_VERSION:
        raise RuleViolation("Run %(number)s was made by older rules of marking.", number=run.number)
    form_key = session.get_one(FormKey, run.form_key_id)
    return differing(session, run, compute(session, administration, form_key, as_of=run.computed_at))


def outdated(session: Session, administration: Administration, run: ScoringRun, *, at: datetime) -> list[str]:
    """Codes of the registrations that a run at this moment would see differently."""
    form_key = newest_key(session, administration.form_sha256)
    return differing(session, run, compute(session, administration, form_key, as_of=at))


def differing(session: Session, run: ScoringRun, scores: list[Score]) -> list[str]:
    rows: list[Row] = []
    for kind in (Decision, PartScore, ItemMark):
        rows.extend(session.scalars(select(kind).filter_by(run_id=run.id)))
    kept = dict(placed(row) for row in rows)
    now = dict(placed(row) for score in scores for row in rows_of(run, score))
    registrations = {place[1] for place in kept.keys() | now.keys() if kept.get(place) != now.get(place)}
    return list(
        session.scalars(select(Registration.code).where(Registration.id.in_(registrations)).order_by(Registration.code))
    )


def placed(row: Row) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A row as (its table, registration and key; its values)."""
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    key = next((values[name] for name in ("item", "part") if name in values), "")
    return (row.__tablename__, values["registration_id"], key), values


@dataclass(frozen=True)
class Change:
    """What one run says about a registration and another says otherwise."""

    registration: Registration
    before: RegistrationRows | None
    after: RegistrationRows | None


def compare(session: Session, earlier: ScoringRun, later: ScoringRun) -> list[Change]:
    """Who changes from one run to the other, in outcome or in the score of a part."""
    before = {rows.registration.id: rows for rows in results_of(session, earlier)}
    after = {rows.registration.id: rows for rows in results_of(session, later)}
    both = [before.get(place) or after[place] for place in before.keys() | after.keys()]
    changes = [
        Change(rows.registration, before.get(rows.registration.id), after.get(rows.registration.id))
        for rows in sorted(both, key=lambda rows: rows.registration.code)
    ]
    return [change for change in changes if gist(change.before) != gist(change.after)]


def gist(rows: RegistrationRows | None) -> object:
    if rows is None:
        return None
    return rows.decision.outcome, {score.part: (score.raw, score.maximum, score.cut_percent) for score in rows.scores}


def pending(results: Sequence[RegistrationRows]) -> int:
    """How many decisions wait."""
    return sum(rows.decision.outcome == DecisionOutcome.PENDING for rows in results)


def pending_by_run(session: Session, run_ids: Collection[int]) -> Counter[int]:
    """How many decisions of each run wait, without reading them."""
    rows = session.execute(
        select(Decision.run_id, func.count())
        .where(Decision.run_id.in_(run_ids), Decision.outcome == DecisionOutcome.PENDING)
        .group_by(Decision.run_id)
    )
    return Counter(dict(rows.all()))
