"""The room: who waits, who writes, and what a proctor may do about it."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response
from wtforms import SelectChoice

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.delivery import attempts
from examapp.delivery.models import ClosedBy
from examapp.errors import sentence_of
from examapp.paging import paginate
from examapp.policies import Right, has_right, may_watch
from examapp.proctoring import room
from examapp.proctoring.admissions import admit
from examapp.proctoring.forms import CATEGORY_LABELS, AdmitForm, ClosePartForm, GiveTimeForm, RecordIncidentForm
from examapp.proctoring.incidents import incidents_of, record_incident
from examapp.proctoring.models import Incident, IncidentCategory
from examapp.registration.models import Administration, Registration
from examapp.security import acting_user, requires
from examapp.waiting import WaitingItem
from question_bank.errors import RuleViolation

bp = Blueprint("proctoring", __name__)

Page = str | Response | tuple[str, int]


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """Candidates who wait to be admitted."""
    count = room.waiting_for_admission(session, at) if has_right(user, Right.RUN_ROOM) else 0
    text = ngettext("%(num)s candidate is not admitted yet", "%(num)s candidates are not admitted yet", count)
    return [WaitingItem(text, url_for("proctoring.rooms"), count)] if count else []


@bp.get("/room")
@requires(Right.RUN_ROOM)
def rooms() -> str:
    page = paginate(db_session(), room.rooms(), request.args.get("page", 1, type=int))
    return render_template("proctoring/rooms.html", page=page)


@bp.get("/room/<int:administration_id>")
@requires(Right.RUN_ROOM)
def show(administration_id: int) -> str:
    session, at = db_session(), now()
    administration = administration_or_404(administration_id)
    page = paginate(session, room.seating(administration), request.args.get("page", 1, type=int), size=50)
    return render_template(
        "proctoring/room.html",
        administration=administration,
        page=page,
        seats=room.seats(session, page.rows, at),
        incidents=timeline(session, incidents_of(session, administration)),
    )


@bp.route("/room/<int:administration_id>/admit/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def admit_candidate(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    form = AdmitForm()
    if form.validate_on_submit():
        try:
            admit(db_session(), registration, by=acting_user().id, at=now())
            db_session().commit()
        except RuleViolation as violation:
            return form_page("proctoring/admit.html", form, {"registration": registration}, violation)
        flash(_("%(name)s is admitted.", name=registration.candidate.name), "success")
        return back(administration_id)
    return form_page("proctoring/admit.html", form, {"registration": registration})


@bp.route("/room/<int:administration_id>/time/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    session, at, form = db_session(), now(), GiveTimeForm()
    values = {"registration": registration, "administration": registration.administration}
    if form.validate_on_submit():
        try:
            part = room.open_part_of(session, registration, at)
            by = acting_user().id
            attempts.give_time(session, part, seconds=form.minutes.data * 60, reason=form.reason.data, by=by, at=at)
            session.commit()
        except RuleViolation as violation:
            return form_page("proctoring/give_time.html", form, values, violation)
        flash(_("%(name)s has more time.", name=registration.candidate.name), "success")
        return back(administration_id)
    return form_page("proctoring/give_time.html", form, values)


@bp.route("/room/<int:administration_id>/time", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def give_time_to_all(administration_id: int) -> Page:
    administration = administration_or_404(administration_id)
    session, at, form = db_session(), now(), GiveTimeForm()
    values = {"administration": administration, "writing": len(room.open_parts(session, administration, at))}
    if form.validate_on_submit():
        try:
            by, seconds = acting_user().id, form.minutes.data * 60
            count = room.give_time_to_all(
                session, administration, seconds=seconds, reason=form.reason.data, by=by, at=at
            )
            session.commit()
        except RuleViolation as violation:
            return form_page("proctoring/give_time.html", form, values, violation)
        flash(ngettext("%(num)s candidate has more time.", "%(num)s candidates have more time.", count), "success")
        return back(administration_id)
    return form_page("proctoring/give_time.html", form, values)


@bp.route("/room/<int:administration_id>/close/<code>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def close_for(administration_id: int, code: str) -> Page:
    registration = registration_or_404(administration_id, code)
    session, at, form = db_session(), now(), ClosePartForm()
    if form.validate_on_submit():
        try:
            part = room.open_part_of(session, registration, at)
            by, reason = acting_user().id, form.reason.data
            attempts.close_part(session, part, closed_by=ClosedBy.STAFF, at=at, by=by, reason=reason)
            session.commit()
        except RuleViolation as violation:
            return form_page("proctoring/close.html", form, {"registration": registration}, violation)
        flash(_("The part of %(name)s is closed.", name=registration.candidate.name), "success")
        return back(administration_id)
    return form_page("proctoring/close.html", form, {"registration": registration})


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


# What the pages share


def administration_or_404(administration_id: int) -> Administration:
    return db_session().get(Administration, administration_id) or abort(404)


def registration_or_404(administration_id: int, code: str) -> Registration:
    found = db_session().scalar(
        select(Registration).where(Registration.code == code, Registration.administration_id == administration_id)
    )
    if found is None:
        abort(404)
    if not may_watch(acting_user(), found):
        abort(403)
    return found


def form_page(
    template: str, form: object, values: Mapping[str, object], violation: RuleViolation | None = None
) -> Page:
    """The page of a form; with what a rule said above it, or its errors, when it was refused."""
    if violation:
        db_session().rollback()
        flash(sentence_of(violation), "error")
    status = 409 if violation else 422 if request.method == "POST" else 200
    return render_template(template, form=form, **values), status


def back(administration_id: int) -> Response:
    return redirect(url_for("proctoring.show", administration_id=administration_id))


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
