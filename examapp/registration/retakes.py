"""Which parts a candidate takes, and what earlier attempts rule out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from examapp.endorsements.models import EndorsementFile, Outcome, WrittenExaminationRecord
from examapp.endorsements.written_examinations import records_in_force
from examapp.registration.models import Registration
from question_bank.errors import RuleViolation
from question_bank.exam_forms import sealed_document
from question_bank.exam_policy import PART_TWO, ExamPolicy
from question_bank.item_sets import set_names
from question_bank.sealed_documents import SealedEssay


@dataclass(frozen=True)
class EarlierAttempts:
    """What the released results of a file say about the next attempt."""

    passed: WrittenExaminationRecord | None
    last_failed: WrittenExaminationRecord | None


def earlier_attempts(file: EndorsementFile) -> EarlierAttempts:
    newest_first = list(reversed(records_in_force(file)))
    return EarlierAttempts(
        passed=next((record for record in newest_first if record.outcome == Outcome.PASS), None),
        last_failed=next((record for record in newest_first if record.outcome == Outcome.FAIL), None),
    )


def parts_to_take(file: EndorsementFile, policy: ExamPolicy) -> list[str]:
    """Every part at first; after a failure, where the policy says so, only what was not passed."""
    every_part = [part.code for part in policy.parts]
    failed = earlier_attempts(file).last_failed
    if failed is None or not policy.retake_only_failed_part:
        return every_part
    not_passed = {part["part"] for part in failed.parts if not part["passed"]}
    return [code for code in every_part if code in not_passed] or every_part


def retake_refusals(file: EndorsementFile, policy: ExamPolicy, opening_day: date) -> list[RuleViolation]:
    """Passed already, or too soon after the last failure."""
    earlier = earlier_attempts(file)
    if earlier.passed:
        return [
            RuleViolation("The written examination is passed already: record %(number)s.", number=earlier.passed.number)
        ]
    failed = earlier.last_failed
    if failed is None or failed.sat_on is None:
        return []
    first_day = failed.sat_on + timedelta(days=policy.retake_wait_days)
    if opening_day >= first_day:
        return []
    return [
        RuleViolation(
            "The examination was not passed on %(sat_on)s. It can be taken again from %(first_day)s: "
            "choose an administration that opens then or later.",
            sat_on=failed.sat_on,
            first_day=first_day,
        )
    ]


def form_refusals(
    session: Session,
    file: EndorsementFile,
    registrations: list[Registration],
    *,
    parts: list[str],
    form_sha256: str,
    sets: Mapping[str, str],
) -> list[RuleViolation]:
    """A form without the candidate's essays, a form they have seen, a vignette they have seen.

    ``sets`` comes from `sets_on`, asked once for a whole list of files.
    """
    offered = essays_of(session, form_sha256, file.level, file.track)
    if PART_TWO in parts and not offered:
        return [
            RuleViolation(
                "The form of this administration has no essays for this level and track. Choose another form."
            )
        ]
    # In these the candidate has seen a form, whatever became of them.
    started = [registration for registration in registrations if registration.started_at]
    if any(earlier.administration.form_sha256 == form_sha256 for earlier in started):
        return [RuleViolation("The candidate has seen this form before. A retake needs another form.")]
    seen = essays_seen(session, started)
    if PART_TWO in parts and (met := known_vignettes(offered, seen, sets)):
        return [
            RuleViolation(
                "The candidate has seen a vignette of this form before: %(codes)s. A retake needs other vignettes.",
                codes=", ".join(sorted(met)),
            )
        ]
    return []


def essays_of(session: Session, form_sha256: str, level: int, track: str) -> dict[str, SealedEssay]:
    """What candidates of this level and track are offered, by code."""
    document = sealed_document(session, form_sha256)
    groups = document.slot_groups_for(level, track)
    return {code: document.essays[code] for group in groups for code in group.essays}


def essays_seen(session: Session, started: Iterable[Registration]) -> list[SealedEssay]:
    return [
        essay
        for earlier in started
        if PART_TWO in earlier.parts
        for essay in essays_of(session, earlier.administration.form_sha256, earlier.level, earlier.track).values()
    ]


def sets_on(session: Session, forms: Collection[str]) -> dict[str, str]:
    """Code of an essay on any of these forms -> the name of its vignette set."""
    return set_names(session, {code for sha256 in forms for code in sealed_document(session, sha256).essays})


def known_vignettes(
    offered: Mapping[str, SealedEssay], seen: Collection[SealedEssay], sets: Mapping[str, str]
) -> set[str]:
    """The codes of the essays whose vignette was seen: with them, with another of their set, or word for word."""
    codes, texts = {essay.code for essay in seen}, {essay.stimulus for essay in seen}
    names = {sets[code] for code in codes & sets.keys()}
    return {
        code for code, essay in offered.items() if code in codes or sets.get(code) in names or essay.stimulus in texts
    }
