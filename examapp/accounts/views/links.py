"""Pages behind the links sent by mail: accepting an invitation, choosing a new password."""

from datetime import datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from examapp.accounts import invitations
from examapp.accounts.forms import AcceptInvitationForm, AskForResetForm, ChoosePasswordForm
from examapp.accounts.links import LinkState, find_link
from examapp.accounts.models import AccountLink, LinkPurpose, User
from examapp.accounts.passwords import hash_password
from examapp.accounts.views.browser import remember
from examapp.accounts.views.routes import bp
from examapp.clock import now
from examapp.db import db_session, get_database
from examapp.extensions import limiter
from examapp.security import public


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute", methods=["POST"])
def invitation(token: str) -> ResponseReturnValue:
    at = now()
    link, user = open_link(token, LinkPurpose.INVITATION, at)
    form = AcceptInvitationForm(user, data={"name": user.name})
    if not form.validate_on_submit():
        page = render_template("accounts/invitation.html", form=form, user=user)
        return page, 422 if form.is_submitted() else 200
    password_hash = hash_password(form.password.data)
    person = db_session().get_one(User, user.id)
    invitations.accept(db_session(), link, person, name=form.name.data, password_hash=password_hash, at=at)
    remember(person, at)
    db_session().commit()
    flash(_("Welcome! Your account is ready."), "success")
    return redirect(url_for("admin.home"))


@bp.route("/password-reset", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute; 60 per hour", methods=["POST"])
def ask_for_reset() -> ResponseReturnValue:
    form = AskForResetForm()
    if form.validate_on_submit():
        config = current_app.config["EXAMAPP"]
        invitations.ask_for_reset(db_session(), form.email.data, config=config, at=now())
        db_session().commit()
        return redirect(url_for("accounts.reset_asked"))
    return render_template("accounts/ask_for_reset.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/password-reset/asked")
@public
def reset_asked() -> ResponseReturnValue:
    return render_template("accounts/reset_asked.html")


@bp.route("/password-reset/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute", methods=["POST"])
def password_reset(token: str) -> ResponseReturnValue:
    at = now()
    link, user = open_link(token, LinkPurpose.PASSWORD_RESET, at)
    form = ChoosePasswordForm(user)
    if not form.validate_on_submit():
        page = render_template("accounts/password_reset.html", form=form, user=user)
        return page, 422 if form.is_submitted() else 200
    password_hash = hash_password(form.password.data)
    person = db_session().get_one(User, user.id)
    invitations.reset_password(db_session(), link, person, password_hash=password_hash, at=at)
    remember(person, at)
    db_session().commit()
    flash(_("Your new password is set. You are signed out everywhere else."), "success")
    return redirect(url_for("admin.home"))


def open_link(token: str, purpose: LinkPurpose, at: datetime) -> tuple[AccountLink, User]:
    """The link and its person; when it does not work any more, a page that says why and what to do."""
    with get_database().reading() as reader:
        key = current_app.config["EXAMAPP"].secret_key
        link, state = find_link(reader, token, purpose, key=key, at=at)
        user = reader.get(User, link.user_id) if link else None
    if link is None or user is None or not user.is_active:
        abort(closed(purpose, LinkState.UNKNOWN, 404))
    if state is not LinkState.OPEN:
        abort(closed(purpose, state, 410))
    return link, user


def closed(purpose: LinkPurpose, state: LinkState, code: int) -> Response:
    words: dict[str, Any] = {"purpose": purpose.value, "state": state.value}
    return Response(render_template("accounts/closed_link.html", **words), status=code, mimetype="text/html")
