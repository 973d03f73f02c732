"""Pausing clocks and letting them go on: of one candidate, of all."""

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery import clock_stops
from examapp.policies import Right
from examapp.proctoring import clocks, room
from examapp.proctoring.forms import PauseForm
from examapp.proctoring.views.routes import Page, administration_or_404, bp, deed, registration_or_404
from examapp.security import acting_user, requires


@bp.route("/room/<int:administration_id>/pause/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def pause(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    session, at, form = db_session(), now(), PauseForm()
    values = {"registration": registration, "administration": registration.administration}

    def carry_out() -> str:
        part = room.open_part_of(session, registration, at)
        clock_stops.pause(session, [part], reason=form.reason.data, by=acting_user().id, at=at)
        return _("The clock of %(name)s stands still.", name=registration.candidate.name)

    return deed(administration_id, "proctoring/pause.html", form, values, carry_out)


@bp.route("/room/<int:administration_id>/pause", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def pause_all(administration_id: int) -> Page:
    administration = administration_or_404(administration_id)
    session, at, form, by = db_session(), now(), PauseForm(), acting_user().id
    writing = clocks.parts_of_others(session, administration, by=by, at=at)
    values = {"administration": administration, "running": sum(part.stopped_left is None for part in writing)}

    def carry_out() -> str:
        parts = clocks.parts_to_work_on(session, administration, by=by, at=at)
        count = clock_stops.pause(session, parts, reason=form.reason.data, by=by, at=at)
        return ngettext("%(num)s clock stands still.", "%(num)s clocks stand still.", count)

    return deed(administration_id, "proctoring/pause.html", form, values, carry_out)


@bp.route("/room/<int:administration_id>/resume/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def resume(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    session, at, form = db_session(), now(), FlaskForm()
    values = {"registration": registration, "administration": registration.administration}

    def carry_out() -> str:
        clock_stops.resume(session, [room.open_part_of(session, registration, at)], by=acting_user().id, at=at)
        return _("The clock of %(name)s goes on.", name=registration.candidate.name)

    return deed(administration_id, "proctoring/resume.html", form, values, carry_out)


@bp.route("/room/<int:administration_id>/resume", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def resume_all(administration_id: int) -> Page:
    administration = administration_or_404(administration_id)
    session, at, form, by = db_session(), now(), FlaskForm(), acting_user().id
    paused = clocks.paused_parts(session, administration, by=by, at=at)
    values = {"administration": administration, "paused": len(paused)}

    def carry_out() -> str:
        count = clock_stops.resume(session, paused, by=by, at=at)
        return ngettext("%(num)s clock goes on.", "%(num)s clocks go on.", count)

    return deed(administration_id, "proctoring/resume.html", form, values, carry_out)
