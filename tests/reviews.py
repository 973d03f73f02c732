"""Takes items through review, for tests that begin after it."""

from datetime import datetime

from sqlalchemy.orm import Session

from question_bank.items import ItemVersion
from question_bank.review import PASSING, Move, move
from question_bank.review_checklists import checklist
from tests.personas import Personas


def ticked(version: ItemVersion) -> list[str]:
    """The whole checklist of the review in which the version is."""
    return [check.code for check in checklist(version)]


def take(db: Session, version: ItemVersion, step: Move, *, by: int, at: datetime, comment: str = "Reason.") -> None:
    """One step, with everything that it asks for."""
    checks = ticked(version) if step in PASSING else []
    move(db, version, step, by=by, comment=comment, at=at, ticked=checks)


def approve(db: Session, version: ItemVersion, personas: Personas, at: datetime) -> None:
    """From draft to approval, by two new reviewers."""
    take(db, version, Move.SUBMIT, by=version.editor_id, at=at)
    take(db, version, Move.PASS_CONTENT, by=personas.reviewer().id, at=at)
    take(db, version, Move.APPROVE, by=personas.reviewer().id, at=at)
