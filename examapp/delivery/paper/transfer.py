"""Two entries that agree become the attempt: through the same log, and closed at the time that stands on the paper."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.delivery import clock, log
from examapp.delivery.attempts import attempt_of, close_part, part_rules, rules_in_turn
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import (
    PAPER,
    Attempt,
    AttemptPart,
    ClosedBy,
    EventKind,
    PaperEntry,
    TimeAdjustment,
    TimeKind,
)
from examapp.delivery.numbering import Numbering
from examapp.delivery.paper.comparison import differences
from examapp.delivery.paper.entries import PEOPLE, TypedSheet, entries_of, record, refuse_part, refuse_times
from examapp.delivery.time_ledger import opening_ledger
from examapp.delivery.tokens import Ticket
from examapp.endorsements.written_examinations import record_of_registration
from examapp.registration.models import Registration
from examapp.registration.registrations import hold
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PartRules


@dataclass(frozen=True)
class AgreedSheet:
    """What two people have typed in alike."""

    sheet: TypedSheet
    started_at: datetime
    ended_at: datetime
    entries: list[PaperEntry]


def transfer(
    session: Session, registration: Registration, part_code: str, numbering: Numbering, *, by: int, at: datetime
) -> AttemptPart:
    """Make the attempt of what both have typed in."""
    hold(session, registration)
    refuse_part(session, registration, part_code, by=by, at=at)
    if record_of_registration(session, registration.id):
        raise RuleViolation("The result is released. Nothing can be added to this attempt any more.")
    agreed = agreed_sheet(entries_of(session, registration, part_code), numbering)
    refuse_times(session, registration, part_code, agreed.sheet, at=at)
    attempt = attempt_on_paper(session, registration, agreed.started_at)
    rules = rules_in_turn(part_rules(registration), attempt, part_code)
    refuse_overlap(attempt, agreed.started_at)
    part = open_part(session, attempt, rules, agreed)
    registration.started_at = registration.started_at or agreed.started_at
    write_log(session, part, events_of(agreed.sheet, numbering), agreed.ended_at)
    close_part(session, part, closed_by=ClosedBy.STAFF, at=agreed.ended_at, by=by, noted_at=at)
    for entry in agreed.entries:
        entry.transferred_at = at
    people = [entry.entered_by_id for entry in agreed.entries]
    record(session, "paper.transferred", registration, part_code, by=by, at=at, entered_by=people)
    session.flush()
    return part


def agreed_sheet(entries: list[PaperEntry], numbering: Numbering) -> AgreedSheet:
    finished = [entry for entry in entries if entry.finished_at]
    if len(finished) < PEOPLE:
        raise RuleViolation("Two people must have typed in this part.")
    first, second = finished
    if differences(first, second, numbering) or first.started_at is None or first.ended_at is None:
        raise RuleViolation("The two entries do not agree yet.")
    sheet = TypedSheet(first.answers, first.chosen, first.started_at, first.ended_at)
    return AgreedSheet(sheet, first.started_at, first.ended_at, finished)


def attempt_on_paper(session: Session, registration: Registration, started_at: datetime) -> Attempt:
    """The attempt there is, or one whose honour statement was signed on the cover."""
    attempt = attempt_of(session, registration)
    if attempt is None:
        form_sha256 = registration.administration.form_sha256
        attempt = Attempt(registration=registration, form_sha256=form_sha256, honour_accepted_at=started_at)
        session.add(attempt)
        session.flush()
    return attempt


def refuse_overlap(attempt: Attempt, started_at: datetime) -> None:
    if any(part.closed_at and part.closed_at > started_at for part in attempt.parts):
        raise RuleViolation("The part before it ended after this start. Look at the times on the paper again.")


def open_part(session: Session, attempt: Attempt, rules: PartRules, agreed: AgreedSheet) -> AttemptPart:
    registration = attempt.registration
    ledger = opening_ledger(registration, rules, agreed.started_at)
    over = clock.elapsed(clock.ledger_end(agreed.started_at, [row.seconds for row in ledger]), agreed.ended_at)
    if over:
        reason = "Breaks taken on paper."
        ledger.append(TimeAdjustment(kind=TimeKind.BREAK, seconds=over, reason=reason, at=agreed.ended_at))
    closes_at = registration.administration.closes_at
    ends = clock.deadline(agreed.started_at, [row.seconds for row in ledger], closes_at)
    part = AttemptPart(
        part=rules.code,
        started_at=agreed.started_at,
        deadline_at=ends,
        accepts_until=clock.accepts_until(ends, clock.NETWORK_GRACE_SECONDS),
        lease_epoch=0,
        lease_holder=PAPER,
        chain=log.first_link(attempt.id, rules.code, attempt.form_sha256, agreed.started_at),
        last_seen_at=agreed.ended_at,
        adjustments=ledger,
    )
    attempt.parts.append(part)
    session.flush()
    return part


def events_of(sheet: TypedSheet, numbering: Numbering) -> list[Event]:
    """The changes a page would have sent: choices and answers in the order of the form. No device has a clock here."""
    events = []
    for item in numbering.numbers:
        if item in sheet.chosen:
            events.append(Event(EventKind.CHOOSE, item, "1", ""))
        if item in sheet.answers:
            events.append(Event(EventKind.ANSWER, item, sheet.answers[item], ""))
    return events


def write_log(session: Session, part: AttemptPart, events: list[Event], at: datetime) -> None:
    """Through the same save as everybody's, so that chain and receipt are made and checked alike."""
    registration = part.attempt.registration
    ticket = Ticket(
        part.id,
        part.lease_epoch,
        part.lease_holder,
        part.attempt.form_sha256,
        part.part,
        registration.level,
        registration.track,
    )
    answer = log.save(session, ticket, Batch(0, part.chain, events), at=at)
    if answer.verdict is not log.Verdict.SAVED:
        raise ValueError(f"The log refused an answer sheet: {answer.verdict}.")
    session.refresh(part)
