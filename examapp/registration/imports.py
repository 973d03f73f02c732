"""Registering many candidates from a sheet: first a dry run that says what each row would do, then all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements.files import file_of
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration, Registration
from examapp.registration.registrations import refusals, register
from examapp.registration.sheets import SheetRow
from question_bank.errors import RuleViolation
from question_bank.framework import Framework, current_framework


@dataclass(frozen=True)
class RowVerdict:
    """What a row would do: register the candidate of a file, or nothing, and why not."""

    row: SheetRow
    file: EndorsementFile | None
    reasons: list[RuleViolation]

    @property
    def accepted(self) -> bool:
        return not self.reasons


def dry_run(
    session: Session, administration: Administration, rows: list[SheetRow], *, at: datetime
) -> list[RowVerdict]:
    """A verdict for every row of the sheet, in its order. Nothing is written."""
    framework = current_framework(session)
    verdicts: list[RowVerdict] = []
    people: set[int] = set()
    for row in rows:
        try:
            file = file_of_row(session, row, framework)
        except RuleViolation as refusal:
            verdicts.append(RowVerdict(row, None, [refusal]))
            continue
        reasons = refusals(session, administration, file, at)
        if file.user_id in people:
            reasons.insert(0, RuleViolation("The sheet names this person twice."))
        people.add(file.user_id)
        verdicts.append(RowVerdict(row, file, reasons))
    return verdicts


def file_of_row(session: Session, row: SheetRow, framework: Framework) -> EndorsementFile:
    """The file a row means. Raises RuleViolation, saying what to mend, when there is none."""
    if row.level not in ("3", "4"):
        raise RuleViolation("The level is “%(level)s”. Write 3 or 4.", level=row.level)
    user = session.scalar(select(User).where(User.email == row.email.strip().lower()))
    if user is None:
        raise RuleViolation("Nobody has the address “%(email)s”. Invite them first.", email=row.email)
    file = file_of(session, user, int(row.level), track_code(row, framework))
    if file is None:
        raise RuleViolation("%(name)s has no endorsement file for this level and track. Open one.", name=user.name)
    return file


def track_code(row: SheetRow, framework: Framework) -> str:
    """The code of the track a row names by code or title; none at Level 3."""
    tracks = framework.tracks_of(int(row.level))
    if not tracks and not row.track:
        return ""
    typed = row.track.casefold().replace(" ", "_")
    for track in tracks:
        if typed in (track.code, track.title.casefold().replace(" ", "_")):
            return track.code
    names = ", ".join(track.title for track in tracks)
    if not names:
        raise RuleViolation("Level %(level)s has no tracks. Leave the track empty.", level=row.level)
    raise RuleViolation("The track is “%(track)s”. Write one of: %(names)s.", track=row.track, names=names)


def import_registrations(
    session: Session, administration: Administration, rows: list[SheetRow], *, by: int, at: datetime
) -> list[Registration]:
    """Register every row, or none: one refused row refuses the sheet."""
    verdicts = dry_run(session, administration, rows, at=at)
    refused = [verdict.row.line for verdict in verdicts if not verdict.accepted]
    if refused:
        raise RuleViolation(
            "Nobody was registered, because these rows cannot be: %(lines)s. Mend the sheet and load it again.",
            lines=", ".join(map(str, refused)),
        )
    return [
        register(session, administration, verdict.file, by=by, at=at)
        for verdict in verdicts
        if verdict.file is not None
    ]
