"""Answer sheets: the list of a room, and typing one in. Nobody sees here what somebody else has typed."""

from flask import abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.models import PaperEntry
from examapp.delivery.paper.entries import PEOPLE, discard, finish, refuse_part, save_draft
from examapp.delivery.paper.roll import paper_parts
from examapp.errors import sentence_of
from examapp.policies import Right, may_discard_entry, may_type_in_paper, may_watch
from examapp.proctoring import room
from examapp.proctoring.forms import AnswerSheetForm, answer_sheet_form, typed_values
from examapp.proctoring.views.paper_routes import SHEET, AnswerSheet, sheet_or_404
from examapp.proctoring.views.routes import Page, administration_or_404, bp, form_page
from examapp.registration.paper import codes_on_paper
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.get("/room/<int:administration_id>/paper")
@requires(Right.RUN_ROOM)
def paper(administration_id: int) -> str:
    """The answer sheets of a room: of whom paper is known, and of whoever is asked for."""
    session, administration = db_session(), administration_or_404(administration_id)
    seats = [seat for seat in session.scalars(room.seating(administration)) if may_watch(acting_user(), seat)]
    known = codes_on_paper(session, administration)
    asked = known | {request.args.get("code", "")}
    parts = paper_parts(session, administration, [seat.code for seat in seats if seat.code in asked])
    writers = {entry.entered_by_id for part in parts for entry in part.entries}
    return render_template(
        "proctoring/paper.html",
        administration=administration,
        parts=parts,
        others=[seat for seat in seats if seat.active and seat.code not in asked],
        names={user.id: user.name for user in session.scalars(select(User).where(User.id.in_(writers)))},
        me=acting_user(),
        may_type_in=may_type_in_paper,
        may_discard=may_discard_entry,
    )


@bp.route(SHEET, methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def type_in_sheet(administration_id: int, code: str, part: str) -> Page:
    sheet = sheet_or_404(administration_id, code, part)
    own = next((entry for entry in sheet.entries if entry.entered_by_id == acting_user().id), None)
    form = form_for(sheet, own)
    if request.method == "POST":
        return kept_draft(sheet, form) if request.form.get("deed") == "draft" else finished(sheet, form, own)
    try:
        refuse_part(db_session(), sheet.registration, part, by=acting_user().id, at=now())
    except RuleViolation as violation:
        flash(sentence_of(violation), "error")
        return redirect(url_for("proctoring.paper", administration_id=administration_id))
    return form_page("proctoring/type_in_sheet.html", form, {**sheet.values, "own": own})


def form_for(sheet: AnswerSheet, own: PaperEntry | None) -> AnswerSheetForm:
    """What is posted, else the own entry as it was kept."""
    made = answer_sheet_form(sheet.numbering, sheet.content)
    return made(data=typed_values(own, sheet.numbering, sheet.zone) if own and request.method == "GET" else None)


def kept_draft(sheet: AnswerSheet, form: AnswerSheetForm) -> Page:
    """Keep what is typed so far, while somebody types or when they ask for it."""
    session, typing = db_session(), request.accept_mimetypes.best == "application/json"
    try:
        typed = form.sheet(sheet.numbering, sheet.zone)
        save_draft(session, sheet.registration, sheet.part, typed, by=acting_user().id, at=now())
        session.commit()
    except RuleViolation as violation:
        if typing:
            session.rollback()
            return make_response(jsonify(refused=sentence_of(violation)), 409)
        return form_page("proctoring/type_in_sheet.html", form, {**sheet.values, "own": None}, violation)
    if typing:
        return jsonify(saved=now().isoformat())
    flash(_("The draft is saved."), "success")
    return redirect(url_for("proctoring.type_in_sheet", **sheet.place))


def finished(sheet: AnswerSheet, form: AnswerSheetForm, own: PaperEntry | None) -> Page:
    values = {**sheet.values, "own": own}
    if not form.validate():
        return form_page("proctoring/type_in_sheet.html", form, values)
    try:
        typed = form.sheet(sheet.numbering, sheet.zone)
        finish(db_session(), sheet.registration, sheet.part, sheet.content, typed, by=acting_user().id, at=now())
        db_session().commit()
    except RuleViolation as violation:
        return form_page("proctoring/type_in_sheet.html", form, values, violation)
    if sum(entry.finished_at is not None for entry in sheet.entries) == PEOPLE:
        flash(_("Your entry is complete, and so is the other one."), "success")
        return redirect(url_for("proctoring.compare_sheets", **sheet.place))
    flash(_("Your entry is complete. Now somebody else types in the same sheet."), "success")
    return redirect(url_for("proctoring.paper", administration_id=sheet.registration.administration_id))


@bp.route(f"{SHEET}/discard/<int:number>", methods=["GET", "POST"])
@requires(Right.RUN_ROOM)
def discard_entry(administration_id: int, code: str, part: str, number: int) -> Page:
    """Throw away one of the entries of a sheet."""
    sheet = sheet_or_404(administration_id, code, part)
    entry, form = entry_or_404(sheet, number), FlaskForm()
    values = discard_page(sheet, entry)
    if not form.validate_on_submit():
        return form_page("confirm.html", form, values)
    try:
        discard(db_session(), entry, sheet.registration, by=acting_user().id, at=now())
        db_session().commit()
    except RuleViolation as violation:
        return form_page("confirm.html", form, values, violation)
    flash(_("The entry is discarded."), "success")
    return redirect(url_for("proctoring.paper", administration_id=administration_id))


def entry_or_404(sheet: AnswerSheet, number: int) -> PaperEntry:
    entry = next((entry for entry in sheet.entries if entry.id == number), None)
    if entry is None:
        abort(404)
    if not may_discard_entry(acting_user(), entry):
        abort(403)
    return entry


def discard_page(sheet: AnswerSheet, entry: PaperEntry) -> dict[str, object]:
    registration, writer = sheet.registration, db_session().get_one(User, entry.entered_by_id)
    return {
        "title": _("Discard what %(name)s typed in?", name=writer.name),
        "lead": _("%(name)s, registration %(code)s", name=registration.candidate.name, code=registration.code),
        "consequences": [_("The sheet has to be typed in again."), _("This cannot be undone.")],
        "confirm_label": _("Discard"),
        "cancel_url": url_for("proctoring.paper", administration_id=registration.administration_id),
    }
