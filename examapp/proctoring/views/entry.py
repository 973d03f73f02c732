"""Letting a candidate in although the computer does not show what is asked."""

from flask_babel import gettext as _

from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right
from examapp.proctoring.forms import LetInForm
from examapp.proctoring.views.routes import Page, bp, deed, registration_or_404
from examapp.registration import entry_rules
from examapp.security import acting_user, requires


@bp.route("/room/<int:administration_id>/let-in/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def let_in(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    form = LetInForm()
    values = {"registration": registration, "overrides": entry_rules.overrides_of(db_session(), registration)}

    def carry_out() -> str:
        entry_rules.let_in(db_session(), registration, reason=form.reason.data, by=acting_user().id, at=now())
        return _("%(name)s may enter on any computer.", name=registration.candidate.name)

    return deed(administration_id, "proctoring/let_in.html", form, values, carry_out)
