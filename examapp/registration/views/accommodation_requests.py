"""The endorsement office's pages of accommodation requests: what waits, and the decision."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.paging import paginate
from examapp.policies import Right, has_right, may_decide_request
from examapp.registration import accommodation_requests as rules
from examapp.registration.accommodations import is_short_notice
from examapp.registration.forms.accommodation_requests import DECISION_LABELS, KIND_LABELS, DecideRequestForm
from examapp.registration.models import AccommodationRequest, RequestDecision
from examapp.registration.registrations import policy_for
from examapp.registration.views.registrations import registration_url
from examapp.registration.views.routes import bp, request_or_404
from examapp.security import acting_user, requires
from examapp.waiting import WaitingItem
from question_bank.errors import RuleViolation


@bp.get("/accommodation-requests")
@requires(Right.MANAGE_EXAMS)
def accommodation_requests() -> str:
    waiting = rules.open_requests(acting_user().id)
    page = paginate(db_session(), waiting, request.args.get("page", 1, type=int))
    return render_template("registration/accommodation_requests.html", page=page, kind_labels=KIND_LABELS)


@bp.route("/accommodation-requests/<int:request_id>", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def accommodation_request(request_id: int) -> str | Response | tuple[str, int]:
    wish, form = request_or_404(request_id), DecideRequestForm()
    if not may_decide_request(acting_user(), wish):
        abort(403)
    if form.validate_on_submit():
        try:
            rules.decide(
                db_session(), wish, form.decision.data, note=form.note.data or "", by=acting_user().id, at=now()
            )
        except RuleViolation as refusal:
            db_session().rollback()
            form.form_errors.append(sentence_of(refusal))
        else:
            return decided(wish)
    page = request_page(wish, form)
    return (page, 422) if request.method == "POST" else page


def decided(wish: AccommodationRequest) -> Response:
    """Commit; what is granted is written down on the next page."""
    db_session().commit()
    if wish.decision is RequestDecision.REFUSED:
        flash(_("The decision is saved, and the candidate is told by mail."), "success")
        return redirect(registration_url(wish.registration))
    flash(_("The decision is saved, and the candidate is told by mail. Now enter what is granted."), "success")
    return redirect(grant_url(wish))


def grant_url(wish: AccommodationRequest) -> str:
    found = wish.registration
    return url_for(
        "registration.grant_accommodation",
        administration_id=found.administration_id,
        code=found.code,
        request=wish.id,
    )


def request_page(wish: AccommodationRequest, form: DecideRequestForm) -> str:
    policy = policy_for(wish.registration.administration)
    return render_template(
        "registration/accommodation_request.html",
        wish=wish,
        form=form if rules.is_undecided(wish) else None,
        policy=policy,
        short_notice=is_short_notice(wish.registration, policy, wish.asked_at),
        grant_url=grant_url(wish),
        kind_labels=KIND_LABELS,
        decision_labels=DECISION_LABELS,
    )


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """Requests for which somebody waits for an answer; those past their day are named."""
    if not has_right(user, Right.MANAGE_EXAMS):
        return []
    total, overdue = rules.count_open(session, user.id, at)
    if not total:
        return []
    text = ngettext("%(num)s accommodation request to decide", "%(num)s accommodation requests to decide", total)
    if overdue:
        late = ngettext("%(num)s is overdue", "%(num)s are overdue", overdue)
        text = _("%(what)s (%(late)s)", what=text, late=late)
    return [WaitingItem(text, url_for("registration.accommodation_requests"), total)]
