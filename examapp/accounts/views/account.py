"""Pages: one's own account, password, and where one is signed in."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from examapp.accounts import mails, sign_in
from examapp.accounts.forms import ChangePasswordForm, ChooseReadingForm
from examapp.accounts.models import SignIn, User
from examapp.accounts.passwords import hash_password, is_right
from examapp.accounts.people import choose_digest, choose_own_reading, keep_password
from examapp.accounts.views.browser import remember, this_sign_in
from examapp.accounts.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.extensions import limiter
from examapp.policies import Right, has_right, may_end_sign_in
from examapp.security import acting_user, signed_in


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    user, at = acting_user(), now()
    form = ChooseReadingForm(obj=user)
    if not has_right(user, Right.SEE_BANK):
        del form.wants_digest
    if form.validate_on_submit():
        choose_own_reading(db_session(), user, locale=form.locale.data, time_zone=form.time_zone.data, at=at)
        if form.wants_digest:
            choose_digest(db_session(), user, wanted=form.wants_digest.data, at=at)
        db_session().commit()
        flash(_("Your choices are saved."), "success")
        return redirect(url_for("accounts.account"))
    page = render_template(
        "accounts/account.html",
        form=form,
        sign_ins=sign_in.open_sign_ins(db_session(), user, at),
        here=this_sign_in(),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
@limiter.limit("10 per minute", methods=["POST"])
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm(acting_user())
    if form.validate_on_submit() and current_password_is_right(form, acting_user()):
        at, password_hash = now(), hash_password(form.password.data)
        user = db_session().get_one(User, acting_user().id)
        keep_password(db_session(), user, password_hash, at=at)
        mails.password_changed(db_session(), user, at=at)
        remember(user, at)
        db_session().commit()
        flash(_("Your new password is set. You are signed out everywhere else."), "success")
        return redirect(url_for("accounts.account"))
    return render_template("accounts/change_password.html", form=form), 422 if form.is_submitted() else 200


def current_password_is_right(form: ChangePasswordForm, user: User) -> bool:
    db_session().commit()  # ends the transaction that found the person: checking is slow on purpose
    if is_right(user.password_hash, form.current_password.data):
        return True
    form.current_password.errors = [_("This is not your current password.")]
    return False


@bp.post("/account/sign-ins/<int:sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    row = db_session().get(SignIn, sign_in_id)
    if row is None or not may_end_sign_in(acting_user(), row):
        abort(404)
    sign_in.end(db_session(), row, by=acting_user().id, at=now())
    db_session().commit()
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/account/sign-ins/end-others")
@signed_in
def end_other_sign_ins() -> ResponseReturnValue:
    number = sign_in.end_others(db_session(), acting_user(), this_sign_in(), at=now())
    db_session().commit()
    nowhere = _("You were signed in nowhere else.")
    flash(ngettext("%(num)s other browser is signed out.", "%(num)s other browsers are signed out.", number)
          if number else nowhere, "success")  # fmt: skip
    return redirect(url_for("accounts.account"))
