"""Registrations: choosing a file, one registration, withdrawing, declaring void."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.endorsements.files import file_numbered, find_files
from examapp.endorsements.written_examinations import record_of_registration
from examapp.errors import sentence_of
from examapp.policies import Right, has_right
from examapp.registration.accommodation_requests import is_without_grant, requests_of
from examapp.registration.accommodations import is_short_notice
from examapp.registration.administrations import Phase, administrations_in, phase_of, too_short_for
from examapp.registration.entry_rules import overrides_of
from examapp.registration.forms.accommodation_requests import DECISION_LABELS, KIND_LABELS
from examapp.registration.forms.administrations import VoidRegistrationForm
from examapp.registration.models import Registration
from examapp.registration.registrations import policy_for, refusals_by_file, register, void, withdraw
from examapp.registration.views.routes import administration_or_404, bp, registration_or_404
from examapp.security import acting_user, requires
from examapp.waiting import WaitingItem
from question_bank.errors import RuleViolation


@bp.get("/administrations/<int:administration_id>/register")
@requires(Right.MANAGE_EXAMS)
def choose_file(administration_id: int) -> str:
    found, at = administration_or_404(administration_id), now()
    words = request.args.get("words", "")[:100]
    files = find_files(db_session(), words=words, page=request.args.get("page", 1, type=int))
    reasons = refusals_by_file(db_session(), found, files.files, at)
    return render_template(
        "registration/choose_file.html", administration=found, found=files, reasons=reasons, words=words
    )


@bp.post("/administrations/<int:administration_id>/register")
@requires(Right.MANAGE_EXAMS)
def register_candidate(administration_id: int) -> Response:
    found = administration_or_404(administration_id)
    file = file_numbered(db_session(), request.form.get("file", ""))
    back = url_for("registration.choose_file", administration_id=found.id)
    if file is None:
        flash(_("Choose a file from the list."), "error")
        return redirect(back)
    try:
        made = register(db_session(), found, file, by=acting_user().id, at=now())
    except RuleViolation as refusal:
        flash(sentence_of(refusal), "error")
        return redirect(back)
    db_session().commit()
    flash(_("%(name)s is registered and is told by mail.", name=file.user.name), "success")
    return redirect(url_for("registration.registration", administration_id=found.id, code=made.code))


@bp.get("/administrations/<int:administration_id>/registrations/<code>")
@requires(Right.MANAGE_EXAMS)
def registration(administration_id: int, code: str) -> str:
    found = registration_or_404(administration_id, code)
    policy, requests = policy_for(found.administration), requests_of(db_session(), found)
    return render_template(
        "registration/registration.html",
        registration=found,
        requests=requests,
        overrides=overrides_of(db_session(), found),
        without_grant=is_without_grant(found, requests),
        decision_labels=DECISION_LABELS,
        kind_labels=KIND_LABELS,
        policy=policy,
        phase=phase_of(found.administration, now()).value,
        record=record_of_registration(db_session(), found.id),
        short_notice=is_short_notice(found, policy, now()),
        window_is_short=too_short_for(found.administration, found, policy),
    )


@bp.route("/administrations/<int:administration_id>/registrations/<code>/withdraw", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def withdraw_registration(administration_id: int, code: str) -> str | Response:
    found = registration_or_404(administration_id, code)
    if request.method == "POST":
        withdraw(db_session(), found, by=acting_user().id, at=now())
        return settled(found, _("The registration is withdrawn."))
    return render_template(
        "confirm.html",
        title=_("Withdraw %(name)s?", name=found.candidate.name),
        consequences=[
            _("The candidate is told by mail and cannot take this examination."),
            _("They can be registered again while the administration is open."),
        ],
        confirm_label=_("Withdraw the registration"),
        cancel_url=registration_url(found),
    )


@bp.route("/administrations/<int:administration_id>/registrations/<code>/void", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def void_registration(administration_id: int, code: str) -> str | Response | tuple[str, int]:
    found = registration_or_404(administration_id, code)
    form = VoidRegistrationForm()
    if form.validate_on_submit():
        void(db_session(), found, reason=form.reason.data, by=acting_user().id, at=now())
        return settled(found, _("The attempt is declared void."))
    page = render_template(
        "confirm.html",
        title=_("Declare the attempt of %(name)s void?", name=found.candidate.name),
        consequences=[_("It is not scored, and its record says so. This cannot be taken back.")],
        form=form,
        confirm_label=_("Declare void"),
        cancel_url=registration_url(found),
    )
    return (page, 422) if request.method == "POST" else page


def settled(found: Registration, sentence: str) -> Response:
    """Commit, say what happened, and show the registration."""
    db_session().commit()
    flash(sentence, "success")
    return redirect(registration_url(found))


def registration_url(found: Registration) -> str:
    return url_for("registration.registration", administration_id=found.administration_id, code=found.code)


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """Announced administrations for which nobody is registered yet, for those who manage them."""
    if not has_right(user, Right.MANAGE_EXAMS):
        return []
    upcoming = administrations_in(session, Phase.UPCOMING, at) + administrations_in(session, Phase.OPEN, at)
    empty = [entry for entry in upcoming if not any(registration.active for registration in entry.registrations)]
    text = ngettext(
        "%(num)s administration without candidates", "%(num)s administrations without candidates", len(empty)
    )
    return [WaitingItem(text, url_for("registration.administrations"), len(empty))] if empty else []
