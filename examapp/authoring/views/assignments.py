"""Who reviews what: the areas that reviewers know, and many reviews given out fairly."""

from collections.abc import Collection
from hashlib import sha256

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.authoring.forms.assignments import AssignFairlyForm, SayAreasForm
from examapp.authoring.views.bulk import Page, chosen_items, reviewers, too_many
from examapp.authoring.views.item_list import kept_filter
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.security import acting_user, requires
from examapp.shell import day_here
from question_bank import bulk_deeds, review_queues
from question_bank.bulk_deeds import AT_ONCE, Plan
from question_bank.errors import RuleViolation
from question_bank.expertise import areas_known, say_areas
from question_bank.framework import current_framework
from question_bank.giving_out import Proposal, propose_reviewers
from question_bank.items import ItemVersion


@bp.route("/bank/my-areas", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def my_areas() -> Page:
    session, user = db_session(), acting_user()
    framework, form = current_framework(session), SayAreasForm(areas=sorted(areas_known(session, [user.id])[user.id]))
    form.offer(framework)
    if form.validate_on_submit():
        say_areas(session, user.id, form.areas.data, framework, by=user.id, at=now())
        session.commit()
        flash(_("Your areas are saved."), "success")
        return redirect(url_for("authoring.review_queue"))
    page = render_template("authoring/my_areas.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/bank/chosen/reviewers", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def assign_fairly() -> Page:
    """A reviewer is proposed for each item; nothing is asked before somebody agrees."""
    names = dict(reviewers())
    chosen, back = given_out(names), back_address()
    if not chosen or len(chosen) > AT_ONCE:
        flash(_("Nothing waits for a reviewer.") if not chosen else too_many(), "error")
        return redirect(back)
    plan = bulk_deeds.plan_giving_out(db_session(), chosen, names)
    proposal = propose_reviewers(db_session(), plan.changed, list(names))
    form = AssignFairlyForm.form_for(proposal, names, day_here(now()))
    if form.validate_on_submit() and form.seen.data == digest(plan):
        try:
            return ask_all(form, proposal)
        except RuleViolation as violation:
            form.form_errors.append(sentence_of(violation))
    return preview(form, plan, proposal, names), 422 if form.errors else 200


def given_out(people: Collection[int]) -> list[ItemVersion]:
    """What was ticked in the list, or with ``unasked`` whatever waits longest and nobody was asked for."""
    if request.args.get("unasked"):
        return list(db_session().scalars(review_queues.unasked(people).limit(AT_ONCE)))
    return chosen_items()


def back_address() -> str:
    queue = request.args.get("unasked")
    return url_for("authoring.review_queue") if queue else url_for("authoring.items", **kept_filter())


def digest(plan: Plan) -> str:
    """What a proposal was made for: another version or another review is something else."""
    return sha256(repr([(version.id, version.state.value) for version in plan.changed]).encode()).hexdigest()[:32]


def ask_all(form: AssignFairlyForm, proposal: Proposal) -> Response:
    asked = form.asked(proposal)
    bulk_deeds.ask_reviewers(db_session(), asked, form.due_on.data, by=acting_user().id, at=now())
    db_session().commit()
    flash(
        ngettext("A reviewer is asked for %(num)s item.", "Reviewers are asked for %(num)s items.", len(asked)),
        "success",
    )
    # There it can be taken back.
    return redirect(url_for("authoring.items", **kept_filter()))


def preview(form: AssignFairlyForm, plan: Plan, proposal: Proposal, names: dict[int, str]) -> str:
    changed_since = bool(form.is_submitted() and form.seen.data != digest(plan))
    form.seen.data = digest(plan)
    return render_template(
        "authoring/assign_fairly.html",
        form=form,
        plan=plan,
        proposal=proposal,
        names=names,
        changed_since=changed_since,
        framework=current_framework(db_session()),
        back=back_address(),
    )
