"""Typing in what stands on an answer sheet: two people do it, each for themselves, and neither sees the other's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.delivery.attempts import attempt_of, part_of, part_rules, refuse_out_of_force, threshold
from examapp.delivery.batches import storable
from examapp.delivery.models import PaperEntry
from examapp.delivery.part_content import PartContent
from examapp.delivery.time_ledger import planned_deadline
from examapp.registration.models import Registration
from examapp.registration.registrations import hold
from question_bank import audit
from question_bank.errors import RuleViolation

# Whoever compares finds two entries.
PEOPLE = 2


@dataclass(frozen=True)
class TypedSheet:
    """What somebody has read off an answer sheet."""

    # Item -> option id, essay -> text; what is not answered is not there.
    answers: dict[str, str]
    # The essays ticked, in the order of the form.
    chosen: list[str]
    started_at: datetime | None
    ended_at: datetime | None


def typed_text(text: str) -> str:
    """An essay as it is kept: handwriting has words and paragraphs, but no spaces that two people would count alike."""
    lines = (" ".join(line.split()) for line in storable(text).splitlines())
    return "\n\n".join(line for line in lines if line)


def entries_of(session: Session, registration: Registration, part: str) -> list[PaperEntry]:
    """In the order in which they were begun."""
    return list(
        session.scalars(
            select(PaperEntry)
            .where(PaperEntry.registration_id == registration.id, PaperEntry.part == part)
            .order_by(PaperEntry.id)
        )
    )


def refuse_part(session: Session, registration: Registration, part: str, *, by: int, at: datetime) -> None:
    """Why this person may not make an attempt of paper now."""
    if registration.candidate_id == by:
        raise RuleViolation("Somebody else must type in your answers.")
    refuse_out_of_force(threshold(session, registration.id, part))
    if part not in registration.parts:
        raise RuleViolation("%(name)s does not take this part.", name=registration.candidate.name)
    if at < registration.administration.opens_at:
        raise RuleViolation("The examination has not opened yet.")
    taken = part_of(attempt_of(session, registration), part)
    if taken and taken.on_paper:
        raise RuleViolation("What was typed in is the attempt already.")
    if taken:
        raise RuleViolation("This part was taken on the screen. Paper cannot take its place.")


def save_draft(
    session: Session, registration: Registration, part: str, sheet: TypedSheet, *, by: int, at: datetime
) -> PaperEntry:
    """Keep what is typed so far. What is complete stays so until it is completed anew."""
    hold(session, registration)
    refuse_part(session, registration, part, by=by, at=at)
    entries = entries_of(session, registration, part)
    entry = next((entry for entry in entries if entry.entered_by_id == by), None)
    if entry is None and len(entries) >= PEOPLE:
        raise RuleViolation("Two other people are typing in this part. One of them must discard their entry first.")
    if entry is None:
        entry = PaperEntry(registration_id=registration.id, part=part, entered_by_id=by)
        session.add(entry)
        record(session, "paper.entry_begun", registration, part, by=by, at=at)
    if entry.finished_at is None:
        write(entry, sheet, at)
    session.flush()
    return entry


def finish(
    session: Session,
    registration: Registration,
    part: str,
    content: PartContent,
    sheet: TypedSheet,
    *,
    by: int,
    at: datetime,
) -> PaperEntry:
    """Call an entry complete, or correct one that was."""
    entry = save_draft(session, registration, part, sheet, by=by, at=at)
    refuse_times(session, registration, part, sheet, at=at)
    refuse_choices(content, sheet)
    if entry.finished_at:
        record(session, "paper.entry_corrected", registration, part, by=by, at=at, changed=changed(entry, sheet))
    else:
        record(session, "paper.entry_finished", registration, part, by=by, at=at)
    write(entry, sheet, at)
    entry.finished_at = entry.finished_at or at
    session.flush()
    return entry


def changed(entry: PaperEntry, sheet: TypedSheet) -> list[str]:
    """The items and essays that a correction changes; never what they say."""
    codes = entry.answers.keys() | sheet.answers.keys() | set(entry.chosen) | set(sheet.chosen)

    def differs(code: str) -> bool:
        return entry.answers.get(code) != sheet.answers.get(code) or (code in entry.chosen) != (code in sheet.chosen)

    return sorted(code for code in codes if differs(code))


def discard(session: Session, entry: PaperEntry, registration: Registration, *, by: int, at: datetime) -> None:
    """Throw an entry away that has not become the attempt."""
    hold(session, registration)
    if session.get(PaperEntry, entry.id, populate_existing=True) is None:
        raise RuleViolation("This entry was discarded meanwhile.")
    if entry.transferred_at:
        raise RuleViolation("What was typed in is the attempt already.")
    session.delete(entry)
    session.flush()
    record(session, "paper.entry_discarded", registration, entry.part, by=by, at=at, entered_by=entry.entered_by_id)


def write(entry: PaperEntry, sheet: TypedSheet, at: datetime) -> None:
    entry.answers, entry.chosen = sheet.answers, sheet.chosen
    entry.started_at, entry.ended_at, entry.entered_at = sheet.started_at, sheet.ended_at, at


def record(
    session: Session, deed: str, registration: Registration, part: str, *, by: int, at: datetime, **details: object
) -> None:
    code = registration.code
    audit.record(session, deed, "registration", registration.id, by=by, at=at, part=part, registration=code, **details)


# What a complete sheet must be


def refuse_choices(content: PartContent, sheet: TypedSheet) -> None:
    for group in content.groups:
        ticked = [essay.code for essay in group.essays if essay.code in sheet.chosen]
        if len(ticked) > group.group.choose:
            raise RuleViolation(
                "Tick no more than %(choose)s of the vignettes of “%(title)s”. If more are ticked on the paper, "
                "tick none: then the first ones written count.",
                choose=group.group.choose,
                title=group.group.title,
            )


def refuse_times(session: Session, registration: Registration, part: str, sheet: TypedSheet, *, at: datetime) -> None:
    """The times lie within the window and the allowance, as they would on the screen."""
    administration, zone = registration.administration, registration.administration.time_zone
    if sheet.started_at is None or sheet.ended_at is None:
        raise RuleViolation("Type in when the candidate began and when they ended, as the paper says.")
    if sheet.ended_at <= sheet.started_at:
        raise RuleViolation("The end lies before the start. Look at the times on the paper again.")
    if sheet.ended_at > at:
        raise RuleViolation("The end lies in the future. Look at the times on the paper again.")
    if sheet.started_at < administration.opens_at:
        raise RuleViolation(
            "The window opened at %(time)s, after this start.", time=local_time(administration.opens_at, zone)
        )
    latest = latest_end(session, registration, part, sheet.started_at)
    if sheet.ended_at > latest:
        raise RuleViolation(
            "Begun then, this part ended at %(time)s at the latest: its time with accommodation and breaks, and the "
            "window. Look at the times on the paper again.",
            time=local_time(latest, zone),
        )


def latest_end(session: Session, registration: Registration, part: str, started_at: datetime) -> datetime:
    """When a part begun at this moment ends at the latest, every granted break taken."""
    rules = next(rules for rules in part_rules(registration) if rules.code == part)
    granted = registration.accommodation
    breaks = timedelta(minutes=granted.break_minutes if granted else 0)
    closes_at = registration.administration.closes_at
    return min(planned_deadline(registration, rules.minutes, started_at) + breaks, closes_at)


def local_time(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
