"""What a proctor does with the clock: time given back to one or to all."""

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.time_ledger import give_time as give_time_to
from examapp.policies import Right
from examapp.proctoring import clocks, room
from examapp.proctoring.forms import GiveTimeForm
from examapp.proctoring.views.routes import (
    Page,
    administration_or_404,
    back,
    bp,
    form_page,
    registration_or_404,
)
from examapp.security import acting_user, requires
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
            by = acting_user().id
            give_time_to(session, [part], seconds=form.minutes.data * 60, reason=form.reason.data, by=by, at=at)
            session.commit()
        except RuleViolation as violation:
            return form_page("proctoring/give_time.html", form, values, violation)
        flash(_("%(name)s has more time.", name=registration.candidate.name), "success")
        return back(administration_id)
    return form_page("proctoring/give_time.html", form, values)


@bp.route("/room/<int:administration_id>/time", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time_to_all(administration_id: int) -> Page:
    administration = administration_or_404(administration_id)
    session, at, form = db_session(), now(), GiveTimeForm()
    values = {"administration": administration, "writing": len(room.open_parts(session, administration, at))}
    if form.validate_on_submit():
        try:
            by, seconds = acting_user().id, form.minutes.data * 60
            parts = clocks.parts_to_work_on(session, administration, by=by, at=at)
            count = give_time_to(session, parts, seconds=seconds, reason=form.reason.data, by=by, at=at)
            session.commit()
        except RuleViolation as violation:
            return form_page("proctoring/give_time.html", form, values, violation)
        flash(ngettext("%(num)s candidate has more time.", "%(num)s candidates have more time.", count), "success")
        return back(administration_id)
    return form_page("proctoring/give_time.html", form, values)
