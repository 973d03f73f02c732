"""Releasing results: one administrator proposes a run, another confirms it, and records and letters are written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from examapp.delivery.models import Attempt, AttemptPart
from examapp.endorsements.models import Outcome, WrittenExaminationRecord
from examapp.endorsements.signing import Signer
from examapp.endorsements.written_examinations import records_by_registration, write_written_examination_record
from examapp.registration.models import Administration, Registration
from examapp.registration.real import real_administrations
from examapp.scoring.attempts import one_at_a_time, refuse_pending_sheets
from examapp.scoring.late_decisions import refuse_undecided
from examapp.scoring.mails import result_released
from examapp.scoring.models import DecisionOutcome, ResultRelease, ScoringRun
from examapp.scoring.runs import RegistrationRows, latest_run, outdated, pending, results_of
from examapp.scoring.scores import earlier_passes
from question_bank import audit
from question_bank.errors import RuleViolation


@dataclass(frozen=True)
class ResultChange:
    """What a release writes for one registration: its first record, or one that replaces another."""

    rows: RegistrationRows
    parts: list[dict[str, Any]]
    replaces: WrittenExaminationRecord | None

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.rows.decision.outcome.value)

    @property
    def changes(self) -> bool:
        before = self.replaces
        return before is None or (before.outcome, before.parts, before.reason) != (
            self.outcome, self.parts, self.rows.decision.reason,
        )  # fmt: skip


def releases_of(session: Session, administration: Administration) -> list[ResultRelease]:
    """Every proposal and release, the newest first."""
    return list(
        session.scalars(
            select(ResultRelease)
            .where(ResultRelease.administration_id == administration.id)
            .order_by(ResultRelease.id.desc())
        )
    )


def open_proposal(session: Session, administration: Administration) -> ResultRelease | None:
    """The proposal that waits for a second administrator."""
    return next((r for r in releases_of(session, administration) if not (r.confirmed_at or r.withdrawn_at)), None)


def release_of(session: Session, run: ScoringRun) -> ResultRelease | None:
    """The proposal or release of a run, unless it was withdrawn."""
    return session.scalar(
        select(ResultRelease).where(ResultRelease.run_id == run.id, ResultRelease.withdrawn_at.is_(None))
    )


def releases_by_run(session: Session, run_ids: Collection[int]) -> dict[int, ResultRelease]:
    """The proposal or release of each of these runs that has one, for lists."""
    releases = session.scalars(
        select(ResultRelease).where(ResultRelease.run_id.in_(run_ids), ResultRelease.withdrawn_at.is_(None))
    )
    return {release.run_id: release for release in releases}


def administrations_to_score(session: Session, at: datetime) -> list[Administration]:
    """Those whose window has closed and that have registrations, but no release yet and none proposed."""
    released = select(ResultRelease.administration_id).where(ResultRelease.withdrawn_at.is_(None))
    registered = select(Registration.administration_id).where(Registration.withdrawn_at.is_(None))
    return list(
        session.scalars(
            real_administrations().where(
                Administration.closes_at <= at,
                Administration.cancelled_at.is_(None),
                Administration.id.in_(registered),
                Administration.id.not_in(released),
            )
        )
    )


def proposals_to_confirm(session: Session, user_id: int) -> list[ResultRelease]:
    """The proposals of others that wait for a second administrator."""
    return list(
        session.scalars(
            select(ResultRelease).where(
                ResultRelease.confirmed_at.is_(None),
                ResultRelease.withdrawn_at.is_(None),
                ResultRelease.proposed_by_id != user_id,
            )
        )
    )


# The two steps


def propose(session: Session, run: ScoringRun, *, by: int, at: datetime) -> ResultRelease:
    """Propose a run for release. It must be the newest, decide on everybody and still be what a new run would say."""
    administration = session.get_one(Administration, run.administration_id)
    one_at_a_time(session, administration)
    results = results_of(session, run)
    refuse_unreleasable(session, administration, run, results, by=by, at=at)
    if open_proposal(session, administration):
        raise RuleViolation("A release is proposed already. It waits for a second administrator.")
    if not any(change.changes for change in changes_of(session, run, results)):
        raise RuleViolation("These results are released already; nothing would change.")
    release = ResultRelease(administration_id=administration.id, run_id=run.id, proposed_at=at, proposed_by_id=by)
    session.add(release)
    audit.record(
        session, "release.proposed", "administration", administration.id, by=by, at=at,
        run=run.number, candidates=len(results),
    )  # fmt: skip
    session.flush()
    return release


def withdraw(session: Session, release: ResultRelease, *, by: int, at: datetime) -> None:
    """Take a proposal back before it is confirmed."""
    settle(session, release, withdrawn_at=at)
    audit.record(session, "release.withdrawn", "administration", release.administration_id, by=by, at=at)
    session.flush()


def confirm(
    session: Session, release: ResultRelease, *, by: int, at: datetime, signer: Signer, public_url: str = ""
) -> int:
    """Confirm a proposal: write the record of everybody whose result is new or changes, and a letter to each."""
    if by == release.proposed_by_id:
        raise RuleViolation("You proposed this release, so another administrator has to confirm it.")
    administration = session.get_one(Administration, release.administration_id)
    one_at_a_time(session, administration)
    run = session.get_one(ScoringRun, release.run_id)
    results = results_of(session, run)
    refuse_unreleasable(session, administration, run, results, by=by, at=at)
    settle(session, release, confirmed_at=at, confirmed_by_id=by)
    started = first_starts(session, administration)
    changes = [change for change in changes_of(session, run, results) if change.changes]
    for change in changes:
        sat_on = started.get(change.rows.registration.id)
        record = write_record(session, release, run, change, sat_on=sat_on, at=at, signer=signer)
        result_released(session, change.rows.registration, record, public_url=public_url, at=at)
    audit.record(
        session, "release.confirmed", "administration", administration.id, by=by, at=at,
        run=run.number, records=len(changes),
    )  # fmt: skip
    session.flush()
    return len(changes)


def settle(session: Session, release: ResultRelease, **values: object) -> None:
    """End a proposal one way or the other; of two people at the same moment, one does."""
    settled = session.execute(
        update(ResultRelease)
        .where(
            ResultRelease.id == release.id,
            ResultRelease.confirmed_at.is_(None),
            ResultRelease.withdrawn_at.is_(None),
        )
        .values(**values)
        .returning(ResultRelease.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.refresh(release)
    if settled is None:
        raise RuleViolation("This proposal has been confirmed or withdrawn meanwhile.")


def refuse_unreleasable(
    session: Session,
    administration: Administration,
    run: ScoringRun,
    results: Sequence[RegistrationRows],
    *,
    by: int,
    at: datetime,
) -> None:
    if run is not latest_run(session, administration):
        raise RuleViolation("There is a newer scoring run. Only the newest can be released.")
    refuse_undecided(session, administration)
    refuse_pending_sheets(session, administration)
    waiting = pending(results)
    if waiting:
        raise RuleViolation("%(count)s decisions are pending. Finish the ratings, then score again.", count=waiting)
    if any(rows.registration.candidate_id == by for rows in results):
        raise RuleViolation("Nobody releases their own result. Ask other administrators.")
    changed = outdated(session, administration, run, at=at)
    if changed:
        raise RuleViolation(
            "Something has changed since run %(number)s for %(codes)s. Score again first.",
            number=run.number,
            codes=", ".join(changed),
        )


# What is written


def changes_of(session: Session, run: ScoringRun, results: Sequence[RegistrationRows]) -> list[ResultChange]:
    """For each registration of the run, its record as it would be written and the one in force."""
    in_force = records_by_registration(session, [rows.registration.id for rows in results])
    return [
        ResultChange(rows, record_parts(rows, as_of=run.computed_at), in_force.get(rows.registration.id))
        for rows in results
    ]


def record_parts(rows: RegistrationRows, *, as_of: datetime) -> list[dict[str, Any]]:
    """The parts of a record: those of this run, and those that a retake left out because they were passed before."""
    if not rows.scores:
        return []
    earlier = earlier_passes(rows.registration, as_of=as_of)
    entries = [{**entry, "record": entry.get("record", record.number)} for record, entry in earlier.values()]
    own = [
        {
            "part": score.part,
            "raw": as_text(score.raw),
            "maximum": as_text(score.maximum),
            "percent": as_text(score.percent),
            "cut_percent": as_text(score.cut_percent),
            "passed": score.passed,
        }
        for score in rows.scores
    ]
    return sorted([*own, *entries], key=lambda entry: str(entry["part"]))


def as_text(mark: Decimal) -> str:
    """One text for one mark, whether it was just computed or read from the database."""
    return str(mark.quantize(Decimal("0.0001")))


def first_starts(session: Session, administration: Administration) -> dict[int, date]:
    """By registration, the day on which the first part was started, in the zone of the examination."""
    rows = session.execute(
        select(Attempt.registration_id, func.min(AttemptPart.started_at))
        .join(AttemptPart, AttemptPart.attempt_id == Attempt.id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .where(Registration.administration_id == administration.id)
        .group_by(Attempt.registration_id)
    )
    zone = ZoneInfo(administration.time_zone)
    return {registration_id: started.astimezone(zone).date() for registration_id, started in rows}


def write_record(
    session: Session,
    release: ResultRelease,
    run: ScoringRun,
    change: ResultChange,
    *,
    sat_on: date | None,
    at: datetime,
    signer: Signer,
) -> WrittenExaminationRecord:
    registration, decision = change.rows.registration, change.rows.decision
    scored = decision.outcome in (DecisionOutcome.PASS, DecisionOutcome.FAIL)
    assert release.confirmed_by_id is not None  # noqa: S101  # nosec B101 # settled a moment ago; for the type checker
    record = WrittenExaminationRecord(
        registration_id=registration.id,
        file=registration.file,
        outcome=change.outcome,
        parts=change.parts,
        reason=decision.reason,
        sat_on=sat_on,
        scoring_run_id=run.id if scored else None,
        form_sha256=run.form_sha256,
        policy_id=registration.policy_id,
        released_by_id=release.proposed_by_id,
        confirmed_by_id=release.confirmed_by_id,
        replaces=change.replaces,
    )
    return write_written_examination_record(session, record, at=at, signer=signer)
