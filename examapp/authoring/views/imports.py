"""Importing items: upload, a dry run that shows every row, then all accepted ones at once."""

from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.authoring import uploads
from examapp.authoring.forms.imports import ImportItemsForm, UploadItemsForm
from examapp.authoring.forms.items import tidy
from examapp.authoring.uploads import Upload
from examapp.authoring.views.routes import bp
from examapp.authoring.views.submissions import name_of_moment
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.paging import Page, page_of
from examapp.policies import Right
from examapp.security import acting_user, requires
from question_bank import item_import
from question_bank.errors import RuleViolation
from question_bank.framework import current_framework
from question_bank.interchange import RowStatus, read
from question_bank.item_import import ImportPlan, PlannedRow, plan_import, texts_of_bank

ROWS_ON_PAGE = 200
STATUS_LABELS = {
    RowStatus.ACCEPTED: ("success", _l("Accepted")),
    RowStatus.CHANGED: ("warning", _l("Accepted with a change")),
    RowStatus.REFUSED: ("error", _l("Refused")),
}


def folder() -> Path:
    path: Path = current_app.config["EXAMAPP"].instance_path / "uploads"
    return path


@bp.route("/bank/import", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def import_items() -> str | Response | tuple[str, int]:
    form = UploadItemsForm()
    form.offer(current_framework(db_session()))
    if form.validate_on_submit():
        name = tidy(form.file.data.filename).replace("\\", "/").rpartition("/")[2]
        upload = Upload(acting_user().id, name[:150], form.defaults(), form.file.data.read())
        try:
            read(upload.data, upload.filename)
        except RuleViolation as violation:
            form.file.errors = [sentence_of(violation)]
        else:
            token = uploads.park(folder(), upload, at=now())
            return redirect(url_for("authoring.dry_run", token=token))
    page = render_template("authoring/import_items.html", form=form)
    return (page, 422) if request.method == "POST" else page


@bp.route("/bank/import/<token>", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def dry_run(token: str) -> str | Response | tuple[str, int]:
    session, user = db_session(), acting_user()
    upload = uploads.find(folder(), token, user_id=user.id)
    framework = current_framework(session)
    reading = read(upload.data, upload.filename)
    plan = plan_import(texts_of_bank(session), reading, framework, upload.defaults)
    form = ImportItemsForm()
    if form.validate_on_submit() and form.expected.data == len(plan.usable):
        at = now()
        uploads.take(folder(), token)
        made = item_import.import_items(session, plan.usable, framework, filename=upload.filename, by=user.id, at=at)
        session.commit()
        flash(
            ngettext("%(num)s item was imported as a draft.", "%(num)s items were imported as drafts.", len(made)),
            "success",
        )
        return redirect(url_for("authoring.imported_items", moment=name_of_moment(at)))
    form.expected.data = len(plan.usable)
    page = render_template(
        "authoring/dry_run.html", upload=upload, reading=reading, plan=plan, form=form, shown=shown_of(plan),
        changed_since=request.method == "POST", statuses=STATUS_LABELS,
    )  # fmt: skip
    return (page, 409) if request.method == "POST" else page


def shown_of(plan: ImportPlan) -> Page[PlannedRow]:
    """The page asked for of the rows: what is refused first, then what is changed."""
    order = (RowStatus.REFUSED, RowStatus.CHANGED, RowStatus.ACCEPTED)
    rows = sorted(plan.rows, key=lambda row: order.index(row.parsed.status))
    return page_of(rows, request.args.get("page", 1, type=int), ROWS_ON_PAGE)
