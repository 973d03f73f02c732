"""How far each part is that somebody wrote on paper."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examapp.accounts.models import User
from examapp.delivery.models import Attempt, AttemptPart, PaperEntry
from examapp.delivery.paper.entries import PEOPLE
from examapp.registration.models import Administration, Registration


class PaperState(StrEnum):
    NOTHING = "nothing"  # nobody has begun to type it in
    BEGUN = "begun"  # one or two people are typing
    COMPARE = "compare"  # two entries are complete
    DONE = "done"  # it is the attempt
    ON_SCREEN = "on_screen"  # taken on the screen after all


@dataclass(frozen=True)
class PaperPart:
    """One part of one candidate, with what was typed in and by whom."""

    registration: Registration
    part: str
    entries: list[PaperEntry]
    taken: AttemptPart | None

    @property
    def state(self) -> PaperState:
        if self.taken:
            return PaperState.DONE if self.taken.on_paper else PaperState.ON_SCREEN
        if not self.entries:
            return PaperState.NOTHING
        finished = sum(entry.finished_at is not None for entry in self.entries)
        return PaperState.COMPARE if finished == PEOPLE else PaperState.BEGUN


def paper_parts(session: Session, administration: Administration, codes: Collection[str]) -> list[PaperPart]:
    """The parts of these registrations, by the candidates' names."""
    registrations = session.scalars(
        select(Registration)
        .join(User, User.id == Registration.candidate_id)
        .where(Registration.administration_id == administration.id, Registration.code.in_(codes))
        .order_by(User.name, Registration.id)
    ).all()
    ids = [registration.id for registration in registrations]
    entries: dict[tuple[int, str], list[PaperEntry]] = defaultdict(list)
    for entry in session.scalars(select(PaperEntry).where(PaperEntry.registration_id.in_(ids)).order_by(PaperEntry.id)):
        entries[entry.registration_id, entry.part].append(entry)
    taken = {
        (part.attempt.registration_id, part.part): part
        for part in session.scalars(
            select(AttemptPart)
            .join(AttemptPart.attempt)
            .where(Attempt.registration_id.in_(ids))
            .options(joinedload(AttemptPart.attempt))
        )
    }
    return [
        PaperPart(found, part, entries[found.id, part], taken.get((found.id, part)))
        for found in registrations
        for part in sorted(found.parts)
    ]
