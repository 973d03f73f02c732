"""Practising before the examination: what a candidate is offered, and a round begun or continued."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.delivery.attempts import close_overdue
from examapp.delivery.progress import Progress, Stage, progress_of, registrations_of
from examapp.registration.models import Administration, Registration
from examapp.registration.practice import begin_round, practice_for, rounds_of, take_conditions
from question_bank.errors import RuleViolation

# The examination still lies ahead, or its next part.
AHEAD = (Stage.UPCOMING, Stage.WAITING, Stage.READY)
# So many rounds are shown.
RECENT = 5


@dataclass(frozen=True)
class PracticeOffer:
    """The practice that is open to a candidate, the examination it is for, and their rounds, the newest first."""

    practice: Administration
    real: Registration
    rounds: list[Progress]

    @property
    def unfinished(self) -> Progress | None:
        """The round to go on with."""
        return next((p for p in self.rounds[:1] if p.stage in (Stage.READY, Stage.WRITING)), None)


def offer_to(session: Session, candidate_id: int, at: datetime) -> PracticeOffer | None:
    """What this candidate can practise for the next examination they are registered for."""
    for real in reversed(registrations_of(session, candidate_id)):
        if progress_of(session, real, at).stage in AHEAD and (practice := practice_for(session, real, at)):
            rounds = rounds_of(session, practice, candidate_id)[:RECENT]
            return PracticeOffer(practice, real, [progress_of(session, each, at) for each in rounds])
    return None


def practise(session: Session, candidate_id: int, *, at: datetime) -> Registration:
    """The round to go on with; a new one when there is none or the last is handed in."""
    close_overdue(session, at)
    offer = offer_to(session, candidate_id, at)
    if offer is None:
        raise RuleViolation("No practice examination is open for you now.")
    if offer.unfinished is None:
        number = offer.rounds[0].registration.practice_round + 1 if offer.rounds else 1
        return begin_round(session, offer.practice, offer.real, number=number, at=at)
    mine = offer.unfinished.registration
    if mine.started_at is None:
        take_conditions(mine, offer.real, at=at)
        session.flush()
    return mine
