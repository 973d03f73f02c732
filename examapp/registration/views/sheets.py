"""Registering from a sheet: load, see what each row would do, confirm."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.registration.forms.administrations import ConfirmSheetForm, LoadSheetForm
from examapp.registration.imports import dry_run, import_registrations
from examapp.registration.sheets import COLUMNS, as_csv, read_sheet
from examapp.registration.views.routes import administration_or_404, bp
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.route("/administrations/<int:administration_id>/sheet", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def load_sheet(administration_id: int) -> str | tuple[str, int]:
    found = administration_or_404(administration_id)
    form = LoadSheetForm()
    if form.validate_on_submit():
        try:
            rows = read_sheet(form.sheet.data.read(), form.sheet.data.filename or "")
        except RuleViolation as refusal:
            form.sheet.errors = [*form.sheet.errors, sentence_of(refusal)]
        else:
            return render_template(
                "registration/sheet_verdicts.html",
                administration=found,
                verdicts=dry_run(db_session(), found, rows, at=now()),
                form=ConfirmSheetForm(formdata=None, rows=as_csv(rows)),
            )
    page = render_template("registration/load_sheet.html", administration=found, form=form)
    return (page, 422) if request.method == "POST" else page


@bp.post("/administrations/<int:administration_id>/sheet/confirm")
@requires(Right.MANAGE_EXAMS)
def confirm_sheet(administration_id: int) -> Response:
    """Checks every row anew: what the dry run saw may have changed meanwhile."""
    found = administration_or_404(administration_id)
    form = ConfirmSheetForm()
    here = url_for("registration.administration", administration_id=found.id)
    try:
        rows = read_sheet((form.rows.data or "").encode() if form.validate() else b"", "rows.csv")
        made = import_registrations(db_session(), found, rows, by=acting_user().id, at=now())
    except RuleViolation as refusal:
        flash(sentence_of(refusal), "error")
        return redirect(url_for("registration.load_sheet", administration_id=found.id))
    db_session().commit()
    flash(ngettext("%(num)s candidate is registered.", "%(num)s candidates are registered.", len(made)), "success")
    return redirect(here)


@bp.get("/administrations/sheet-example.csv")
@requires(Right.MANAGE_EXAMS)
def sheet_example() -> tuple[str, dict[str, str]]:
    lines = [",".join(COLUMNS), "maria@example.org,3,", "jon@example.org,4,Clinical"]
    headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": "attachment; filename=candidates.csv"}
    return "\r\n".join(lines) + "\r\n", headers
