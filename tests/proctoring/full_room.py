"""A room with as many candidates as a test wants, made in a few large inserts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery.models import Attempt, AttemptPart, EventKind, ResponseEvent
from examapp.endorsements import requirements
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration, Registration
from question_bank.base import Base
from question_bank.exam_policy import PART_ONE, PART_TWO


def seat_writers(db: Session, at: datetime, given: Administration, numbers: range, *, answers: int = 1) -> None:
    """Candidates with these numbers, who all write Part One and have answered so many questions."""
    requirements_id = requirements.load_default(db, at=at).id
    users = [User(email=f"writer{n}@example.org", name=f"Writer {n:03}", created_at=at) for n in numbers]
    add(db, users)
    files = [
        EndorsementFile(
            number=f"EF-{n}", user_id=user.id, level=3, track="", requirements_id=requirements_id, opened_at=at
        )
        for n, user in zip(numbers, users, strict=True)
    ]
    add(db, files)
    registrations = [
        Registration(
            code=f"R-{n:05}", administration_id=given.id, candidate_id=user.id, file_id=file.id, level=3,
            policy_id=given.policy_id, parts=[PART_ONE, PART_TWO], registered_at=at, admitted_at=at, started_at=at,
            registered_by_id=given.created_by_id,
        )
        for n, user, file in zip(numbers, users, files, strict=True)
    ]  # fmt: skip
    add(db, registrations)
    attempts = [
        Attempt(registration_id=one.id, form_sha256=given.form_sha256, honour_accepted_at=at) for one in registrations
    ]
    add(db, attempts)
    parts = [
        AttemptPart(
            attempt_id=attempt.id, part=PART_ONE, started_at=at, deadline_at=at + timedelta(minutes=90),
            accepts_until=at + timedelta(minutes=91), last_seen_at=at,
            last_seq=answers, chain=link(attempt.id, answers),
        )
        for attempt in attempts
    ]  # fmt: skip
    add(db, parts)
    add(db, [event(part, seq, at) for part in parts for seq in range(1, answers + 1)])


def add(db: Session, rows: Sequence[Base]) -> None:
    db.add_all(rows)
    db.flush()


def event(part: AttemptPart, seq: int, at: datetime) -> ResponseEvent:
    return ResponseEvent(
        part_id=part.id, seq=seq, kind=EventKind.ANSWER, item=f"TF-{seq:04}", value="b", client_ms="0",
        received_at=at, chain=link(part.attempt_id, seq),
    )  # fmt: skip


def link(attempt_id: int, seq: int) -> str:
    return f"{attempt_id:032}{seq:032}"
