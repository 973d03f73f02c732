"""The blueprint, and what its pages share."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers.response import Response

from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import may_watch
from examapp.registration.models import Administration, Registration
from examapp.registration.real import real_administration, real_registration
from examapp.security import acting_user
from question_bank.errors import RuleViolation

bp = Blueprint("proctoring", __name__)

Page = str | Response | tuple[str, int]


def administration_or_404(administration_id: int) -> Administration:
    return real_administration(db_session(), administration_id) or abort(404)


def registration_or_404(administration_id: int, code: str) -> Registration:
    found = real_registration(db_session(), code)
    if found is None or found.administration_id != administration_id:
        abort(404)
    if not may_watch(acting_user(), found):
        abort(403)
    return found


def deed(
    administration_id: int, template: str, form: FlaskForm, values: Mapping[str, object], carry_out: Callable[[], str]
) -> Page:
    """Something done in the room by a form: ``carry_out`` does it and says so; when a rule says no, the form stays."""
    if not form.validate_on_submit():
        return form_page(template, form, values)
    try:
        said = carry_out()
        db_session().commit()
    except RuleViolation as violation:
        return form_page(template, form, values, violation)
    flash(said, "success")
    return redirect(url_for("proctoring.show", administration_id=administration_id))


def form_page(
    template: str, form: object, values: Mapping[str, object], violation: RuleViolation | None = None
) -> Page:
    """The page of a form; with what a rule said above it, or its errors, when it was refused."""
    if violation:
        db_session().rollback()
        flash(sentence_of(violation), "error")
    status = 409 if violation else 422 if request.method == "POST" else 200
    return render_template(template, form=form, **values), status
