"""Pages: signing in and signing out."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from examapp.accounts import sign_in
from examapp.accounts.forms import SignInForm
from examapp.accounts.models import User
from examapp.accounts.passwords import is_right
from examapp.accounts.views.browser import forget, local_path, remember, this_sign_in
from examapp.accounts.views.routes import bp
from examapp.clock import now
from examapp.db import db_session, get_database
from examapp.extensions import limiter
from examapp.security import acting_user, public, signed_in
from examapp.shell import show_duration


@bp.route("/sign-in", endpoint="sign_in", methods=["GET", "POST"])
@public
@limiter.limit("60 per minute", methods=["POST"])
def sign_in_page() -> ResponseReturnValue:
    wanted = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or url_for("admin.home"))
    form, at = SignInForm(), now()
    if form.validate_on_submit():
        user = checked_person(form, at)
        if user is not None:
            remember(user, at)
            db_session().commit()
            return redirect(wanted or url_for("admin.home"))
    page = render_template("accounts/sign_in.html", form=form, wanted=wanted)
    return page, 422 if form.is_submitted() else 200


def checked_person(form: SignInForm, at: datetime) -> User | None:
    """Whom the form's address and password belong to; None, with the reason on the form, when to nobody."""
    email = form.email.data.strip().lower()
    with get_database().reading() as reader:
        found = sign_in.look_up(reader, email, at)
    if found.wait:
        form.form_errors.append(too_many_tries(found.wait.total_seconds()))
        return None
    right = is_right(found.password_hash, form.password.data)  # slow on purpose: no transaction is open meanwhile
    user = db_session().get(User, found.user_id) if right else None
    if user is None:
        sign_in.note_failure(db_session(), email, address=request.remote_addr or "", at=at)
        db_session().commit()
        form.form_errors.append(_("This e-mail address and password do not belong together. Check both."))
    elif not user.is_active:
        form.form_errors.append(_("This account is deactivated. Ask the endorsement office to open it again."))
        return None
    return user


def too_many_tries(seconds: float) -> str:
    return _(
        "There were too many tries with this e-mail address. Wait %(wait)s, or ask for a new password below.",
        wait=show_duration(seconds),
    )


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    sign_in.end(db_session(), this_sign_in(), by=acting_user().id, at=now())
    db_session().commit()
    forget()
    flash(_("You are signed out."), "success")
    return redirect(url_for("accounts.sign_in"))
