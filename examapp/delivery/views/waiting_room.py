"""The waiting room: its page, what the page posts to say that it is here, and the check of the device."""

from datetime import timedelta
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery import waiting_room as rules
from examapp.delivery.device_checks import Findings, faults_of, last_check, record_check
from examapp.delivery.messages import messages_to
from examapp.delivery.progress import progress_of
from examapp.delivery.views.entry import start_form
from examapp.delivery.views.loading import own_registration, posted_object, settled_progress
from examapp.delivery.views.routes import bp
from examapp.policies import Right
from examapp.security import requires


@bp.get("/exam/<code>/waiting-room")
@requires(Right.SIT_EXAM)
def waiting_room(code: str) -> str | Response:
    at, session, registration = now(), db_session(), own_registration(code)
    progress = settled_progress(registration, at)
    if not rules.may_wait(progress, at):
        return redirect(url_for("delivery.examination", code=code))
    check = last_check(session, registration)
    return render_template(
        "delivery/waiting_room.html",
        progress=progress,
        state=rules.state_of(progress, at),
        form=start_form(registration),
        messages=messages_to(session, registration),
        check=check,
        faults=faults_of(check) if check else set(),
    )


@bp.post("/exam/<code>/waiting-room")
@requires(Right.SIT_EXAM)
def pulse(code: str) -> dict[str, Any]:
    """The page is here; what time it is, and whether anything on it has changed. It measures the connection by this."""
    at, session, registration = now(), db_session(), own_registration(code)
    progress = progress_of(session, registration, at)
    if not rules.may_wait(progress, at):
        return {"here": False}
    rules.note_presence(session, registration, at=at)
    answer = {
        "here": True,
        "now": at.isoformat(),
        "state": rules.state_of(progress, at),
        "release_in": max(rules.release_at(registration) - at, timedelta(0)).total_seconds(),
        "messages": len(messages_to(session, registration)),
    }
    session.commit()
    return answer


@bp.post("/exam/<code>/device-check")
@requires(Right.SIT_EXAM)
def check_device(code: str) -> dict[str, Any]:
    at, session, registration = now(), db_session(), own_registration(code)
    if not rules.may_wait(progress_of(session, registration, at), at):
        return {"here": False}
    findings = findings_in(posted_object()) or abort(400)
    record_check(session, registration, findings, user_agent=request.user_agent.string, at=at)
    session.commit()
    return {"here": True}


def findings_in(posted: dict[str, Any]) -> Findings | None:
    """What the page posted, when it has the shape that our page sends."""
    kinds = {
        "storage": (bool,),
        "clock_offset_ms": (int,),
        "round_trip_ms": (int,),
        "announcement_heard": (bool, type(None)),
    }
    if any(type(posted.get(name)) not in allowed for name, allowed in kinds.items()):
        return None
    return Findings(**{name: posted[name] for name in kinds})
