"""Giving time back: to one, to those ticked, to all."""

from datetime import datetime

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.clock import seconds_left
from examapp.delivery.models import AttemptPart
from examapp.delivery.time_ledger import give_time as give_time_to
from examapp.policies import Right
from examapp.proctoring import clocks, room
from examapp.proctoring.forms import GiveTimeForm, GiveTimeToSomeForm
from examapp.proctoring.views.routes import Page, administration_or_404, bp, deed, registration_or_404
from examapp.security import acting_user, requires
from examapp.shell import show_duration


@bp.route("/room/<int:administration_id>/time/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    session, at, form = db_session(), now(), GiveTimeForm()
    values = {"registration": registration, "administration": registration.administration}

    def carry_out() -> str:
        give(form, [room.open_part_of(session, registration, at)], at)
        return _("%(name)s has more time.", name=registration.candidate.name)

    return deed(administration_id, "proctoring/give_time.html", form, values, carry_out)


@bp.route("/room/<int:administration_id>/time", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time_to_all(administration_id: int) -> Page:
    administration = administration_or_404(administration_id)
    session, at, form, by = db_session(), now(), GiveTimeForm(), acting_user().id
    writing = clocks.parts_of_others(session, administration, by=by, at=at)
    values = {"administration": administration, "writing": len(writing)}

    def carry_out() -> str:
        return given_to(give(form, clocks.parts_to_work_on(session, administration, by=by, at=at), at))

    return deed(administration_id, "proctoring/give_time.html", form, values, carry_out)


@bp.route("/room/<int:administration_id>/time/selected", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time_to_selected(administration_id: int) -> Page:
    administration = administration_or_404(administration_id)
    session, at, by = db_session(), now(), acting_user().id
    form = GiveTimeToSomeForm(candidates=request.args.getlist("candidate"))
    writing = clocks.parts_of_others(session, administration, by=by, at=at)
    form.candidates.choices = [choice_of(part, at) for part in writing]
    values = {"administration": administration, "writing": len(writing), "selected": True}

    def carry_out() -> str:
        parts = clocks.parts_to_work_on(session, administration, by=by, at=at, codes=form.candidates.data)
        return given_to(give(form, parts, at))

    return deed(administration_id, "proctoring/give_time.html", form, values, carry_out)


def give(form: GiveTimeForm, parts: list[AttemptPart], at: datetime) -> int:
    seconds, by = form.minutes.data * 60, acting_user().id
    return give_time_to(db_session(), parts, seconds=seconds, reason=form.reason.data, by=by, at=at)


def given_to(count: int) -> str:
    return ngettext("%(num)s candidate has more time.", "%(num)s candidates have more time.", count)


def choice_of(part: AttemptPart, at: datetime) -> SelectChoice:
    registration = part.attempt.registration
    left = show_duration(seconds_left(part.deadline_at, part.stopped_left, at))
    return SelectChoice(
        registration.code,
        registration.candidate.name,
        {"description": _("%(code)s, %(left)s left", code=registration.code, left=left)},
    )
