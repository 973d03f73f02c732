"""Many items at once: chosen in the list, looked at before anything changes, and taken back with one click."""

from collections.abc import Callable
from hashlib import sha256

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response

from examapp.accounts.models import User
from examapp.authoring.forms.bulk import AskReviewerForm, RetireItemsForm, TagItemsForm
from examapp.authoring.views.item_list import asked_filter, kept_filter
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right, has_right, may_undo
from examapp.security import acting_user, requires
from examapp.shell import day_here
from question_bank import bulk_deeds
from question_bank.bulk_deeds import AT_ONCE, BulkDeed, BulkKind, Plan, Tag, Tagging
from question_bank.framework import current_framework
from question_bank.item_search import all_items, by_codes
from question_bank.items import ItemVersion

Page = str | Response | tuple[str, int]

TITLES: dict[BulkKind, LazyString] = {
    BulkKind.TAG: _l("Tag many items"),
    BulkKind.ASSIGN: _l("Ask a reviewer"),
    BulkKind.TRY_OUT: _l("Try out many items"),
    BulkKind.PUT_TO_USE: _l("Put many items to use"),
    BulkKind.RETIRE: _l("Retire many items"),
}


def chosen_items() -> list[ItemVersion]:
    """What was ticked in the list, or all that it found: at most one more than are changed at once."""
    if request.values.get("all"):
        return all_items(db_session(), asked_filter(), limit=AT_ONCE + 1)
    return list(db_session().scalars(by_codes(request.values.getlist("code")[: AT_ONCE + 1])))


@bp.route("/bank/chosen/tags", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def tag_items() -> Page:
    form = TagItemsForm()
    form.offer(current_framework(db_session()))

    def plan(chosen: list[ItemVersion]) -> Plan:
        return bulk_deeds.plan_tagging(chosen, Tag.named(form.tag.data), Tagging(form.how.data))

    def carry_out(plan: Plan) -> None:
        tag, how = Tag.named(form.tag.data), Tagging(form.how.data)
        bulk_deeds.tag_all(db_session(), plan, tag, how, by=acting_user().id, at=now())

    return ask_then_do(BulkKind.TAG, form, plan, carry_out)


@bp.route("/bank/chosen/reviewer", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def ask_reviewer() -> Page:
    form = AskReviewerForm()
    form.offer(reviewers(), day_here(now()))

    def plan(chosen: list[ItemVersion]) -> Plan:
        return bulk_deeds.plan_asking(db_session(), chosen, form.reviewer.data)

    def carry_out(plan: Plan) -> None:
        day = form.due_on.data
        bulk_deeds.ask_reviewer(db_session(), plan, form.reviewer.data, day, by=acting_user().id, at=now())

    return ask_then_do(BulkKind.ASSIGN, form, plan, carry_out)


def reviewers() -> list[tuple[int, str]]:
    people = db_session().scalars(select(User).order_by(User.name))
    return [(person.id, person.name) for person in people if has_right(person, Right.REVIEW_ITEMS)]


@bp.route("/bank/chosen/retirement", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def retire_items() -> Page:
    form = RetireItemsForm()

    def carry_out(plan: Plan) -> None:
        bulk_deeds.retire_all(db_session(), plan, comment=form.comment.data, by=acting_user().id, at=now())

    return ask_then_do(BulkKind.RETIRE, form, bulk_deeds.plan_retirement, carry_out)


@bp.route("/bank/chosen/trial", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def try_out_items() -> Page:
    return take_step(BulkKind.TRY_OUT)


@bp.route("/bank/chosen/use", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def put_items_to_use() -> Page:
    return take_step(BulkKind.PUT_TO_USE)


def take_step(kind: BulkKind) -> Page:
    """Nothing is asked but whether to do it."""
    by = acting_user().id

    def plan(chosen: list[ItemVersion]) -> Plan:
        return bulk_deeds.plan_step(db_session(), chosen, kind, by)

    def carry_out(plan: Plan) -> None:
        bulk_deeds.step_all(db_session(), plan, kind, by=by, at=now())

    return ask_then_do(kind, FlaskForm(), plan, carry_out)


def ask_then_do(
    kind: BulkKind, form: FlaskForm, plan: Callable[[list[ItemVersion]], Plan], carry_out: Callable[[Plan], None]
) -> Page:
    """First the question, then what would change, then the deed: only what was seen is done."""
    chosen, back = chosen_items(), url_for("authoring.items", **kept_filter())
    if not chosen or len(chosen) > AT_ONCE:
        flash(_("Nothing was chosen. Tick the items first.") if not chosen else too_many(), "error")
        return redirect(back)
    nothing_to_ask = all(field.name == "csrf_token" for field in form)
    asked = form.validate_on_submit() or (nothing_to_ask and request.method == "GET")
    planned = plan(chosen) if asked else None
    if planned and planned.changed and request.form.get("seen") == digest(form, planned):
        carry_out(planned)
        db_session().commit()
        flash(done(kind, len(planned.changed)), "success")
        return redirect(back)
    page = render_template(
        "authoring/bulk.html",
        title=TITLES[kind],
        kind=kind,
        form=form,
        chosen=chosen,
        plan=planned,
        digest=digest(form, planned) if planned else "",
        changed_since=bool(asked and request.form.get("seen")),
        back=back,
    )
    return (page, 422) if request.method == "POST" and not asked else page


def too_many() -> str:
    return _("At most %(most)s items are changed at once. Narrow the list first.", most=AT_ONCE)


def digest(form: FlaskForm, plan: Plan) -> str:
    """What somebody has seen before they agree: what was asked, and the items that change by it, where they stand."""
    typed = [str(field.data) for field in form if field.name != "csrf_token"]
    versions = [(version.id, version.edit_count, version.state.value) for version in plan.changed]
    return sha256(repr((typed, versions)).encode()).hexdigest()[:32]


def done(kind: BulkKind, count: int) -> str:
    if kind is BulkKind.TAG:
        return ngettext("%(num)s draft is tagged anew.", "%(num)s drafts are tagged anew.", count)
    if kind is BulkKind.ASSIGN:
        return ngettext("%(num)s item waits for the reviewer.", "%(num)s items wait for the reviewer.", count)
    if kind is BulkKind.TRY_OUT:
        return ngettext("%(num)s item is tried out now.", "%(num)s items are tried out now.", count)
    if kind is BulkKind.PUT_TO_USE:
        return ngettext("%(num)s item is in use now.", "%(num)s items are in use now.", count)
    return ngettext("%(num)s item is retired.", "%(num)s items are retired.", count)


@bp.post("/bank/changes/<int:number>/undo")
@requires(Right.SEE_BANK)
def undo_change(number: int) -> Response:
    deed = db_session().get(BulkDeed, number)
    if deed is None or not may_undo(acting_user(), deed):
        abort(404)
    bulk_deeds.undo(db_session(), deed, by=acting_user().id, at=now())
    db_session().commit()
    count = len(deed.items)
    flash(ngettext("%(num)s item is as it was.", "%(num)s items are as they were.", count), "success")
    return redirect(url_for("authoring.items", **kept_filter()))
