"""Requests for an accommodation: the candidate asks, the endorsement office decides by a day that both can see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from examapp.config import Config
from examapp.registration import documents, mails
from examapp.registration.accommodations import refuse_late
from examapp.registration.documents import Document
from examapp.registration.models import (
    AccommodationKind,
    AccommodationRequest,
    Administration,
    Registration,
    RequestDecision,
)
from examapp.registration.registrations import hold, record_deed, refuse_own
from question_bank.errors import RuleViolation

# The office answers within ten days, and in any case so long before the window that everything can be arranged.
ANSWERED_WITHIN = timedelta(days=10)
ARRANGED_BEFORE = timedelta(days=5)
# Who asks later than that has an answer on the next day.
ANSWERED_AT_LEAST_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """What a candidate fills in."""

    kinds: Sequence[AccommodationKind]
    statement: str
    documented_from: date | None = None
    documented_until: date | None = None
    document: Document | None = None


def due_at(administration: Administration, at: datetime) -> datetime:
    """By when a request made now is decided."""
    usual = min(at + ANSWERED_WITHIN, administration.opens_at - ARRANGED_BEFORE)
    return max(usual, at + ANSWERED_AT_LEAST_WITHIN)


def requests_of(session: Session, registration: Registration) -> Sequence[AccommodationRequest]:
    """Every request of this registration, the latest first."""
    mine = select(AccommodationRequest).where(AccommodationRequest.registration_id == registration.id)
    return session.scalars(mine.order_by(AccommodationRequest.id.desc())).all()


def is_undecided(request: AccommodationRequest) -> bool:
    return request.decided_at is None and request.withdrawn_at is None


def ask(
    session: Session, registration: Registration, wish: Wish, *, config: Config, at: datetime
) -> AccommodationRequest:
    """Hand in a request; the document goes into the instance folder, its SHA-256 into the request."""
    hold(session, registration)
    refuse_too_late_to_ask(registration, at)
    if any(map(is_undecided, requests_of(session, registration))):
        raise RuleViolation("Your earlier request is not decided yet. Withdraw it first if you want to change it.")
    refuse_unclear(wish)
    request = AccommodationRequest(
        registration=registration,
        kinds=[kind.value for kind in AccommodationKind if kind in wish.kinds],
        statement=wish.statement.strip(),
        documented_from=wish.documented_from,
        documented_until=wish.documented_until,
        document_sha256=documents.keep(config, wish.document) if wish.document else "",
        document_name=wish.document.name[-200:] if wish.document else "",
        asked_at=at,
        due_at=due_at(registration.administration, at),
    )
    session.add(request)
    session.flush()
    record_deed(
        session,
        registration,
        "accommodation_asked",
        by=registration.candidate_id,
        at=at,
        due_at=request.due_at.isoformat(),
    )
    mails.request_received(session, request, at=at)
    session.flush()
    return request


def refuse_too_late_to_ask(registration: Registration, at: datetime) -> None:
    refuse_late(registration)
    if registration.administration.cancelled_at or at >= registration.administration.closes_at:
        raise RuleViolation("This examination is over. Nothing can be arranged for it any more.")


def refuse_unclear(wish: Wish) -> None:
    if not wish.kinds:
        raise RuleViolation("Choose at least one thing that you need.")
    if not wish.statement.strip():
        raise RuleViolation("Say in a few words what you need and why.")
    if wish.documented_from and wish.documented_until and wish.documented_until < wish.documented_from:
        raise RuleViolation("The document cannot end before it begins.")
    if wish.document:
        documents.refuse_unfit(wish.document)


def withdraw(session: Session, request: AccommodationRequest, *, at: datetime) -> None:
    """The candidate takes the request back before it is decided."""
    hold(session, request.registration)
    refuse_decided(session, request)
    request.withdrawn_at = at
    by = request.registration.candidate_id
    record_deed(session, request.registration, "accommodation_request_withdrawn", by=by, at=at)
    session.flush()


def decide(
    session: Session, request: AccommodationRequest, decision: RequestDecision, *, note: str, by: int, at: datetime
) -> None:
    """Answer a request. What is granted is written down separately, as an accommodation."""
    refuse_own(request.registration.candidate_id, by)
    hold(session, request.registration)
    refuse_decided(session, request)
    if decision is not RequestDecision.GRANTED and not note.strip():
        raise RuleViolation("Say why it is not granted, or not all of it. The candidate reads this.")
    request.decision, request.decision_note = decision, note.strip()
    request.decided_at, request.decided_by_id = at, by
    # The note stays out of the trail: it may speak of a person's health, and the trail has more readers.
    record_deed(session, request.registration, "accommodation_request_decided", by=by, at=at, decision=decision)
    mails.request_decided(session, request, at=at)
    session.flush()


def refuse_decided(session: Session, request: AccommodationRequest) -> None:
    session.refresh(request, ["decided_at", "withdrawn_at"])
    if request.withdrawn_at:
        raise RuleViolation("The candidate has withdrawn this request.")
    if request.decided_at:
        raise RuleViolation("This request has been decided already.")


def open_requests(reader: int) -> Select[AccommodationRequest]:
    """What waits for a decision by this administrator, the most urgent first."""
    return (
        select(AccommodationRequest)
        .join(AccommodationRequest.registration)
        .join(Registration.administration)
        .where(
            AccommodationRequest.decided_at.is_(None),
            AccommodationRequest.withdrawn_at.is_(None),
            Registration.candidate_id != reader,
            Registration.withdrawn_at.is_(None),
            Registration.voided_at.is_(None),
            Registration.started_at.is_(None),
            Administration.cancelled_at.is_(None),
        )
        .order_by(AccommodationRequest.due_at, AccommodationRequest.id)
    )


def count_open(session: Session, reader: int, at: datetime) -> tuple[int, int]:
    """How many requests wait for this administrator, and how many of them are overdue."""
    waiting = open_requests(reader).order_by(None).with_only_columns(AccommodationRequest.due_at).subquery()
    total, overdue = session.execute(
        select(func.count(), func.count().filter(waiting.c.due_at < at)).select_from(waiting)
    ).one()
    return total, overdue


def is_without_grant(registration: Registration, requests: Sequence[AccommodationRequest]) -> bool:
    """Whether something was promised and nothing is in force: a decision alone changes no clock."""
    decided = next((request for request in requests if request.decided_at), None)
    promised = decided is not None and decided.decision is not RequestDecision.REFUSED
    return promised and registration.accommodation is None
