"""The candidate's pages of accommodation requests: asking, seeing what became of it, withdrawing."""

from collections.abc import Sequence
from io import BytesIO

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right, may_see_request, may_sit
from examapp.registration import accommodation_requests as rules
from examapp.registration import documents
from examapp.registration.accommodations import is_short_notice
from examapp.registration.forms.accommodation_requests import DECISION_LABELS, KIND_LABELS, AskAccommodationForm
from examapp.registration.models import AccommodationRequest, Registration
from examapp.registration.real import real_registration
from examapp.registration.registrations import policy_for
from examapp.registration.views.routes import bp, request_or_404
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


def own_registration_or_404(code: str) -> Registration:
    found = real_registration(db_session(), code)
    return found if found and may_sit(acting_user(), found) else abort(404)


@bp.route("/exam/<code>/accommodation", methods=["GET", "POST"])
@requires(Right.SIT_EXAM)
def ask_for_accommodation(code: str) -> str | Response | tuple[str, int]:
    found, form = own_registration_or_404(code), AskAccommodationForm()
    if form.validate_on_submit():
        try:
            rules.ask(db_session(), found, wish_in(form), config=current_app.config["EXAMAPP"], at=now())
        except RuleViolation as refusal:
            db_session().rollback()
            form.form_errors.append(sentence_of(refusal))
        else:
            db_session().commit()
            flash(_("Your request has arrived. You will get a mail with the answer."), "success")
            return redirect(url_for("registration.ask_for_accommodation", code=code))
    page = own_requests_page(found, form)
    return (page, 422) if request.method == "POST" else page


def wish_in(form: AskAccommodationForm) -> rules.Wish:
    return rules.Wish(
        kinds=form.kinds.data,
        statement=form.statement.data,
        documented_from=form.documented_from.data,
        documented_until=form.documented_until.data,
        document=form.uploaded(),
    )


def own_requests_page(found: Registration, form: AskAccommodationForm) -> str:
    mine, policy = rules.requests_of(db_session(), found), policy_for(found.administration)
    return render_template(
        "registration/ask_for_accommodation.html",
        registration=found,
        requests=mine,
        form=form if may_ask(found, mine) else None,
        policy=policy,
        short_notice=is_short_notice(found, policy, now()),
        due_at=rules.due_at(found.administration, now()),
        kind_labels=KIND_LABELS,
        decision_labels=DECISION_LABELS,
    )


def may_ask(found: Registration, mine: Sequence[AccommodationRequest]) -> bool:
    """Whether the form makes sense: nothing undecided, and something can still be arranged."""
    try:
        rules.refuse_too_late_to_ask(found, now())
    except RuleViolation:
        return False
    return not any(map(rules.is_undecided, mine))


@bp.route("/accommodation-requests/<int:request_id>/withdraw", methods=["GET", "POST"])
@requires(Right.SIT_EXAM)
def withdraw_accommodation_request(request_id: int) -> str | Response:
    wish = request_or_404(request_id)
    if not may_sit(acting_user(), wish.registration):
        abort(404)
    here = url_for("registration.ask_for_accommodation", code=wish.registration.code)
    if request.method == "POST":
        rules.withdraw(db_session(), wish, at=now())
        db_session().commit()
        flash(_("Your request is withdrawn."), "success")
        return redirect(here)
    return render_template(
        "confirm.html",
        title=_("Withdraw your request for an accommodation?"),
        consequences=[_("Nobody decides about it any more. You can make another one.")],
        confirm_label=_("Withdraw the request"),
        cancel_url=here,
    )


@bp.get("/accommodation-requests/<int:request_id>/document")
@requires(Right.SIT_EXAM, Right.MANAGE_EXAMS)
def accommodation_document(request_id: int) -> Response:
    """The document as a download: a browser never shows it as a page of ours."""
    wish = request_or_404(request_id)
    if not (may_see_request(acting_user(), wish) and wish.document_sha256):
        abort(404)
    data = documents.read(current_app.config["EXAMAPP"], wish.document_sha256)
    if data is None:
        abort(404)
    kind = documents.media_type(data)
    response = send_file(BytesIO(data), mimetype=kind, as_attachment=True, download_name=wish.document_name)
    response.headers["Cache-Control"] = "no-store"
    return response
