"""Making the window of a running examination longer: typed, looked at, confirmed."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.window_extensions import effects_of, extend
from examapp.policies import Right
from examapp.proctoring.forms import ConfirmExtensionForm, ExtendWindowForm
from examapp.proctoring.views.routes import Page, administration_or_404, bp, form_page
from examapp.registration.models import Administration
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.route("/administrations/<int:administration_id>/extend", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def extend_window(administration_id: int) -> Page:
    """Ask by how much and why, then show what it would change."""
    administration = administration_or_404(administration_id)
    form = ExtendWindowForm()
    if not form.validate_on_submit():
        return form_page("proctoring/extend_window.html", form, {"administration": administration})
    effects = effects_of(db_session(), administration, seconds=form.minutes.data * 60, at=now())
    confirmation = ConfirmExtensionForm(
        formdata=None, minutes=form.minutes.data, reason=form.reason.data, seen=administration.closes_at.isoformat()
    )
    return render_template(
        "proctoring/confirm_extension.html", form=confirmation, administration=administration, effects=effects
    )


@bp.post("/administrations/<int:administration_id>/extend/confirm")
@requires(Right.MANAGE_EXAMS)
def confirm_extension(administration_id: int) -> Page:
    administration, form = administration_or_404(administration_id), ConfirmExtensionForm()
    if not form.validate():
        return redirect(url_for("proctoring.extend_window", administration_id=administration_id))
    try:
        later = extend_by(form, administration)
        db_session().commit()
    except RuleViolation as violation:
        again = ExtendWindowForm(request.form)
        return form_page("proctoring/extend_window.html", again, {"administration": administration}, violation)
    changed = ngettext(
        "%(num)s candidate who is writing has a later end.",
        "%(num)s candidates who are writing have a later end.",
        later,
    )
    flash(_("The window is longer.") + " " + changed, "success")
    return redirect(url_for("registration.administration", administration_id=administration_id))


def extend_by(form: ConfirmExtensionForm, administration: Administration) -> int:
    effects = extend(
        db_session(),
        administration,
        seconds=form.minutes.data * 60,
        reason=form.reason.data,
        seen=form.seen.data or "",
        by=acting_user().id,
        at=now(),
    )
    return effects.later
