"""Granting extra time, and taking it back."""

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.registration.accommodations import grant, is_short_notice, revoke
from examapp.registration.forms.administrations import GrantAccommodationForm
from examapp.registration.registrations import policy_for
from examapp.registration.views.registrations import registration_url, settled
from examapp.registration.views.routes import bp, registration_or_404
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.route("/administrations/<int:administration_id>/registrations/<code>/accommodation", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def grant_accommodation(administration_id: int, code: str) -> str | Response | tuple[str, int]:
    found = registration_or_404(administration_id, code)
    form = GrantAccommodationForm()
    if form.validate_on_submit() and (factor := form.factor()):
        try:
            grant(db_session(), found, factor=factor, reason=form.reason.data, by=acting_user().id, at=now())
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            return settled(found, _("The extra time is granted, and the candidate is told by mail."))
    policy = policy_for(db_session(), found.administration)
    page = render_template(
        "registration/grant_accommodation.html",
        form=form,
        registration=found,
        policy=policy,
        short_notice=is_short_notice(found, policy, now()),
    )
    return (page, 422) if request.method == "POST" else page


@bp.route("/administrations/<int:administration_id>/registrations/<code>/accommodation/revoke", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def revoke_accommodation(administration_id: int, code: str) -> str | Response:
    found = registration_or_404(administration_id, code)
    if request.method == "POST":
        revoke(db_session(), found, by=acting_user().id, at=now())
        return settled(found, _("The extra time is revoked, and the candidate is told by mail."))
    return render_template(
        "confirm.html",
        title=_("Revoke the extra time of %(name)s?", name=found.candidate.name),
        consequences=[_("The candidate is told by mail and has the usual time in each part.")],
        confirm_label=_("Revoke"),
        cancel_url=registration_url(found),
    )
