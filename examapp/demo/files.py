"""Endorsement files of the demonstration, with every component recorded before the examination."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.demo.people import PORTFOLIO_REVIEWERS
from examapp.endorsements.components import record_component
from examapp.endorsements.files import open_file, requirements_for
from examapp.endorsements.models import ComponentState, EndorsementFile
from examapp.endorsements.requirements import REVIEWS, Requirement, RequirementKind

NOTES = {
    RequirementKind.DOCUMENT: "Copy in the file.",
    RequirementKind.AMOUNT: "Certificates and log in the file.",
    RequirementKind.REFERENCE: "Rating form received.",
    RequirementKind.SIGNED: "Signed form in the file.",
    RequirementKind.REVIEW: "Portfolio complete and consistent.",
}


def add_file(
    session: Session, user: User, level: int, track: str, *, reviewed_on: datetime, by: int, complete: bool = True
) -> EndorsementFile:
    """A file in which everything but the examination is recorded; when not complete, the portfolio is still read."""
    opened = reviewed_on - timedelta(days=120)
    file = open_file(session, user, level, track, by=by, at=opened)
    recordable = [row for row in requirements_for(session, file).requirements if row.kind in NOTES]
    for place, row in enumerate(recordable):
        if row.code in REVIEWS and not complete:
            continue
        on = reviewed_on if row.code in REVIEWS else opened + timedelta(days=4 * place)
        record(session, file, row, on, by=by)
    return file


def record(session: Session, file: EndorsementFile, row: Requirement, on: datetime, *, by: int) -> None:
    reviewers = dict(zip(REVIEWS, PORTFOLIO_REVIEWERS, strict=True))
    record_component(
        session,
        file,
        row.code,
        state=ComponentState.MET,
        amount=None if row.amount is None else Decimal(row.amount) + 2,
        occurred_on=on.date(),
        evidence=NOTES[row.kind],
        verified_by=reviewers.get(row.code, "Rosalind Okafor"),
        verifier_id=None,
        by=by,
        at=on,
    )
