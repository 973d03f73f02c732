"""Who may not read whom: declared conflicts, portfolio reviewers, and nobody their own essay."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from examapp.accounts.models import User
from examapp.endorsements.components import is_person
from examapp.endorsements.models import ComponentRecord, EndorsementFile
from examapp.endorsements.requirements import REVIEWS
from examapp.scoring.models import RaterConflict
from question_bank import audit
from question_bank.errors import RuleViolation


def barred_raters(session: Session, raters: Collection[User], candidates: Collection[int]) -> dict[int, set[int]]:
    """By candidate, those of the raters who may not read them."""
    barred: dict[int, set[int]] = defaultdict(set)
    for conflict in session.scalars(select(RaterConflict).where(RaterConflict.candidate_id.in_(candidates))):
        barred[conflict.candidate_id].add(conflict.rater_id)
    reviews = session.execute(
        select(EndorsementFile.user_id, ComponentRecord)
        .join(ComponentRecord, ComponentRecord.file_id == EndorsementFile.id)
        .where(EndorsementFile.user_id.in_(candidates), ComponentRecord.requirement.in_(REVIEWS))
    )
    for candidate_id, review in reviews:
        barred[candidate_id] |= {rater.id for rater in raters if is_person(review, rater.id, rater.name)}
    for candidate_id in candidates:
        barred[candidate_id].add(candidate_id)
    return barred


def conflicts(session: Session) -> list[tuple[RaterConflict, User, User]]:
    """Every declared conflict with the rater and the candidate, the newest first."""
    rater, candidate = aliased(User), aliased(User)
    rows = session.execute(
        select(RaterConflict, rater, candidate)
        .join(rater, rater.id == RaterConflict.rater_id)
        .join(candidate, candidate.id == RaterConflict.candidate_id)
        .order_by(RaterConflict.declared_at.desc())
    )
    return [(conflict, one, other) for conflict, one, other in rows]


def find_conflict(session: Session, rater_id: int, candidate_id: int) -> RaterConflict | None:
    return session.get(RaterConflict, (rater_id, candidate_id))


def note_conflict(
    session: Session, rater_id: int, candidate_id: int, *, reason: str, by: int, at: datetime
) -> RaterConflict:
    """Write down that this rater knows this candidate."""
    if rater_id == candidate_id:
        raise RuleViolation("Nobody rates their own essays; there is nothing to declare.")
    if find_conflict(session, rater_id, candidate_id):
        raise RuleViolation("This conflict has been declared already.")
    if not reason.strip():
        raise RuleViolation("Say how the two know each other.")
    conflict = RaterConflict(
        rater_id=rater_id, candidate_id=candidate_id, reason=reason.strip(), declared_at=at, declared_by_id=by
    )
    session.add(conflict)
    audit.record(session, "rater_conflict.declared", "user", rater_id, by=by, at=at, candidate=candidate_id)
    session.flush()
    return conflict


def remove_conflict(session: Session, conflict: RaterConflict, *, by: int, at: datetime) -> None:
    """Take back a conflict that was declared by mistake."""
    session.delete(conflict)
    audit.record(
        session, "rater_conflict.removed", "user", conflict.rater_id, by=by, at=at, candidate=conflict.candidate_id
    )
    session.flush()
