"""What a proctor writes down."""

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectChoice

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right
from examapp.proctoring import room
from examapp.proctoring.forms import CATEGORY_LABELS, RecordIncidentForm
from examapp.proctoring.incidents import record_incident
from examapp.proctoring.models import Incident, IncidentCategory
from examapp.proctoring.views.routes import Page, administration_or_404, back, bp, form_page
from examapp.registration.models import Registration
from examapp.security import acting_user, requires


@bp.route("/room/<int:administration_id>/incidents/new", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def new_incident(administration_id: int) -> Page:
    session, administration = db_session(), administration_or_404(administration_id)
    form = RecordIncidentForm(registration=request.args.get("candidate", ""))
    candidates = {found.code: found for found in session.scalars(room.seating(administration))}
    choices = [SelectChoice(code, f"{found.candidate.name} ({code})") for code, found in candidates.items()]
    form.registration.choices = [SelectChoice("", _("Everybody in the room")), *choices]
    if form.validate_on_submit():
        record_incident(
            session,
            administration,
            registration=candidates.get(form.registration.data),
            category=IncidentCategory(form.category.data),
            description=form.description.data,
            by=acting_user().id,
            at=now(),
        )
        session.commit()
        flash(_("The incident is written down."), "success")
        return back(administration_id)
    return form_page("proctoring/new_incident.html", form, {"administration": administration})


def timeline(session: Session, incidents: list[Incident]) -> list[dict[str, object]]:
    """Incidents as the timeline shows them: about whom, what, by whom."""
    names = dict(session.execute(select(User.id, User.name)).all()) if incidents else {}
    about = {
        found.id: found.candidate.name
        for found in session.scalars(
            select(Registration).where(Registration.id.in_([i.registration_id for i in incidents if i.registration_id]))
        )
    }
    return [
        {
            "at": incident.at,
            "title": " – ".join(
                [str(CATEGORY_LABELS[incident.category]), about.get(incident.registration_id or 0, _("everybody"))]
            ),
            "text": incident.description,
            "by": names.get(incident.by_id),
        }
        for incident in incidents
    ]
