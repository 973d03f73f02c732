"""Granting an accommodation, and taking it back."""

from decimal import Decimal

from flask import render_template, request
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.registration.accommodations import grant, is_short_notice, revoke
from examapp.registration.forms.accommodation_requests import KIND_LABELS
from examapp.registration.forms.administrations import FACTOR_LABELS, GrantAccommodationForm
from examapp.registration.models import AccommodationKind, AccommodationRequest, Registration
from examapp.registration.registrations import policy_for
from examapp.registration.views.registrations import registration_url, settled
from examapp.registration.views.routes import bp, registration_or_404
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.route("/administrations/<int:administration_id>/registrations/<code>/accommodation", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def grant_accommodation(administration_id: int, code: str) -> str | Response | tuple[str, int]:
    found = registration_or_404(administration_id, code)
    asked = request_answered(found)
    form = GrantAccommodationForm(data=None if request.method == "POST" else {**typed_values(found), **rests_on(asked)})
    if form.validate_on_submit() and (factor := form.factor()):
        try:
            grant_from(form, found, factor)
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            return settled(found, _("The accommodation is granted, and the candidate is told by mail."))
    policy = policy_for(found.administration)
    page = render_template(
        "registration/grant_accommodation.html",
        form=form,
        registration=found,
        policy=policy,
        short_notice=is_short_notice(found, policy, now()),
        asked=asked,
        kind_labels=KIND_LABELS,
    )
    return (page, 422) if request.method == "POST" else page


def grant_from(form: GrantAccommodationForm, found: Registration, factor: Decimal) -> None:
    grant(
        db_session(),
        found,
        factor=factor,
        extra_minutes=form.extra_minutes.data or 0,
        break_minutes=form.break_minutes.data or 0,
        arrangements=form.arrangements.data or "",
        reason=form.reason.data,
        by=acting_user().id,
        at=now(),
    )


def request_answered(found: Registration) -> AccommodationRequest | None:
    """The request of this registration that the grant follows, when the page comes from its decision."""
    wish = db_session().get(AccommodationRequest, request.args.get("request", 0, type=int))
    return wish if wish and wish.registration_id == found.id and wish.decided_at else None


def rests_on(asked: AccommodationRequest | None) -> dict[str, str]:
    """What the request says for the form; how much of it is granted, people enter."""
    if asked is None:
        return {}
    elsewhere = [kind for kind in asked.kinds if kind not in (AccommodationKind.EXTRA_TIME, AccommodationKind.BREAKS)]
    lines = [str(KIND_LABELS[AccommodationKind(kind)]) for kind in elsewhere]
    reason = _("The request of %(day)s.", day=format_date(asked.asked_at, "long"))
    return {"arrangements": "\n".join(lines), "reason": reason}


def typed_values(found: Registration) -> dict[str, object]:
    """The grant in force as the form shows it, because the next one takes its place."""
    granted = found.accommodation
    if granted is None:
        return {}
    usual = f"{granted.factor.normalize():f}"
    return {
        "choice": usual if usual in FACTOR_LABELS else "other",
        "other": None if usual in FACTOR_LABELS else granted.factor,
        "extra_minutes": granted.extra_minutes or None,
        "break_minutes": granted.break_minutes or None,
        "arrangements": granted.arrangements,
    }


@bp.route("/administrations/<int:administration_id>/registrations/<code>/accommodation/revoke", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def revoke_accommodation(administration_id: int, code: str) -> str | Response:
    found = registration_or_404(administration_id, code)
    if request.method == "POST":
        revoke(db_session(), found, by=acting_user().id, at=now())
        return settled(found, _("The accommodation is revoked, and the candidate is told by mail."))
    return render_template(
        "confirm.html",
        title=_("Revoke the accommodation of %(name)s?", name=found.candidate.name),
        consequences=[_("The candidate is told by mail and takes each part under the usual conditions.")],
        confirm_label=_("Revoke"),
        cancel_url=registration_url(found),
    )
