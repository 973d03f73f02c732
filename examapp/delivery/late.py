"""Changes that arrived after a part took no more: kept apart, and what was decided about them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from examapp.delivery.models import Attempt, AttemptPart, EventKind, LateAcceptance, LateEvent
from examapp.endorsements.models import WrittenExaminationRecord
from examapp.registration.models import Registration

# Only these can change a result; flags, notes and struck options are kept and need no decision.
SCORED = (EventKind.ANSWER, EventKind.CHOOSE)


class LateState(StrEnum):
    WAITING = "waiting"  # nobody has decided
    PROPOSED = "proposed"  # one administrator would let them count; a second one has to confirm
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True)
class LateChanges:
    """What came late in one part, in the order of its arrival, and the decisions about it, oldest first."""

    part: AttemptPart
    events: list[LateEvent]
    decisions: list[LateAcceptance]

    @cached_property
    def states(self) -> dict[int, LateState]:
        """By event, what the last decision that names it says."""
        found = {event.id: LateState.WAITING for event in self.events}
        found |= {event_id: state_of(decision) for decision in self.decisions for event_id in decision.late_event_ids}
        return found

    @property
    def proposal(self) -> LateAcceptance | None:
        """The one that waits for a second administrator."""
        return next((d for d in self.decisions if state_of(d) is LateState.PROPOSED), None)

    @property
    def open_events(self) -> list[LateEvent]:
        """Those that do not count and that nobody proposes to count."""
        return [e for e in self.events if self.states[e.id] in (LateState.WAITING, LateState.DECLINED)]

    @property
    def state(self) -> LateState:
        """The most urgent state among those that can change a result."""
        states = {self.states[event.id] for event in self.events if event.kind in SCORED}
        order = (LateState.PROPOSED, LateState.WAITING, LateState.ACCEPTED)
        return next((state for state in order if state in states), LateState.DECLINED)

    def count(self, state: LateState) -> int:
        return sum(found == state for found in self.states.values())


def state_of(decision: LateAcceptance) -> LateState:
    if decision.confirmed_at:
        return LateState.ACCEPTED
    return LateState.DECLINED if decision.declined_at else LateState.PROPOSED


def late_changes_of(session: Session, parts: Collection[AttemptPart]) -> dict[int, LateChanges]:
    """By part, what came late; a part to which nothing did is left out."""
    ids = [part.id for part in parts]
    events: dict[int, list[LateEvent]] = defaultdict(list)
    for event in session.scalars(select(LateEvent).where(LateEvent.part_id.in_(ids)).order_by(LateEvent.id)):
        events[event.part_id].append(event)
    decisions: dict[int, list[LateAcceptance]] = defaultdict(list)
    made = select(LateAcceptance).where(LateAcceptance.part_id.in_(events)).order_by(LateAcceptance.id)
    for decision in session.scalars(made):
        decisions[decision.part_id].append(decision)
    return {part.id: LateChanges(part, events[part.id], decisions[part.id]) for part in parts if part.id in events}


def parts_with_late_changes() -> Select[AttemptPart]:
    """Every part to which changes came late, the last arrival first. Rehearsals are left out."""
    last = select(func.max(LateEvent.id)).where(LateEvent.part_id == AttemptPart.id).scalar_subquery()
    found = of_registrations(select(AttemptPart)).where(AttemptPart.id.in_(select(LateEvent.part_id)))
    return found.order_by(last.desc())


def undecided(session: Session, *conditions: ColumnElement[bool]) -> list[LateChanges]:
    """What may still change a result that is not released, and waits for somebody; the last arrival first."""
    released = select(WrittenExaminationRecord.registration_id)
    scored = select(LateEvent.part_id).where(LateEvent.kind.in_(SCORED))
    parts: Sequence[AttemptPart] = session.scalars(
        parts_with_late_changes().where(
            AttemptPart.id.in_(scored),
            Registration.voided_at.is_(None),
            Registration.id.not_in(released),
            *conditions,
        )
    ).all()
    waiting = (LateState.WAITING, LateState.PROPOSED)
    return [changes for changes in late_changes_of(session, parts).values() if changes.state in waiting]


def of_registrations(parts: Select[AttemptPart]) -> Select[AttemptPart]:
    return (
        parts.join(AttemptPart.attempt)
        .join(Attempt.registration)
        .join(Registration.administration)
        .where(Registration.practice_round == 0)
    )
