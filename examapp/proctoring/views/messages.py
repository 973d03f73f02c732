"""Saying something to one candidate or to all."""

from flask_babel import gettext as _

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.messages import messages_to
from examapp.policies import Right
from examapp.proctoring.forms import SendMessageForm
from examapp.proctoring.messages import messages_to_all, send_message
from examapp.proctoring.views.routes import Page, administration_or_404, bp, deed, registration_or_404
from examapp.security import acting_user, requires


@bp.route("/room/<int:administration_id>/message/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def send_message_to_one(administration_id: int, code: str) -> Page:
    session, registration, form = db_session(), registration_or_404(administration_id, code), SendMessageForm()
    administration = registration.administration
    sent = messages_to(session, registration)
    values = {"registration": registration, "administration": administration, "sent": sent}

    def carry_out() -> str:
        by, text = acting_user().id, form.text.data
        send_message(session, administration, registration=registration, text=text, by=by, at=now())
        return _("The message to %(name)s is sent.", name=registration.candidate.name)

    return deed(administration_id, "proctoring/message.html", form, values, carry_out)


@bp.route("/room/<int:administration_id>/message", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def send_message_to_all(administration_id: int) -> Page:
    session, administration, form = db_session(), administration_or_404(administration_id), SendMessageForm()
    values = {"administration": administration, "sent": messages_to_all(session, administration)}

    def carry_out() -> str:
        send_message(session, administration, registration=None, text=form.text.data, by=acting_user().id, at=now())
        return _("The message to everybody is sent.")

    return deed(administration_id, "proctoring/message.html", form, values, carry_out)
