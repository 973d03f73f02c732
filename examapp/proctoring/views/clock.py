"""Giving time back: to one, to those ticked, to all."""

from datetime import datetime

from flask import flash, request
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
from examapp.proctoring.views.routes import (
    Page,
    administration_or_404,
    back,
    bp,
    form_page,
    registration_or_404,
)
from examapp.security import acting_user, requires
from examapp.shell import show_duration
from question_bank.errors import RuleViolation


@bp.route("/room/<int:administration_id>/time/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    session, at, form = db_session(), now(), GiveTimeForm()
    values = {"registration": registration, "administration": registration.administration}
    if form.validate_on_submit():
        try:
            part = room.open_part_of(session, registration, at)
            give(form, [part], at)
        except RuleViolation as violation:
            return form_page("proctoring/give_time.html", form, values, violation)
        flash(_("%(name)s has more time.", name=registration.candidate.name), "success")
        return back(administration_id)
    return form_page("proctoring/give_time.html", form, values)


@bp.route("/room/<int:administration_id>/time", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time_to_all(administration_id: int) -> Page:
    administration = administration_or_404(administration_id)
    session, at, form, by = db_session(), now(), GiveTimeForm(), acting_user().id
    writing = clocks.parts_of_others(session, administration, by=by, at=at)
    values = {"administration": administration, "writing": len(writing)}
    if form.validate_on_submit():
        try:
            count = give(form, clocks.parts_to_work_on(session, administration, by=by, at=at), at)
        except RuleViolation as violation:
            return form_page("proctoring/give_time.html", form, values, violation)
        return given_to(administration_id, count)
    return form_page("proctoring/give_time.html", form, values)


@bp.route("/room/<int:administration_id>/time/selected", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time_to_selected(administration_id: int) -> Page:
    administration = administration_or_404(administration_id)
    session, at, by = db_session(), now(), acting_user().id
    form = GiveTimeToSomeForm(candidates=request.args.getlist("candidate"))
    writing = clocks.parts_of_others(session, administration, by=by, at=at)
    form.candidates.choices = [choice_of(part, at) for part in writing]
    values = {"administration": administration, "writing": len(writing), "selected": True}
    if form.validate_on_submit():
        codes = form.candidates.data
        try:
            count = give(form, clocks.parts_to_work_on(session, administration, by=by, at=at, codes=codes), at)
        except RuleViolation as violation:
            return form_page("proctoring/give_time.html", form, values, violation)
        return given_to(administration_id, count)
    return form_page("proctoring/give_time.html", form, values)


def give(form: GiveTimeForm, parts: list[AttemptPart], at: datetime) -> int:
    session, by = db_session(), acting_user().id
    count = give_time_to(session, parts, seconds=form.minutes.data * 60, reason=form.reason.data, by=by, at=at)
    session.commit()
    return count


def given_to(administration_id: int, count: int) -> Page:
    flash(ngettext("%(num)s candidate has more time.", "%(num)s candidates have more time.", count), "success")
    return back(administration_id)


def choice_of(part: AttemptPart, at: datetime) -> SelectChoice:
    registration = part.attempt.registration
    left = show_duration(seconds_left(part.deadline_at, part.stopped_left, at))
    return SelectChoice(
        registration.code,
        registration.candidate.name,
        {"description": _("%(code)s, %(left)s left", code=registration.code, left=left)},
    )
