"""Admitting a candidate, identity checked."""

from flask import flash
from flask_babel import gettext as _

from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right
from examapp.proctoring.admissions import admit
from examapp.proctoring.forms import AdmitForm
from examapp.proctoring.views.routes import Page, back, bp, form_page, registration_or_404
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.route("/room/<int:administration_id>/admit/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def admit_candidate(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    form = AdmitForm()
    if form.validate_on_submit():
        try:
            admit(db_session(), registration, by=acting_user().id, at=now())
            db_session().commit()
        except RuleViolation as violation:
            return form_page("proctoring/admit.html", form, {"registration": registration}, violation)
        flash(_("%(name)s is admitted.", name=registration.candidate.name), "success")
        return back(administration_id)
    return form_page("proctoring/admit.html", form, {"registration": registration})
