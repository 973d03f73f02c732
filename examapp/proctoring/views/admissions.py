"""Admitting a candidate, identity checked."""

from flask_babel import gettext as _

from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right
from examapp.proctoring.admissions import admit
from examapp.proctoring.forms import AdmitForm
from examapp.proctoring.views.routes import Page, bp, deed, registration_or_404
from examapp.security import acting_user, requires


@bp.route("/room/<int:administration_id>/admit/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def admit_candidate(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)

    def carry_out() -> str:
        admit(db_session(), registration, by=acting_user().id, at=now())
        return _("%(name)s is admitted.", name=registration.candidate.name)

    return deed(administration_id, "proctoring/admit.html", AdmitForm(), {"registration": registration}, carry_out)
