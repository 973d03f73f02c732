"""What a proctor writes down."""

from collections.abc import Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo

from flask import Response, render_template, request
from flask_babel import gettext as _
from wtforms import SelectChoice

from examapp.clock import now
from examapp.csv_files import as_csv
from examapp.db import db_session
from examapp.policies import Right
from examapp.proctoring import room
from examapp.proctoring.forms import CATEGORY_LABELS, RecordIncidentForm
from examapp.proctoring.incidents import IncidentRow, incidents_of, record_incident
from examapp.proctoring.models import IncidentCategory
from examapp.proctoring.views.routes import Page, administration_or_404, bp, deed
from examapp.security import acting_user, requires

SHEET_COLUMNS = ("at", "category", "candidate", "registration", "description", "written_by", "part_ended")


@bp.route("/room/<int:administration_id>/incidents/new", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def new_incident(administration_id: int) -> Page:
    session, administration = db_session(), administration_or_404(administration_id)
    form = RecordIncidentForm(registration=request.args.get("code", ""))
    candidates = {found.code: found for found in session.scalars(room.seating(administration))}
    choices = [SelectChoice(code, f"{found.candidate.name} ({code})") for code, found in candidates.items()]
    form.registration.choices = [SelectChoice("", _("Everybody in the room")), *choices]

    def carry_out() -> str:
        about, category = candidates.get(form.registration.data), IncidentCategory(form.category.data)
        text, by = form.description.data, acting_user().id
        record_incident(
            session, administration, registration=about, category=category, description=text, by=by, at=now()
        )
        return _("The incident is written down.")

    return deed(administration_id, "proctoring/new_incident.html", form, {"administration": administration}, carry_out)


@bp.get("/room/<int:administration_id>/incidents")
@requires(Right.RUN_ROOM)
def incident_report(administration_id: int) -> str:
    """All incidents by category, to read and to print."""
    administration = administration_or_404(administration_id)
    rows = incidents_of(db_session(), administration)
    groups = [
        (label, [row for row in rows if row.incident.category is kind]) for kind, label in CATEGORY_LABELS.items()
    ]
    return render_template("proctoring/incident_report.html", administration=administration, groups=groups)


@bp.get("/room/<int:administration_id>/incidents.csv")
@requires(Right.RUN_ROOM)
def incident_sheet(administration_id: int) -> Response:
    administration = administration_or_404(administration_id)
    zone = ZoneInfo(administration.time_zone)
    rows = [cells_of(row, zone) for row in reversed(incidents_of(db_session(), administration))]
    name = f"incidents-{administration.opens_at.astimezone(zone):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(SHEET_COLUMNS, rows), content_type="text/csv; charset=utf-8", headers=headers)


# In the words of people


def cells_of(row: IncidentRow, zone: tzinfo) -> list[str]:
    incident = row.incident
    return [
        incident.at.astimezone(zone).isoformat(timespec="seconds"), incident.category, row.candidate, row.registration,
        incident.description, row.by, "yes" if row.ended_part else "no",
    ]  # fmt: skip


def timeline(rows: Sequence[IncidentRow]) -> list[dict[str, object]]:
    """Incidents as the timeline shows them: about whom, what, by whom."""
    return [
        {
            "at": row.incident.at,
            "title": " – ".join([str(CATEGORY_LABELS[row.incident.category]), row.candidate or _("everybody")]),
            "text": row.incident.description,
            "by": row.by,
        }
        for row in rows
    ]
