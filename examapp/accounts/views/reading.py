"""The language switch at the top of every page."""

from flask import abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from examapp.accounts.people import choose_own_reading
from examapp.accounts.views.browser import local_path
from examapp.accounts.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.security import acting_user, public
from examapp.shell import LANGUAGES


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    locale = request.form.get("locale", "")
    if locale not in LANGUAGES:
        abort(400)
    session["locale"] = locale
    if current_user.is_authenticated:
        user = acting_user()
        choose_own_reading(db_session(), user, locale=locale, time_zone=user.time_zone, at=now())
        db_session().commit()
    return redirect(local_path(request.form.get("next")) or url_for("admin.home"))
