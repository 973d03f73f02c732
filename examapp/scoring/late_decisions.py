"""Letting late changes count after all: one administrator proposes, another confirms or declines.

Nobody decides for themselves. Decided before the essays are collected and the result is released, late changes flow
into scoring like any other answer.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examapp.delivery.late import LateChanges, late_changes_of, undecided
from examapp.delivery.models import AttemptPart, LateAcceptance, LateEvent
from examapp.delivery.responses import responses_of
from examapp.endorsements.written_examinations import record_of_registration
from examapp.registration.models import Administration, Registration
from examapp.scoring.attempts import one_at_a_time
from examapp.scoring.mails import late_changes_accepted, late_changes_declined
from examapp.scoring.models import EssayResponse, EssayResponseSource
from question_bank import audit
from question_bank.errors import RuleViolation


def propose(session: Session, part: AttemptPart, *, up_to: int, reason: str, by: int, at: datetime) -> LateAcceptance:
    """Propose to let the changes count that the proposer has seen: those up to this late event."""
    changes = hold(session, part, by=by)
    events = open_events(changes, up_to)
    refuse_unscorable(session, part, events)
    decision = decide(session, part, events, reason=reason, by=by, at=at)
    record(session, decision, "proposed", by=by, at=at, reason=decision.reason, changes=len(events))
    return decision


def leave_out(session: Session, part: AttemptPart, *, up_to: int, reason: str, by: int, at: datetime) -> LateAcceptance:
    """Decide that the changes stay out, as they are: nothing changes, so one administrator is enough."""
    changes = hold(session, part, by=by)
    events = open_events(changes, up_to)
    decision = decide(session, part, events, reason=reason, by=by, at=at)
    decision.declined_at, decision.declined_by_id = at, by
    record(session, decision, "left_out", by=by, at=at, reason=decision.reason, changes=len(events))
    late_changes_declined(session, part, decision, reason=decision.reason, at=at)
    return decision


def confirm(session: Session, decision: LateAcceptance, *, by: int, at: datetime) -> None:
    """From now on the changes count as answers, after those that were saved in time."""
    part = session.get_one(AttemptPart, decision.part_id)
    changes = hold(session, part, by=by)
    refuse_proposer(decision, by)
    refuse_unscorable(session, part, [event for event in changes.events if event.id in decision.late_event_ids])
    settle(session, decision, confirmed_at=at, confirmed_by_id=by)
    record(session, decision, "accepted", by=by, at=at, changes=len(decision.late_event_ids))
    late_changes_accepted(session, part, decision, at=at)


def decline(session: Session, decision: LateAcceptance, *, reason: str, by: int, at: datetime) -> None:
    """The changes stay out."""
    part = session.get_one(AttemptPart, decision.part_id)
    hold(session, part, by=by)
    refuse_proposer(decision, by)
    refuse_without_reason(reason)
    settle(session, decision, declined_at=at, declined_by_id=by)
    record(session, decision, "declined", by=by, at=at, reason=reason.strip(), changes=len(decision.late_event_ids))
    late_changes_declined(session, part, decision, reason=reason.strip(), at=at)


# What all four share


def hold(session: Session, part: AttemptPart, *, by: int) -> LateChanges:
    """Wait for whoever collects, scores, releases or decides at this moment; nobody decides for themselves."""
    registration = part.attempt.registration
    if registration.candidate_id == by:
        raise RuleViolation("Nobody decides about their own registration. Ask another administrator.")
    one_at_a_time(session, registration.administration)
    session.refresh(registration, ["voided_at"])
    changes = late_changes_of(session, [part]).get(part.id)
    if changes is None:
        raise RuleViolation("Nothing came late in this part.")
    return changes


def open_events(changes: LateChanges, up_to: int) -> list[LateEvent]:
    if changes.proposal:
        raise RuleViolation("A decision is proposed already. It waits for a second administrator.")
    events = [event for event in changes.open_events if event.id <= up_to]
    if not events:
        raise RuleViolation("Nothing is left to decide here.")
    return events


def decide(
    session: Session, part: AttemptPart, events: Collection[LateEvent], *, reason: str, by: int, at: datetime
) -> LateAcceptance:
    refuse_without_reason(reason)
    decision = LateAcceptance(
        part_id=part.id,
        late_event_ids=[event.id for event in events],
        reason=reason.strip(),
        proposed_at=at,
        proposed_by_id=by,
    )
    session.add(decision)
    session.flush()
    return decision


def settle(session: Session, decision: LateAcceptance, **values: object) -> None:
    """End a proposal one way or the other; of two people at the same moment, one does."""
    settled = session.execute(
        update(LateAcceptance)
        .where(
            LateAcceptance.id == decision.id,
            LateAcceptance.confirmed_at.is_(None),
            LateAcceptance.declined_at.is_(None),
        )
        .values(**values)
        .returning(LateAcceptance.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.refresh(decision)
    if settled is None:
        raise RuleViolation("This has been decided meanwhile.")


def record(session: Session, decision: LateAcceptance, deed: str, *, by: int, at: datetime, **details: object) -> None:
    audit.record(session, f"late_changes.{deed}", "attempt_part", decision.part_id, by=by, at=at, **details)
    session.flush()


# What is refused


def refuse_without_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleViolation("Write down the reason.")


def refuse_proposer(decision: LateAcceptance, by: int) -> None:
    if decision.proposed_by_id == by:
        raise RuleViolation("You proposed this, so another administrator has to decide.")


def refuse_unscorable(session: Session, part: AttemptPart, events: Collection[LateEvent]) -> None:
    """Late changes count only while they can still reach the score."""
    registration = part.attempt.registration
    if registration.administration.practice:
        raise RuleViolation("A practice examination is not scored, so there is nothing to decide.")
    if registration.voided_at:
        raise RuleViolation("This registration is void, so nothing of it is scored.")
    if record_of_registration(session, registration.id):
        raise RuleViolation(
            "The result is released, with the answers that were saved in time. Leave these changes out, and offer the "
            "candidate another administration if that is not fair."
        )
    refuse_collected(session, registration, part, events)


def refuse_collected(
    session: Session, registration: Registration, part: AttemptPart, events: Collection[LateEvent]
) -> None:
    """The text that raters read stays as it was collected."""
    after = responses_of(session, [part.id])[part.id]
    for event in sorted(events, key=lambda event: event.id):
        after.apply(event.kind, event.item, event.value)
    collected = session.execute(
        select(EssayResponse.item, EssayResponse.text)
        .join(EssayResponseSource, EssayResponseSource.essay_response_id == EssayResponse.id)
        .where(EssayResponseSource.registration_id == registration.id)
    )
    touched = {event.item for event in events}
    if any(item in touched and text != after.answers.get(item, "") for item, text in collected):
        raise RuleViolation(
            "An essay that these changes would alter was collected for its raters already, and its text cannot change "
            "under them. Leave these changes out; if that is not fair, declare the registration void and offer the "
            "candidate another administration."
        )


def refuse_undecided(session: Session, administration: Administration) -> None:
    """Nobody's result is made while late changes to it wait for a decision."""
    waiting = undecided(session, Administration.id == administration.id)
    if waiting:
        raise RuleViolation(
            "Changes that came late wait for a decision: %(codes)s. Decide on them under “Late changes” first.",
            codes=", ".join(sorted({changes.part.attempt.registration.code for changes in waiting})),
        )
