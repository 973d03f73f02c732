"""How far the scoring of an administration is, and how well its raters agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from examapp.registration.models import Administration
from examapp.scoring.assignment import open_readings
from examapp.scoring.essays import essays_to_collect
from examapp.scoring.models import ResultRelease, ScoringRun
from examapp.scoring.readings import EssayReadings, readings_of
from examapp.scoring.release import release_of
from examapp.scoring.runs import latest_run, pending, results_of
from examapp.scoring.sittings import unfinished
from question_bank.exam_forms import FormKey, key_document, newest_key
from question_bank.item_kinds import RUBRIC_LEVELS
from question_bank.psychometrics.agreement import Agreement, agreement


@dataclass(frozen=True)
class Progress:
    """The state of every step, from the end of the window to the release."""

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

    @property
    def closed(self) -> bool:
        return not self.unfinished

    @property
    def collected(self) -> bool:
        return self.closed and not self.to_collect

    @cached_property
    def unassigned(self) -> int:
        return len(open_readings(self.essays))

    @property
    def assigned(self) -> bool:
        return self.collected and not self.unassigned

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
    def rated(self) -> bool:
        return self.assigned and all(essay.complete for essay in self.essays)

    @property
    def scored(self) -> bool:
        """The newest run decides on everybody, by the newest keys."""
        return bool(self.run) and not self.run_pending and not self.keys_corrected

    @property
    def keys_corrected(self) -> bool:
        return self.run is not None and self.run.form_key_id != self.form_key.id

    @property
    def proposed(self) -> bool:
        return self.release is not None

    @property
    def released(self) -> bool:
        return self.release is not None and self.release.confirmed_at is not None


def progress_of(session: Session, administration: Administration, *, at: datetime) -> Progress:
    form_key = newest_key(session, administration.form_sha256)
    run = latest_run(session, administration)
    return Progress(
        administration=administration,
        at=at,
        unfinished=unfinished(session, administration, at=at),
        to_collect=len(essays_to_collect(session, administration, at=at)),
        essays=readings_of(session, administration, keys=key_document(form_key), as_of=at),
        form_key=form_key,
        run=run,
        run_pending=pending(results_of(session, run)) if run else 0,
        release=release_of(session, run) if run else None,
    )


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
    groups = {None: pairs, **{code: [pair for pair in pairs if pair[0] == code] for code in titles}}
    return [
        DimensionAgreement(
            titles.get(code or ""), agreement([a for _, a, _ in group], [b for _, _, b in group], RUBRIC_LEVELS)
        )
        for code, group in groups.items()
    ]
