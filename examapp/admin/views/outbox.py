"""Pages: the mail outbox, for what has not arrived, and for reading mail where no mail server is set up."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from examapp.accounts import outbox
from examapp.accounts.models import OutboxMail
from examapp.admin.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.paging import paginate
from examapp.policies import Right
from examapp.security import acting_user, requires


@bp.get("/outbox", endpoint="outbox")
@requires(Right.MANAGE_PEOPLE)
def show_outbox() -> ResponseReturnValue:
    query = select(OutboxMail).order_by(OutboxMail.created_at.desc(), OutboxMail.id.desc())
    found = paginate(db_session(), query, request.args.get("page", 1, type=int))
    has_server = current_app.config["EXAMAPP"].smtp_url is not None
    return render_template("admin/outbox.html", found=found, has_server=has_server)


@bp.get("/outbox/<int:mail_id>")
@requires(Right.MANAGE_PEOPLE)
def mail(mail_id: int) -> ResponseReturnValue:
    found = db_session().get(OutboxMail, mail_id) or abort(404)
    return render_template("admin/mail.html", mail=found, now=now())


@bp.post("/outbox/<int:mail_id>/try-again")
@requires(Right.MANAGE_PEOPLE)
def try_mail_again(mail_id: int) -> ResponseReturnValue:
    found = db_session().get(OutboxMail, mail_id) or abort(404)
    outbox.try_again(db_session(), found, by=acting_user(), at=now())
    db_session().commit()
    flash(_("The mail is tried again now."), "success")
    return redirect(url_for("admin.mail", mail_id=found.id))
