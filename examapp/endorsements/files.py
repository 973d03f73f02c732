"""Endorsement files: one per person, level and track."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.endorsements.models import EndorsementFile
from examapp.endorsements.requirements import LevelRequirements, requirements_of
from question_bank import audit, rule_documents
from question_bank.errors import RuleViolation
from question_bank.rule_documents import DocumentKind, RuleDocument

PAGE_SIZE = 25


@dataclass(frozen=True)
class FilePage:
    """One page of the list of files."""

    files: list[EndorsementFile]
    page: int
    pages: int
    total: int


def open_file(session: Session, user: User, level: int, track: str, *, by: int, at: datetime) -> EndorsementFile:
    """Open the file of a candidate for a level and track, under the requirements in force that day."""
    if Role.CANDIDATE not in user.roles or not user.is_active:
        raise RuleViolation(
            "%(name)s is not a candidate. Give them that role on the people page first.", name=user.name
        )
    if user.id == by:
        raise RuleViolation("Nobody keeps their own endorsement file. Ask another administrator to open it.")
    requirements = rule_documents.in_force(session, DocumentKind.REQUIREMENTS, at.date())
    if requirements is None:
        raise RuleViolation("No requirements are in force yet. Load or write them first.")
    requirements_of(requirements).table_for(level, track)  # raises when there is no such level and track
    if file_of(session, user, level, track):
        raise RuleViolation("%(name)s has a file for this level and track already.", name=user.name)
    file = EndorsementFile(
        number=next_number(session, at.year),
        user=user,
        level=level,
        track=track,
        requirements_id=requirements.id,
        opened_at=at,
        opened_by_id=by,
    )
    try:
        with session.begin_nested():
            session.add(file)
    except IntegrityError:
        raise RuleViolation(
            "Somebody else opened a file at the same moment. Look at the list, then try again."
        ) from None
    audit.record(
        session, "endorsement_file.opened", "endorsement_file", file.number, by=by, at=at, level=level, track=track
    )
    session.flush()
    return file


def next_number(session: Session, year: int) -> str:
    prefix = f"EF-{year}-"
    last = session.scalar(select(func.max(EndorsementFile.number)).where(EndorsementFile.number.startswith(prefix)))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def file_of(session: Session, user: User, level: int, track: str) -> EndorsementFile | None:
    return session.scalar(
        select(EndorsementFile).where(
            EndorsementFile.user_id == user.id, EndorsementFile.level == level, EndorsementFile.track == track
        )
    )


def file_numbered(session: Session, number: str) -> EndorsementFile | None:
    return session.scalar(select(EndorsementFile).where(EndorsementFile.number == number))


def files_of(session: Session, user: User) -> list[EndorsementFile]:
    return list(
        session.scalars(
            select(EndorsementFile)
            .where(EndorsementFile.user_id == user.id)
            .order_by(EndorsementFile.opened_at.desc(), EndorsementFile.id.desc())
        )
    )


def find_files(
    session: Session, *, words: str = "", level: int | None = None, track: str | None = None, page: int = 1
) -> FilePage:
    """The files whose person or number holds the words, newest first."""
    query = select(EndorsementFile).join(EndorsementFile.user)
    if words.strip():
        pattern = "%{}%".format(words.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))
        columns = (User.name, User.email, EndorsementFile.number)
        query = query.where(or_(*(func.lower(column).like(pattern, escape="\\") for column in columns)))
    if level is not None:
        query = query.where(EndorsementFile.level == level)
    if track is not None:
        query = query.where(EndorsementFile.track == track)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    newest_first = query.order_by(EndorsementFile.opened_at.desc(), EndorsementFile.id.desc())
    found = session.scalars(newest_first.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return FilePage(list(found), page, pages, total)


def people_without_file(session: Session) -> list[User]:
    """The candidates for whom no file has been opened yet."""
    return list(
        session.scalars(
            select(User)
            .where(
                User.role_rows.any(role=Role.CANDIDATE),
                User.deactivated_at.is_(None),
                ~select(EndorsementFile.id).where(EndorsementFile.user_id == User.id).exists(),
            )
            .order_by(User.name)
        )
    )


def requirements_for(session: Session, file: EndorsementFile) -> LevelRequirements:
    """The requirements that the file was opened under."""
    return requirements_by_file(session, [file])[file.id]


def requirements_by_file(session: Session, files: Collection[EndorsementFile]) -> dict[int, LevelRequirements]:
    """The same for each of these files, in one statement."""
    ids = {file.requirements_id for file in files}
    documents = session.scalars(select(RuleDocument).where(RuleDocument.id.in_(ids)))
    tables = {document.id: requirements_of(document) for document in documents}
    return {file.id: tables[file.requirements_id].table_for(file.level, file.track) for file in files}
