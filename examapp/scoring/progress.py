"""How far the scoring of an administration is, and how well its raters agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from sqlalchemy.orm import Session

from examapp.registration.models import Administration
from examapp.scoring.assignment import open_readings
from examapp.scoring.attempts import unfinished
from examapp.scoring.essays import essays_to_collect
from examapp.scoring.models import ResultRelease, ScoringRun
from examapp.scoring.readings import EssayReadings, readings_of
from examapp.scoring.release import releases_by_run
from examapp.scoring.runs import latest_runs, pending_by_run
from question_bank.exam_forms import FormKey, key_document, newest_keys
from question_bank.item_kinds import RUBRIC_LEVELS
from question_bank.psychometrics.agreement import Agreement, agreement


class Step(StrEnum):
    """What is done one after the other."""

    CLOSE = "close"
    COLLECT = "collect"
    ASSIGN = "assign"
    RATE = "rate"
    SCORE = "score"
    PROPOSE = "propose"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Progress:
    """How far an administration is, from the end of its window to the release of its results."""

    administration: Administration
    at: datetime
    # Candidates who may still start or write.
    unfinished: int
    # Written prompts that no rater can see yet.
    to_collect: int
    essays: list[EssayReadings]
    form_key: FormKey
    run: ScoringRun | None
    run_pending: int
    release: ResultRelease | None

    @cached_property
    def unassigned(self) -> int:
        """Readings that nobody has been given."""
        return len(open_readings(self.essays))

    @property
    def readings_wanted(self) -> int:
        return sum(len(essay.wanted) for essay in self.essays)

    @property
    def readings_locked(self) -> int:
        return sum(len(essay.locked) for essay in self.essays)

    @property
    def adjudications(self) -> int:
        return sum(bool(essay.reasons) for essay in self.essays)

    @property
    def keys_corrected(self) -> bool:
        """Whether the newest run was made with keys that have been corrected since."""
        return self.run is not None and self.run.form_key_id != self.form_key.id

    @cached_property
    def current(self) -> Step | None:
        """The first step that is not done; None when the results are released."""
        done = {
            Step.CLOSE: not self.unfinished,
            Step.COLLECT: not self.to_collect,
            Step.ASSIGN: not self.unassigned,
            Step.RATE: all(essay.complete for essay in self.essays),
            Step.SCORE: self.run is not None and not self.run_pending and not self.keys_corrected,
            Step.PROPOSE: self.release is not None,
            Step.CONFIRM: self.release is not None and self.release.confirmed_at is not None,
        }
        return next((step for step in Step if not done[step]), None)

    def is_done(self, step: Step) -> bool:
        order = list(Step)
        return self.current is None or order.index(step) < order.index(self.current)


def progress_of(session: Session, administration: Administration, *, at: datetime) -> Progress:
    return progress_of_all(session, [administration], at=at)[0]


def progress_of_all(session: Session, administrations: Sequence[Administration], *, at: datetime) -> list[Progress]:
    """The progress of each, in as many statements as for one."""
    form_keys = newest_keys(session, {administration.form_sha256 for administration in administrations})
    keys = {sha256: key_document(form_key) for sha256, form_key in form_keys.items()}
    writing = unfinished(session, administrations, at=at)
    waiting = Counter(r.administration_id for r, _ in essays_to_collect(session, administrations, at=at))
    essays: dict[int, list[EssayReadings]] = defaultdict(list)
    for essay in readings_of(session, administrations, keys=keys, as_of=at):
        essays[essay.response.administration_id].append(essay)
    runs = latest_runs(session, administrations)
    run_ids = [run.id for run in runs.values()]
    pending, releases = pending_by_run(session, run_ids), releases_by_run(session, run_ids)

    def progress(administration: Administration) -> Progress:
        run = runs.get(administration.id)
        return Progress(
            administration=administration,
            at=at,
            unfinished=writing[administration.id],
            to_collect=waiting[administration.id],
            essays=essays[administration.id],
            form_key=form_keys[administration.form_sha256],
            run=run,
            run_pending=pending[run.id] if run else 0,
            release=releases.get(run.id) if run else None,
        )

    return [progress(administration) for administration in administrations]


@dataclass(frozen=True)
class DimensionAgreement:
    """How the first two readings agree on one rubric dimension; ``title`` None: on all of them together."""

    title: str | None
    agreement: Agreement


def blind_pairs(essays: Iterable[EssayReadings]) -> list[tuple[str, int, int]]:
    """For each essay read twice and each dimension: its code and the two levels, chosen without sight of each other."""
    pairs = []
    for essay in essays:
        levels = [task.levels for task in essay.locked if task.reading in (1, 2)]
        if len(levels) == 2:
            pairs += [(code, levels[0][code], levels[1][code]) for code in essay.scale.dimensions]
    return pairs


def agreement_of(progress: Progress) -> list[DimensionAgreement]:
    """Agreement of the two blind readings: all dimensions together, then each."""
    keys = key_document(progress.form_key)
    titles = {d.code: d.title for key in keys.essays.values() for d in key.rubric.dimensions}
    pairs = blind_pairs(progress.essays)
    groups: dict[str | None, list[tuple[str, int, int]]] = {None: pairs}
    groups |= {code: [pair for pair in pairs if pair[0] == code] for code in titles}
    return [
        DimensionAgreement(
            titles.get(code or ""), agreement([a for _, a, _ in group], [b for _, _, b in group], RUBRIC_LEVELS)
        )
        for code, group in groups.items()
    ]
