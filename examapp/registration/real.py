"""The examinations that count. What staff list, count, open, score and export starts here, so no practice is in it."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from examapp.registration.models import Administration, Registration


def real_administrations() -> Select[Administration]:
    return select(Administration).where(Administration.practice.is_(False))


def practice_administrations() -> Select[Administration]:
    return select(Administration).where(Administration.practice)


def real_registrations() -> Select[Registration]:
    """A practice has a round from 1 on."""
    return select(Registration).where(Registration.practice_round == 0)


def real_administration(session: Session, administration_id: int) -> Administration | None:
    return session.scalar(real_administrations().where(Administration.id == administration_id))


def real_registration(session: Session, code: str) -> Registration | None:
    return session.scalar(real_registrations().where(Registration.code == code))
