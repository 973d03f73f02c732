"""The pages of review: sending in, the queue, the decision, a declared conflict."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from examapp.authoring.forms.review import DecideReviewForm, DeclareConflictForm, SubmitItemForm
from examapp.authoring.views.items import load_item, names_of
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.paging import paginate
from examapp.policies import Right, has_right, may_review_item
from examapp.security import acting_user, requires
from examapp.shell import day_here
from question_bank import review, review_conflicts, review_queues
from question_bank.assignments import ReviewAssignment, asked_now
from question_bank.errors import RuleViolation
from question_bank.framework import current_framework
from question_bank.item_kinds import CONTENT_OF
from question_bank.items import IN_REVIEW, ItemVersion, ReviewState
from question_bank.lint import findings
from question_bank.review import Move
from question_bank.standing_advice import last_reasons, reasons_of, standing_advice

OTHERS_SHOWN = 25


@bp.app_template_global()
def advice_reasons(version: ItemVersion) -> dict[str, str]:
    """Rule -> why its advice is not followed in this version."""
    return reasons_of(db_session(), version)


@bp.route("/bank/items/<code>/submit", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def submit_item(code: str) -> str | Response | tuple[str, int]:
    """Send a draft to review; where advice is not followed, with a written reason for each rule."""
    found = load_item(code)
    version, standing = found.latest, standing_advice(found.latest)
    review.check(db_session(), version, Move.SUBMIT, by=acting_user().id, comment="")
    form = SubmitItemForm.form_for(standing, last_reasons(db_session(), found))
    if form.validate_on_submit():
        reasons = form.reasons()
        review.move(db_session(), version, Move.SUBMIT, by=acting_user().id, comment="", at=now(), reasons=reasons)
        db_session().commit()
        flash(_("%(code)s is in review now. Somebody else will read it.", code=code), "success")
        return redirect(url_for("authoring.item", code=code))
    page = render_template("authoring/submit_item.html", item=found, form=form, standing=standing)
    return (page, 422) if request.method == "POST" else page


@bp.get("/bank/review")
@requires(Right.SEE_BANK)
def review_queue() -> str:
    session, user = db_session(), acting_user()
    reviews = has_right(user, Right.REVIEW_ITEMS)
    state = request.args.get("state", type=ReviewState)
    asked = [ItemVersion.state == state] if state in IN_REVIEW else []
    others = review_queues.queue().where(*([review_queues.closed_to(user.id)] if reviews else []), *asked)
    page = request.args.get("page", 1, type=int)
    mine = paginate(session, review_queues.queue_of(user.id).where(*asked), page) if reviews else None
    shown = session.scalars(others.limit(OTHERS_SHOWN + 1)).all()
    rows = [*(mine.rows if mine else []), *shown]
    reviewers = asked_now(session, rows)
    return render_template(
        "authoring/review_queue.html",
        reviews=reviews,
        state=state,
        review_states=IN_REVIEW,
        mine=mine,
        reviewers=reviewers,
        today=day_here(now()),
        others=shown[:OTHERS_SHOWN],
        more_others=len(shown) > OTHERS_SHOWN,
        sent_back=review_queues.sent_back_to(session, user.id),
        framework=current_framework(session),
        names=names_of([*(row.editor_id for row in rows), *reviewer_ids(reviewers)]),
    )


def reviewer_ids(asked: Mapping[int, list[ReviewAssignment]]) -> set[int]:
    return {entry.reviewer_id for entries in asked.values() for entry in entries}


@bp.route("/bank/review/<code>", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def review_item(code: str) -> str | Response | tuple[str, int]:
    found, user = load_item(code), acting_user()
    version = found.latest
    if version.state not in IN_REVIEW:
        return redirect(url_for("authoring.item", code=code))
    if not may_review_item(user, version, review.barred(db_session(), version)):
        abort(403)
    form = DecideReviewForm.form_for(version)
    if form.validate_on_submit():
        following = address_after(version) if form.then_next.data else url_for("authoring.review_queue")
        try:
            refuse_other_than_seen(form, version)
            step, said = Move(form.decision.data), form.comment.data
            review.move(db_session(), version, step, by=user.id, comment=said, at=now(), ticked=form.ticked)
        except RuleViolation as violation:
            form.comment.errors = [*form.comment.errors, sentence_of(violation)]
        else:
            db_session().commit()
            flash(decided(step, code), "success")
            return redirect(following)
    return review_page(version, form), 422 if form.errors else 200


def address_after(version: ItemVersion) -> str:
    """Where the reviewer's work goes on: the next item that waits for them, or the queue when none does."""
    following = review_queues.next_for(db_session(), acting_user().id, after=version)
    if following is None:
        return url_for("authoring.review_queue")
    return url_for("authoring.review_item", code=following.item.code)


def refuse_other_than_seen(form: DecideReviewForm, version: ItemVersion) -> None:
    if form.seen.data != f"{version.number} {version.state}":
        raise RuleViolation("The item has moved on since you read it. Reload the page and read it first.")


def decided(step: Move, code: str) -> str:
    if step is Move.PASS_CONTENT:
        return _("The content of %(code)s is passed. Somebody else does the second review.", code=code)
    if step is Move.APPROVE:
        return _("%(code)s is approved.", code=code)
    return _("%(code)s went back to its author.", code=code)


def review_page(version: ItemVersion, form: DecideReviewForm) -> str:
    session = db_session()
    history, declared = review.history(session, version.item), review_conflicts.declared(session, version.item)
    people = [version.editor_id, *(action.actor_id for action in history), *(entry.reviewer_id for entry in declared)]
    return render_template(
        "authoring/review_item.html",
        item=version.item,
        version=version,
        form=form,
        framework=current_framework(session),
        findings=findings(CONTENT_OF[version.item.kind].model_validate(version.content), version.reference),
        history=history,
        declared=declared,
        names=names_of(people),
        left=review_queues.count(session, review_queues.queue_of(acting_user().id)) - 1,
        next_address=address_after(version),
    )


@bp.route("/bank/items/<code>/conflict", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def declare_conflict(code: str) -> str | Response | tuple[str, int]:
    found, form = load_item(code), DeclareConflictForm()
    if form.validate_on_submit():
        review_conflicts.declare(db_session(), found, reason=form.reason.data, by=acting_user().id, at=now())
        db_session().commit()
        flash(_("Thank you. Somebody else judges %(code)s now.", code=code), "success")
        return redirect(url_for("authoring.review_queue"))
    page = render_template(
        "confirm.html",
        title=_("A conflict of interest with %(code)s?", code=code),
        consequences=[
            _("The item leaves your queue, and you decide nothing about it or its later versions."),
            _("The committee sees that you have declared it; only administrators and you see why."),
            _("It cannot be taken back."),
        ],
        confirm_label=_("Declare it"),
        cancel_url=url_for("authoring.item", code=code),
        form=form,
        danger=False,
    )
    return page, 422 if request.method == "POST" else 200
