"""Two entries of one answer sheet side by side: only where they differ; and the attempt made of them."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.paper.comparison import differences
from examapp.delivery.paper.entries import PEOPLE
from examapp.delivery.paper.transfer import transfer
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.proctoring.views.paper_routes import SHEET, sheet_or_404
from examapp.proctoring.views.routes import bp
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.get(f"{SHEET}/compare")
@requires(Right.RUN_ROOM)
def compare_sheets(administration_id: int, code: str, part: str) -> str | Response:
    sheet = sheet_or_404(administration_id, code, part)
    entries = [entry for entry in sheet.entries if entry.finished_at]
    if len(entries) < PEOPLE:
        flash(_("There is nothing to compare before two people have typed in this sheet."), "error")
        return redirect(url_for("proctoring.paper", administration_id=administration_id))
    first, second = entries
    return render_template(
        "proctoring/compare_sheets.html",
        **sheet.values,
        entries=entries,
        writers=[db_session().get_one(User, entry.entered_by_id) for entry in entries],
        differences=differences(first, second, sheet.numbering),
        answered=len(first.answers),
        mine=acting_user().id in {entry.entered_by_id for entry in entries},
    )


@bp.post(f"{SHEET}/transfer")
@requires(Right.RUN_ROOM)
def transfer_sheet(administration_id: int, code: str, part: str) -> Response:
    sheet = sheet_or_404(administration_id, code, part)
    try:
        transfer(db_session(), sheet.registration, part, sheet.numbering, by=acting_user().id, at=now())
        db_session().commit()
    except RuleViolation as violation:
        db_session().rollback()
        flash(sentence_of(violation), "error")
        return redirect(url_for("proctoring.compare_sheets", **sheet.place))
    flash(_("What %(name)s wrote on paper is the attempt now.", name=sheet.registration.candidate.name), "success")
    return redirect(url_for("proctoring.paper", administration_id=administration_id))
