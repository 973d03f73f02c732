"""Answer sheets as two people type them in."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery.models import AttemptPart
from examapp.delivery.numbering import Numbering, numbering_of
from examapp.delivery.paper.entries import TypedSheet, finish
from examapp.delivery.paper.transfer import transfer
from examapp.delivery.part_content import PartContent, content_of
from examapp.registration.models import Registration
from question_bank.exam_forms import sealed_document
from question_bank.exam_policy import PART_ONE


def content_for(db: Session, sitting: Registration, part: str = PART_ONE) -> PartContent:
    document = sealed_document(db, sitting.administration.form_sha256)
    return content_of(document, part, sitting.level, sitting.track)


def numbering_for(db: Session, sitting: Registration, part: str = PART_ONE) -> Numbering:
    return numbering_of(sitting, content_for(db, sitting, part))


def sheet(at: datetime, answers: dict[str, str], *chosen: str, minutes: int = 60) -> TypedSheet:
    """Begun at this moment."""
    return TypedSheet(answers, list(chosen), at, at + timedelta(minutes=minutes))


def type_in(
    db: Session, sitting: Registration, typed: TypedSheet, by: User, *, at: datetime, part: str = PART_ONE
) -> None:
    finish(db, sitting, part, content_for(db, sitting, part), typed, by=by.id, at=at)


def make_attempt(db: Session, sitting: Registration, by: User, *, at: datetime, part: str = PART_ONE) -> AttemptPart:
    return transfer(db, sitting, part, numbering_for(db, sitting, part), by=by.id, at=at)
