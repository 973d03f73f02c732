"""Importing items: upload, a dry run that shows every row, then all accepted ones at once."""

from dataclasses import replace
from pathlib import Path

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.authoring import uploads
from examapp.authoring.forms.imports import ChooseColumnsForm, ImportItemsForm, UploadItemsForm
from examapp.authoring.forms.items import tidy
from examapp.authoring.uploads import Upload
from examapp.authoring.views.routes import bp
from examapp.authoring.views.submissions import name_of_moment
from examapp.clock import now
from examapp.config import Config
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.paging import Page, page_of
from examapp.policies import Right
from examapp.security import acting_user, requires
from question_bank import item_import, sheet_columns
from question_bank.errors import RuleViolation
from question_bank.framework import current_framework
from question_bank.import_tags import vocabulary
from question_bank.interchange import FileFormat, RowStatus, read, sheets_of
from question_bank.interchange.columns import all_known, columns_in
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
            read(upload.data, upload.filename, largest_picture=largest_picture())
            headers = headers_of(upload)
        except RuleViolation as violation:
            form.file.errors = [sentence_of(violation)]
        else:
            before = sheet_columns.kept(db_session(), headers, owner=acting_user().id)
            token = uploads.park(folder(), replace(upload, columns=before.chosen if before else None), at=now())
            asked = "dry_run" if before or all(map(all_known, headers)) else "choose_columns"
            return redirect(url_for(f"authoring.{asked}", token=token))
    page = render_template("authoring/import_items.html", form=form)
    return (page, 422) if request.method == "POST" else page


def largest_picture() -> int:
    config: Config = current_app.config["EXAMAPP"]
    return config.largest_picture


def headers_of(upload: Upload) -> list[list[str]]:
    """The first row of every sheet; none of a file in another format."""
    return [sheet.header for sheet in sheets_of(upload.data, upload.filename)]


@bp.route("/bank/import/<token>/columns", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def choose_columns(token: str) -> str | Response | tuple[str, int]:
    """What each column of a sheet is: our guess, until somebody says it."""
    session, user = db_session(), acting_user()
    upload = uploads.find(folder(), token, user_id=user.id)
    sheets = sheets_of(upload.data, upload.filename) or abort(404)
    headers = [sheet.header for sheet in sheets]
    columns = columns_in([(sheet.header, sheet.rows) for sheet in sheets], vocabulary(current_framework(session)))
    said = upload.columns or {}
    form = ChooseColumnsForm(data={"columns": [said.get(column.name, column.role) for column in columns]})
    if form.validate_on_submit() and form.is_sound(columns, headers):
        chosen = form.chosen(columns)
        sheet_columns.keep(session, headers, chosen, filename=upload.filename, by=user.id, at=now())
        uploads.change(folder(), token, replace(upload, columns=chosen))
        session.commit()
        return redirect(url_for("authoring.dry_run", token=token))
    rows = list(zip(columns, form.columns, strict=False))
    page = render_template("authoring/choose_columns.html", upload=upload, form=form, rows=rows, token=token)
    return (page, 422) if request.method == "POST" else page


@bp.route("/bank/import/<token>", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def dry_run(token: str) -> str | Response | tuple[str, int]:
    session, user = db_session(), acting_user()
    upload = uploads.find(folder(), token, user_id=user.id)
    framework = current_framework(session)
    reading = read(upload.data, upload.filename, columns=upload.columns, largest_picture=largest_picture())
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
        changed_since=request.method == "POST", statuses=STATUS_LABELS, token=token,
        is_sheet=reading.format in (FileFormat.CSV, FileFormat.XLSX),
    )  # fmt: skip
    return (page, 409) if request.method == "POST" else page


def shown_of(plan: ImportPlan) -> Page[PlannedRow]:
    """The page asked for of the rows: what is refused first, then what is changed."""
    order = (RowStatus.REFUSED, RowStatus.CHANGED, RowStatus.ACCEPTED)
    rows = sorted(plan.rows, key=lambda row: order.index(row.parsed.status))
    return page_of(rows, request.args.get("page", 1, type=int), ROWS_ON_PAGE)
