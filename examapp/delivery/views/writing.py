"""What the exam page posts: the lease, batches of changes, and the closing.

All but the lease ask for the attempt token in place of a sign-in, and need no token against forged forms: no browser
lets a page of another site send the header that the attempt token comes in.
"""

from datetime import datetime
from typing import Any

from flask import abort, current_app, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session, joinedload, lazyload

from examapp.clock import now
from examapp.db import db_session, get_database
from examapp.delivery import attempts, clock_stops, leases, log, tokens
from examapp.delivery.batches import BatchError, TooLargeError, read_batch
from examapp.delivery.clock import seconds_left
from examapp.delivery.log import Verdict
from examapp.delivery.messages import messages_to
from examapp.delivery.models import Attempt, AttemptPart, ClosedBy
from examapp.delivery.option_order import option_orders
from examapp.delivery.responses import logged_responses_of
from examapp.delivery.tokens import Ticket
from examapp.delivery.views.entry import turned_away
from examapp.delivery.views.loading import content_at_hand, content_for, own_registration, posted_object, shown_ticket
from examapp.delivery.views.routes import bp
from examapp.errors import sentence_of
from examapp.extensions import csrf
from examapp.policies import Right
from examapp.registration.models import Registration
from examapp.security import public, requires
from question_bank.errors import RuleViolation

STATUS = {Verdict.SAVED: 200, Verdict.GAP: 409, Verdict.LEASE: 409, Verdict.LATE: 410, Verdict.GONE: 404}
Json = tuple[dict[str, Any], int]
FORGED: Json = ({"reason": "not our token"}, 403)


@bp.post("/exam/<code>/parts/<part>/lease")
@requires(Right.SIT_EXAM)
def lease(code: str, part: str) -> Json:
    """Give this tab the right to write, with everything it needs to go on: token, answers, head of the log."""
    at, session, registration = now(), db_session(), own_registration(code)
    attempts.close_overdue(session, at)
    mine = attempts.part_of(attempts.attempt_of(session, registration), part) or abort(404)
    if mine.closed_at is None and turned_away(registration):
        return {"reason": "entry", "next": url_for("delivery.check_computer", code=code)}, 403
    if mine.stopped_left is not None:
        clock_stops.settle(session, [mine.id], at=at)
    asked = posted_object()
    holder = asked.get("holder")
    if not isinstance(holder, str) or not 8 <= len(holder) <= 40:
        abort(400)
    held = leases.acquire(session, mine, holder, take_over=asked.get("take_over") is True, at=at)
    session.commit()
    if mine.closed_at or not registration.active:
        return {"reason": Verdict.LATE, "late": False}, 410
    if not held:
        other = {"last_seen": mine.last_seen_at.isoformat(), "unsent": mine.unsent, "now": at.isoformat()}
        return {"reason": Verdict.LEASE, **other}, 409
    return lease_document(session, mine, at), 200


@bp.post("/exam/log")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@public
def save() -> Json:
    """Store a batch of response events. The signed token is the authority; no sign-in, no session, no ORM."""
    ticket = shown_ticket()
    if ticket is None:
        return FORGED
    content = content_at_hand(ticket.form_sha256, ticket.part, ticket.level, ticket.track)
    try:
        batch = read_batch(request.get_data(), content.codes, essays=not content.items)
    except TooLargeError as error:
        return {"reason": "too large", "item": error.item}, 413
    except BatchError:
        return {"reason": "not understood"}, 400
    at = now()
    answer = log.save_alone(get_database(), ticket, batch, at=at)
    if answer.body.get("stopped_left") is not None:
        answer.body["stopped_left"] = stopped_left_of(ticket.part_id, at)
    return answer.body, STATUS[answer.verdict]


@bp.get("/exam/messages")
@public
def messages() -> Json:
    """What the room says: its messages, why the clock stands still, and the breaks that are left."""
    ticket, session, at = shown_ticket(), db_session(), now()
    if ticket is None:
        return FORGED
    part = part_of(ticket) or abort(404)
    said = messages_to(session, part.attempt.registration)
    told = [{"id": message.id, "text": message.text, "at": message.at.isoformat()} for message in said]
    return {"messages": told, **stop_document(session, part, at)}, 200


@bp.post("/exam/break")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@public
def take_break() -> Json:
    """Start or end a break of the accommodation. The answer is a receipt: the page's clock follows it."""
    ticket, session, at = shown_ticket(), db_session(), now()
    if ticket is None:
        return FORGED
    deed = {"start": clock_stops.start_break, "end": clock_stops.end_break}.get(str(posted_object().get("action")))
    part = part_of(ticket)
    if deed is None or part is None:
        abort(400 if part else 404)
    if part.closed_at:
        return {"reason": Verdict.LATE, "late": False}, 410
    if (part.lease_epoch, part.lease_holder) != (ticket.epoch, ticket.holder):
        return {"reason": Verdict.LEASE}, 409
    try:
        deed(session, part, at=at)
    except RuleViolation as violation:
        return {"reason": "refused", "sentence": sentence_of(violation)}, 409
    session.commit()
    return {**log.receipt(part.last_seq, part.chain, part, at), **stop_document(session, part, at)}, 200


@bp.post("/exam/close")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@public
def close() -> Json | tuple[dict[str, Any], int, dict[str, str]]:
    """Hand the part in. A page that thinks its time is up asks too, and is told when it is wrong."""
    ticket, session, at = shown_ticket(), db_session(), now()
    if ticket is None:
        return FORGED
    part, signed_in = part_of(ticket) or abort(404), current_user.is_authenticated
    registration = part.attempt.registration
    if part.closed_at is None:
        if (part.lease_epoch, part.lease_holder) != (ticket.epoch, ticket.holder):
            return {"reason": Verdict.LEASE}, 409
        if posted_object().get("time_is_up") and at < part.deadline_at:
            return {"reason": "time left", **log.receipt(part.last_seq, part.chain, part, at)}, 409
        attempts.close_part(session, part, closed_by=ClosedBy.CANDIDATE, at=at, by=registration.candidate_id)
        session.commit()
    told = {"next": url_for("delivery.handed_in", code=registration.code, part=part.part), "signed_in": signed_in}
    return told, 200, {"Clear-Site-Data": '"cache"'}


def part_of(ticket: Ticket) -> AttemptPart | None:
    """The part a token stands for, with its registration but without the people around it."""
    registration = joinedload(AttemptPart.attempt).joinedload(Attempt.registration)
    alone = (Registration.candidate, Registration.administration, Registration.accommodations)
    return db_session().get(
        AttemptPart, ticket.part_id, options=[registration.options(*(lazyload(name) for name in alone))]
    )


def stopped_left_of(part_id: int, at: datetime) -> int | None:
    """What a receipt says of a clock that stands still, once a break that is used up has ended."""
    session = db_session()
    clock_stops.settle(session, [part_id], at=at)
    part = session.get_one(AttemptPart, part_id)
    session.commit()
    return None if part.stopped_left is None else seconds_left(part.deadline_at, part.stopped_left, at)


def lease_document(session: Session, part: AttemptPart, at: datetime) -> dict[str, Any]:
    """What a tab needs to write: its token, the answers so far, and the head of the log with the time."""
    registration = part.attempt.registration
    ticket = tokens.Ticket(
        part_id=part.id,
        epoch=part.lease_epoch,
        holder=part.lease_holder,
        form_sha256=part.attempt.form_sha256,
        part=part.part,
        level=registration.level,
        track=registration.track,
    )
    responses = logged_responses_of(session, [part.id])[part.id]
    return {
        "epoch": part.lease_epoch,
        "holder": part.lease_holder,
        "token": tokens.sign(ticket, current_app.config["SECRET_KEY"]),
        "log": url_for("delivery.save"),
        "close": url_for("delivery.close"),
        "break": url_for("delivery.take_break"),
        "messages_url": url_for("delivery.messages"),
        "answers": responses.answers,
        "flagged": sorted(responses.flagged),
        "chosen": sorted(responses.chosen),
        "notes": responses.notes,
        "struck": responses.struck,
        **order_document(part),
        **stop_document(session, part, at),
        **log.receipt(part.last_seq, part.chain, part, at),
    }


def order_document(part: AttemptPart) -> dict[str, Any]:
    """The candidate's own order of options, where the administration shuffles them."""
    registration = part.attempt.registration
    if not registration.administration.shuffle_options:
        return {}
    return {"order": option_orders(registration.code, content_for(part).items)}


def stop_document(session: Session, part: AttemptPart, at: datetime) -> dict[str, Any]:
    """Why the clock stands still, if it does, and the seconds of breaks that are left."""
    stop = clock_stops.current_stop(session, part, at)
    told = {"kind": stop.kind, "reason": stop.reason} if stop else None
    return {"stop": told, "break_left": clock_stops.break_left(part, stop, at)}
