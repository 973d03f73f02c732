"""Who knows whom: the declared conflicts between raters and candidates."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.accounts.models import Role, User
from examapp.accounts.people import people_with_role
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.scoring import assignment
from examapp.scoring import conflicts as declared
from examapp.scoring.forms import DeclareConflictForm
from examapp.scoring.models import RaterConflict
from examapp.scoring.views.routes import bp, page_of
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.get("/scoring/conflicts")
@requires(Right.RELEASE_RESULTS)
def conflicts() -> str:
    return render_template("scoring/conflicts.html", page=page_of(declared.conflicts(db_session())))


@bp.route("/scoring/conflicts/declare", methods=["GET", "POST"])
@requires(Right.RELEASE_RESULTS)
def declare_conflict() -> str | Response | tuple[str, int]:
    form = DeclareConflictForm()
    for field, role in ((form.rater, Role.RATER), (form.candidate, Role.CANDIDATE)):
        people = people_with_role(db_session(), role)
        field.choices = [(person.id, f"{person.name} ({person.email})") for person in people]
    status = 200
    if form.validate_on_submit():
        pair = form.rater.data, form.candidate.data
        try:
            assignment.declare_conflict(db_session(), *pair, reason=form.reason.data, by=acting_user().id, at=now())
        except RuleViolation as violation:
            form.form_errors.append(sentence_of(violation))
            db_session().rollback()
            status = 409
        else:
            db_session().commit()
            flash(_("The conflict is declared. Unlocked readings have been taken from this rater."), "success")
            return redirect(url_for("scoring.conflicts"))
    return render_template("scoring/declare_conflict.html", form=form), status


@bp.get("/scoring/conflicts/<int:rater_id>/<int:candidate_id>/remove")
@requires(Right.RELEASE_RESULTS)
def ask_to_remove_conflict(rater_id: int, candidate_id: int) -> str:
    conflict = conflict_or_404(rater_id, candidate_id)
    people = {
        "rater": db_session().get_one(User, rater_id).name,
        "candidate": db_session().get_one(User, candidate_id).name,
    }
    return render_template(
        "confirm.html",
        title=_("Remove this conflict?"),
        lead=_("%(rater)s and %(candidate)s: %(reason)s", reason=conflict.reason, **people),
        consequences=[
            _("%(rater)s may be given essays of %(candidate)s from then on.", **people),
            _("The audit trail keeps that it was declared and removed."),
        ],
        confirm_label=_("Remove"),
        cancel_url=url_for("scoring.conflicts"),
    )


@bp.post("/scoring/conflicts/<int:rater_id>/<int:candidate_id>/remove")
@requires(Right.RELEASE_RESULTS)
def remove_conflict(rater_id: int, candidate_id: int) -> Response:
    declared.remove_conflict(db_session(), conflict_or_404(rater_id, candidate_id), by=acting_user().id, at=now())
    db_session().commit()
    flash(_("The conflict is removed."), "success")
    return redirect(url_for("scoring.conflicts"))


def conflict_or_404(rater_id: int, candidate_id: int) -> RaterConflict:
    return declared.find_conflict(db_session(), rater_id, candidate_id) or abort(404)
