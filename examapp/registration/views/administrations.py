"""Administrations: the list, one with its registrations, opening, changing, cancelling."""

from collections import Counter
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.endorsements.forms import choices_from
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.registration.administrations import (
    Phase,
    administrations_in,
    cancel,
    change_administration,
    extensions_of,
    fingerprint,
    form_title,
    has_begun,
    open_administration,
    phase_of,
    registrations_in,
    sealed_forms,
    shortest_window,
    too_short_for,
)
from examapp.registration.forms.administrations import ChangeAdministrationForm, OpenAdministrationForm
from examapp.registration.local_times import local, moment
from examapp.registration.models import Administration
from examapp.registration.paper import codes_on_paper
from examapp.registration.real import real_administrations
from examapp.registration.registrations import policy_for
from examapp.registration.views.routes import administration_or_404, bp
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation
from question_bank.exam_forms import FormPurpose


@bp.app_template_global()
def administrations_with(sha256: str | None) -> list[Administration]:
    """The examinations in which a sealed form was or will be given; practice counts nowhere. For pages of the bank."""
    given = real_administrations().where(Administration.form_sha256 == sha256, Administration.cancelled_at.is_(None))
    return list(db_session().scalars(given.order_by(Administration.opens_at)))


@bp.get("/administrations")
@requires(Right.MANAGE_EXAMS)
def administrations() -> str:
    at = now()
    phases = {phase.value: administrations_in(db_session(), phase, at) for phase in Phase}
    active = {
        entry.id: sum(registration.active for registration in entry.registrations)
        for entries in phases.values()
        for entry in entries
    }
    return render_template("registration/administrations.html", phases=phases, active=active)


@bp.get("/administrations/<int:administration_id>")
@requires(Right.MANAGE_EXAMS)
def administration(administration_id: int) -> str:
    found = administration_or_404(administration_id)
    registrations, policy = registrations_in(db_session(), found), policy_for(found)
    return render_template(
        "registration/administration.html",
        administration=found,
        phase=phase_of(found, now()).value,
        registrations=registrations,
        counts=Counter((entry.level, entry.track) for entry in registrations if entry.active),
        begun=has_begun(db_session(), found),
        form_title=form_title(db_session(), found.form_sha256),
        policy=policy,
        policy_version=found.policy.version,
        window_is_short=(found.closes_at - found.opens_at) < shortest_window(policy),
        extensions=extensions_of(db_session(), found),
        on_paper=codes_on_paper(db_session(), found),
        too_short_for=[entry for entry in registrations if entry.active and too_short_for(found, entry, policy)],
    )


@bp.route("/administrations/open", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def open_new_administration() -> str | Response | tuple[str, int]:
    form = OpenAdministrationForm()
    forms = sealed_forms(db_session(), FormPurpose.EXAM)
    form.form_sha256.choices = choices_from((entry.sealed_sha256, entry.title) for entry in forms)
    if form.validate_on_submit() and (window := typed_window(form)):
        try:
            made = open_administration(
                db_session(),
                title=form.title.data,
                opens_at=window[0],
                closes_at=window[1],
                time_zone=form.time_zone.data,
                form_sha256=form.form_sha256.data,
                proctored=form.proctored.data,
                by=acting_user().id,
                at=now(),
            )
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            return announced(made, _("“%(title)s” is announced.", title=made.title))
    page = render_template("registration/open_administration.html", form=form, has_forms=bool(forms))
    return (page, 422) if request.method == "POST" else page


@bp.route("/administrations/<int:administration_id>/change", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def change_the_administration(administration_id: int) -> str | Response | tuple[str, int]:
    found = administration_or_404(administration_id)
    form = ChangeAdministrationForm(data=None if request.method == "POST" else typed_values(found))
    if form.validate_on_submit() and (window := typed_window(form)):
        try:
            change_from(form, found, window)
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            return announced(found, _("The change is saved."))
    page = render_template("registration/change_administration.html", form=form, administration=found)
    return (page, 422) if request.method == "POST" else page


def change_from(form: ChangeAdministrationForm, found: Administration, window: tuple[datetime, datetime]) -> None:
    change_administration(
        db_session(),
        found,
        title=form.title.data,
        opens_at=window[0],
        closes_at=window[1],
        time_zone=form.time_zone.data,
        proctored=form.proctored.data,
        seen=form.seen.data or "",
        by=acting_user().id,
        at=now(),
    )


@bp.route("/administrations/<int:administration_id>/cancel", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def cancel_the_administration(administration_id: int) -> str | Response:
    found = administration_or_404(administration_id)
    if request.method == "POST":
        cancel(db_session(), found, by=acting_user().id, at=now())
        return announced(found, _("“%(title)s” is cancelled.", title=found.title))
    active = sum(entry.active for entry in registrations_in(db_session(), found))
    return render_template(
        "confirm.html",
        title=_("Cancel “%(title)s”?", title=found.title),
        consequences=[
            ngettext(
                "%(num)s registered candidate is told by mail.",
                "%(num)s registered candidates are told by mail.",
                active,
            ),
            _("Nobody can be registered or start any more. This cannot be taken back."),
        ],
        confirm_label=_("Cancel the administration"),
        cancel_url=url_for("registration.administration", administration_id=found.id),
    )


def announced(found: Administration, sentence: str) -> Response:
    """Commit, say what happened, and show the administration."""
    db_session().commit()
    flash(sentence, "success")
    return redirect(url_for("registration.administration", administration_id=found.id))


def typed_window(form: ChangeAdministrationForm) -> tuple[datetime, datetime] | None:
    """The window as moments; None, with the explanation beside the field, when a local time is none."""
    moments = []
    for field in (form.opens_at, form.closes_at):
        try:
            moments.append(moment(field.data, form.time_zone.data))
        except RuleViolation as refusal:
            field.errors = [*field.errors, sentence_of(refusal)]
    return (moments[0], moments[1]) if len(moments) == 2 else None


def typed_values(found: Administration) -> dict[str, object]:
    return {
        "seen": fingerprint(found),
        "title": found.title,
        "time_zone": found.time_zone,
        "opens_at": local(found.opens_at, found.time_zone),
        "closes_at": local(found.closes_at, found.time_zone),
        "proctored": found.proctored,
    }
