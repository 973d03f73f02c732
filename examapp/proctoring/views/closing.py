"""Ending a part for its candidate."""

from flask_babel import gettext as _

from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right
from examapp.proctoring import room
from examapp.proctoring.closing import end_part
from examapp.proctoring.forms import ClosePartForm
from examapp.proctoring.models import IncidentCategory
from examapp.proctoring.views.routes import Page, bp, deed, registration_or_404
from examapp.security import acting_user, requires


@bp.route("/room/<int:administration_id>/close/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def close_for(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    session, at, form = db_session(), now(), ClosePartForm()

    def carry_out() -> str:
        part = room.open_part_of(session, registration, at)
        by, category = acting_user().id, IncidentCategory(form.category.data)
        end_part(session, part, category=category, reason=form.reason.data, by=by, at=at)
        return _("The part of %(name)s is ended.", name=registration.candidate.name)

    return deed(administration_id, "proctoring/close.html", form, {"registration": registration}, carry_out)
