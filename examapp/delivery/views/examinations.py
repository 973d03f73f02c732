"""The list of examinations, the page before a part, and its start."""

from datetime import datetime

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_limiter.util import get_remote_address
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.config import Config
from examapp.db import db_session
from examapp.delivery import attempts, tokens
from examapp.delivery.attempts import HonourNotAcceptedError
from examapp.delivery.forms import AcceptHonourForm
from examapp.delivery.messages import messages_to
from examapp.delivery.practice import PracticeOffer, offer_to
from examapp.delivery.progress import Progress, Stage, progress_of, registrations_of
from examapp.delivery.views.entry import start_form, turned_away
from examapp.delivery.views.loading import own_registration, settled_progress
from examapp.delivery.views.routes import bp
from examapp.delivery.waiting_room import may_wait, opens_at
from examapp.errors import sentence_of
from examapp.extensions import csrf, limiter
from examapp.policies import Right
from examapp.security import acting_user, public, requires
from examapp.waiting import WaitingItem
from question_bank.errors import RuleViolation


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
    waiting_rooms = {progress.registration.code for progress in mine if may_wait(progress, at)}
    return render_template(
        "delivery/examinations.html",
        mine=mine,
        waiting_rooms=waiting_rooms,
        practice=offer_to(db_session(), acting_user().id, at),
    )


@bp.get("/exam/<code>")
@requires(Right.SIT_EXAM)
def examination(code: str) -> str:
    at = now()
    registration = own_registration(code)
    return examination_page(settled_progress(registration, at), start_form(registration), at)


def who_tries() -> str:
    """A room full of candidates has one address: everybody's tries at the access code count for themselves."""
    return current_user.get_id() or get_remote_address()


def is_refused(response: Response) -> bool:
    return response.status_code == 422


@bp.post("/exam/<code>/honour")
@requires(Right.SIT_EXAM)
@limiter.limit("10 per minute", key_func=who_tries, deduct_when=is_refused)
def accept_honour(code: str) -> Response | tuple[str, int]:
    """Before the window opens, or later: then a part is started by one button."""
    at, session, registration = now(), db_session(), own_registration(code)
    form = start_form(registration)
    if not form.validate_on_submit():
        return render_template("delivery/honour.html", registration=registration, form=form), 422
    try:
        attempts.accept_honour(session, registration, at=at)
        session.commit()
        flash(_("You have accepted the honour statement."), "success")
    except RuleViolation as violation:
        flash(sentence_of(violation), "error")
    except IntegrityError:  # a double click: the other request has written it
        session.rollback()
    return redirect(url_for("delivery.waiting_room", code=code))


@bp.get("/exam/<code>/honour")
@requires(Right.SIT_EXAM)
def honour(code: str) -> str:
    registration = own_registration(code)
    return render_template("delivery/honour.html", registration=registration, form=start_form(registration))


@bp.post("/exam/<code>/parts/<part>/start")
@requires(Right.SIT_EXAM)
@limiter.limit("10 per minute", key_func=who_tries, deduct_when=is_refused)
def accept_and_start(code: str, part: str) -> Response | tuple[str, int]:
    """Accept the honour statement and start, in one step."""
    at, session, registration = now(), db_session(), own_registration(code)
    form = start_form(registration)
    accepts = form.validate_on_submit()
    if away := turned_away(registration):
        return away
    try:
        attempts.start_part(session, registration, part, at=at, accepts_honour=accepts, grace_seconds=grace_seconds())
        session.commit()
    except HonourNotAcceptedError:  # the form says what is missing
        return examination_page(progress_of(session, registration, at), form, at), 422
    except RuleViolation as violation:
        flash(sentence_of(violation), "error")
        return redirect(url_for("delivery.examination", code=code))
    except IntegrityError:  # a double click: the other request has started it
        session.rollback()
    return redirect(url_for("delivery.take_part", code=code, part=part))


@bp.post("/exam/start")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@public
def start() -> Response:
    """Start a part. The signed ticket of the page before it is the authority, as it is for saving."""
    session = db_session()
    ticket = tokens.read_start(request.form.get("ticket", ""), current_app.config["SECRET_KEY"])
    if ticket is None:
        flash(_("This page was open for too long. Start from here."), "error")
        return redirect(url_for("delivery.examinations"))
    found = attempts.threshold(session, ticket.registration_id, ticket.part)
    code = found.registration.code
    if away := turned_away(found.registration):
        return away
    try:
        attempts.start(session, found, ticket.part, at=now(), grace_seconds=grace_seconds())
        session.commit()
    except RuleViolation as violation:
        flash(sentence_of(violation), "error")
        return redirect(url_for("delivery.examination", code=code))
    except IntegrityError:  # a double click: the other request has started it; or it was withdrawn in this moment
        session.rollback()
    return redirect(url_for("delivery.take_part", code=code, part=ticket.part))


def grace_seconds() -> int:
    settings: Config = current_app.config["EXAMAPP"]
    return settings.network_grace_seconds


def examination_page(progress: Progress, form: AcceptHonourForm, at: datetime) -> str:
    return render_template(
        "delivery/examination.html",
        progress=progress,
        form=form,
        may_wait=may_wait(progress, at),
        waiting_room_opens_at=opens_at(progress.registration.administration),
        messages=messages_to(db_session(), progress.registration),
        practice=practice_beside(progress, at),
    )


def practice_beside(progress: Progress, at: datetime) -> PracticeOffer | None:
    """What can be practised for this examination; on the page of a round that is over, the next round."""
    registration = progress.registration
    offer = offer_to(db_session(), registration.candidate_id, at)
    over = registration.practice_round and progress.stage is Stage.FINISHED
    return offer if offer and (over or offer.real is registration) else None
