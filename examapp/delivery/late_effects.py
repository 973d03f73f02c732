"""What late changes would make of the answers that were saved in time, item by item."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from examapp.delivery.device_time import device_time
from examapp.delivery.late import SCORED, LateChanges, LateState
from examapp.delivery.models import AttemptPart, EventKind, LateEvent
from examapp.delivery.numbering import Numbering
from examapp.delivery.responses import PartResponses
from examapp.word_changes import Piece, word_changes


@dataclass(frozen=True)
class LateEffect:
    """The late changes of one kind to one item, with the same decision about them."""

    number: int
    kind: EventKind
    is_question: bool
    state: LateState
    events: list[LateEvent]
    # What was saved in time, and the last of what came late, as the candidate knows it; "1": a prompt that is chosen.
    saved: str
    late: str
    # By the device's clock, put right where we know how far it is off.
    made_from: datetime | None
    made_until: datetime | None
    ended_at: datetime

    @property
    def pieces(self) -> list[Piece]:
        return word_changes(self.saved, self.late)

    @property
    def received_at(self) -> datetime:
        return self.events[-1].received_at

    @property
    def late_by(self) -> timedelta:
        return self.received_at - self.ended_at

    @property
    def made_in_time(self) -> bool | None:
        """Whether the device says that the last of them was made before the end; None when it says nothing."""
        return self.made_until <= self.ended_at if self.made_until else None


def effects_of(changes: LateChanges, logged: PartResponses, numbering: Numbering) -> list[LateEffect]:
    """By number of the item."""
    groups: dict[tuple[str, EventKind, LateState], list[LateEvent]] = defaultdict(list)
    for event in changes.events:
        if event.kind in SCORED:
            groups[event.item, event.kind, changes.states[event.id]].append(event)
    found = [
        effect(changes.part, item, kind, state, events, logged, numbering)
        for (item, kind, state), events in groups.items()
    ]
    return sorted(found, key=lambda effect: (effect.number, effect.kind, effect.events[0].id))


def effect(
    part: AttemptPart,
    item: str,
    kind: EventKind,
    state: LateState,
    events: list[LateEvent],
    logged: PartResponses,
    numbering: Numbering,
) -> LateEffect:
    is_question = numbering.is_question(item)
    saved, late = logged.answers.get(item, ""), events[-1].value
    if kind is EventKind.CHOOSE:
        saved = "1" if item in logged.chosen else ""
    elif is_question:
        saved, late = numbering.shown(item, saved), numbering.shown(item, late)
    times = [made for event in events if (made := device_time(event.client_ms, part.clock_offset_ms))]
    return LateEffect(
        number=numbering.numbers[item], kind=kind, is_question=is_question, state=state, events=events, saved=saved,
        late=late, made_from=min(times, default=None), made_until=max(times, default=None),
        ended_at=part.closed_at or part.deadline_at,
    )  # fmt: skip
