"""The candidate's pages: the list, the instructions, the exam page, and what it posts."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session, get_database
from examapp.delivery import attempts, leases, log, tokens
from examapp.delivery.batches import BatchError, TooLargeError, read_batch
from examapp.delivery.forms import AcceptHonourForm
from examapp.delivery.log import Verdict
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.delivery.part_content import PartContent, content_of
from examapp.delivery.progress import PartProgress, Progress, Stage, progress_of, registrations_of
from examapp.delivery.responses import responses_of
from examapp.errors import sentence_of
from examapp.extensions import csrf
from examapp.policies import Right, may_sit
from examapp.registration.models import Registration
from examapp.security import acting_user, public, requires
from examapp.waiting import WaitingItem
from question_bank.errors import RuleViolation
from question_bank.exam_forms import sealed_document
from question_bank.exam_policy import PART_ONE

bp = Blueprint("delivery", __name__)

STATUS = {Verdict.SAVED: 200, Verdict.GAP: 409, Verdict.LEASE: 409, Verdict.LATE: 410, Verdict.GONE: 404}
Json = tuple[dict[str, Any], int]
FORGED: Json = ({"reason": "not our token"}, 403)


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """An examination this candidate can take now."""
    stages = [progress_of(session, registration, at).stage for registration in registrations_of(session, user.id)]
    count = sum(stage in (Stage.WAITING, Stage.READY, Stage.WRITING) for stage in stages)
    text = ngettext("%(num)s examination is open for you", "%(num)s examinations are open for you", count)
    return [WaitingItem(text, url_for("delivery.examinations"), count)] if count else []


@bp.get("/exam")
@requires(Right.SIT_EXAM)
def examinations() -> str:
    at = now()
    mine = [settled_progress(registration, at) for registration in registrations_of(db_session(), acting_user().id)]
    return render_template("delivery/examinations.html", mine=mine)


@bp.get("/exam/<code>")
@requires(Right.SIT_EXAM)
def examination(code: str) -> str:
    progress = settled_progress(own_registration(code), now())
    return render_template("delivery/examination.html", progress=progress, form=AcceptHonourForm())


@bp.post("/exam/<code>/parts/<part>/start")
@requires(Right.SIT_EXAM)
def start(code: str, part: str) -> Response | tuple[str, int]:
    at, session, registration = now(), db_session(), own_registration(code)
    grace = current_app.config["EXAMAPP"].network_grace_seconds
    form = AcceptHonourForm()
    attempts.close_overdue(session, at)
    progress = progress_of(session, registration, at)
    if progress.attempt is None and not form.validate_on_submit():
        return render_template("delivery/examination.html", progress=progress, form=form), 422
    try:
        attempts.accept_honour(session, registration, at=at)
        attempts.start_part(session, registration, part, at=at, grace_seconds=grace)
        session.commit()
    except RuleViolation as violation:
        flash(sentence_of(violation), "error")
        return redirect(url_for("delivery.examination", code=code))
    except IntegrityError:  # a double click: the other request has started it
        session.rollback()
    return redirect(url_for("delivery.take_part", code=code, part=part))


@bp.get("/exam/<code>/parts/<part>")
@requires(Right.SIT_EXAM)
def take_part(code: str, part: str) -> str | Response:
    progress = settled_progress(own_registration(code), now())
    mine = part_progress(progress, part)
    if mine.part is None or progress.stage is Stage.ENDED:
        return redirect(url_for("delivery.examination", code=code))
    if mine.closed:
        return redirect(url_for("delivery.handed_in", code=code, part=part))
    return render_template(
        "delivery/part.html",
        progress=progress,
        mine=mine,
        content=content_for(mine.part),
        multiple_choice=part == PART_ONE,
    )


@bp.get("/exam/<code>/parts/<part>/handed-in")
@requires(Right.SIT_EXAM)
def handed_in(code: str, part: str) -> str | Response:
    session = db_session()
    progress = settled_progress(own_registration(code), now())
    mine = part_progress(progress, part)
    if not mine.closed or mine.part is None:
        return redirect(url_for("delivery.examination", code=code))
    content = content_for(mine.part)
    return render_template(
        "delivery/handed_in.html",
        progress=progress,
        mine=mine,
        expected=content.answers_expected,
        answered=content.answered(responses_of(session, [mine.part.id])[mine.part.id]),
        late=log.late_count(session, mine.part.id),
    )


# What the exam page posts


@bp.post("/exam/<code>/parts/<part>/lease")
@requires(Right.SIT_EXAM)
def lease(code: str, part: str) -> Json:
    """Give this tab the right to write, with everything it needs to go on: token, answers, head of the log."""
    at, session, registration = now(), db_session(), own_registration(code)
    attempts.close_overdue(session, at)
    mine = attempts.part_of(attempts.attempt_of(session, registration), part) or abort(404)
    asked = posted_object()
    holder = asked.get("holder")
    if not isinstance(holder, str) or not 8 <= len(holder) <= 40:
        abort(400)
    held = leases.acquire(session, mine, holder, take_over=asked.get("take_over") is True, at=at)
    session.commit()
    if mine.closed_at or not registration.active:
        return {"reason": Verdict.LATE, "late": False}, 410
    if not held:
        return {"reason": Verdict.LEASE, "last_seen": mine.last_seen_at.isoformat()}, 409
    return lease_document(session, mine, at), 200


@bp.post("/exam/log/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@public
def save(token: str) -> Json:
    """Store a batch of response events. The signed token is the authority; no sign-in, no session, no ORM."""
    ticket, session = ticket_of(token), db_session()
    if ticket is None:
        return FORGED
    content = content_of(sealed_document(session, ticket.form_sha256), ticket.part, ticket.level, ticket.track)
    try:
        batch = read_batch(request.get_data(), content.codes)
    except TooLargeError:
        return {"reason": "too large"}, 413
    except BatchError:
        return {"reason": "not understood"}, 400
    answer = log.save(session, ticket, batch, at=now())
    session.commit()
    return answer.body, STATUS[answer.verdict]


@bp.post("/exam/close/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@public
def close(token: str) -> Json:
    """Hand the part in. A page that thinks its time is up asks too, and is told when it is wrong."""
    ticket, session, at = ticket_of(token), db_session(), now()
    if ticket is None:
        return FORGED
    part = session.get(AttemptPart, ticket.part_id) or abort(404)
    if part.closed_at is None:
        if (part.lease_epoch, part.lease_holder) != (ticket.epoch, ticket.holder):
            return {"reason": Verdict.LEASE}, 409
        if posted_object().get("time_is_up") and at < part.deadline_at:
            return {"reason": "time left", "deadline": part.deadline_at.isoformat(), "now": at.isoformat()}, 409
        candidate_id = part.attempt.registration.candidate_id
        attempts.close_part(session, part, closed_by=ClosedBy.CANDIDATE, at=at, by=candidate_id)
        session.commit()
    code = part.attempt.registration.code
    return {"next": url_for("delivery.handed_in", code=code, part=part.part)}, 200


# Loading


def own_registration(code: str) -> Registration:
    registration = db_session().scalar(select(Registration).where(Registration.code == code))
    if registration is None or not may_sit(acting_user(), registration):
        abort(404)
    return registration


def settled_progress(registration: Registration, at: datetime) -> Progress:
    """The progress after whatever is overdue has been closed: who reads is told the truth."""
    session = db_session()
    progress = progress_of(session, registration, at)
    if any(mine.part and attempts.is_overdue(mine.part, at) for mine in progress.parts):
        session.rollback()  # a reading transaction would neither write nor see what another one has written
        with get_database().transaction() as writing:
            attempts.close_overdue(writing, at)
        progress = progress_of(session, registration, at)
    return progress


def part_progress(progress: Progress, part: str) -> PartProgress:
    return next((mine for mine in progress.parts if mine.rules.code == part), None) or abort(404)


def content_for(part: AttemptPart) -> PartContent:
    """The part as its candidate gets it, of the form the attempt began with."""
    registration = part.attempt.registration
    document = sealed_document(db_session(), part.attempt.form_sha256)
    return content_of(document, part.part, registration.level, registration.track)


def posted_object() -> dict[str, Any]:
    posted = request.get_json(silent=True)
    return posted if isinstance(posted, dict) else {}


def ticket_of(token: str) -> tokens.Ticket | None:
    return tokens.read(token, current_app.config["SECRET_KEY"])


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
    token = tokens.sign(ticket, current_app.config["SECRET_KEY"])
    responses = responses_of(session, [part.id])[part.id]
    return {
        "epoch": part.lease_epoch,
        "log": url_for("delivery.save", token=token),
        "close": url_for("delivery.close", token=token),
        "answers": responses.answers,
        "flagged": sorted(responses.flagged),
        "chosen": sorted(responses.chosen),
        **log.receipt(part.last_seq, part.chain, part.deadline_at, at),
    }
