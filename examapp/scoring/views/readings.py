"""The readings of an administration as its administrators see them: by essay, without candidates."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from examapp.accounts.models import Role, User
from examapp.accounts.people import people_with_role
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.scoring import assignment
from examapp.scoring.forms import ReassignReadingForm
from examapp.scoring.models import EssayResponse, RatingTask
from examapp.scoring.progress import progress_of
from examapp.scoring.views.routes import administration_or_404, bp, page_of
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.get("/scoring/<int:administration_id>/readings")
@requires(Right.RELEASE_RESULTS)
def readings(administration_id: int) -> str:
    progress = progress_of(db_session(), administration_or_404(administration_id), at=now())
    page = page_of(sorted(progress.essays, key=lambda essay: (essay.complete, essay.response.code)), size=25)
    readers = {task.rater_id for essay in page.rows for task in essay.tasks}
    names = {user.id: user.name for user in db_session().scalars(select(User).where(User.id.in_(readers)))}
    return render_template("scoring/readings.html", progress=progress, page=page, names=names)


@bp.route("/scoring/<int:administration_id>/readings/<code>/reassign", methods=["GET", "POST"])
@requires(Right.RELEASE_RESULTS)
def reassign(administration_id: int, code: str) -> str | Response | tuple[str, int]:
    found = administration_or_404(administration_id)
    task = task_or_404(found.id, code)
    raters = [rater for rater in people_with_role(db_session(), Role.RATER) if rater.id != task.rater_id]
    form = ReassignReadingForm()
    form.rater.choices = [(rater.id, rater.name) for rater in raters]
    status = 200
    if form.validate_on_submit():
        rater = next(rater for rater in raters if rater.id == form.rater.data)
        try:
            assignment.reassign(db_session(), task, rater, by=acting_user().id, at=now())
        except RuleViolation as violation:
            form.rater.errors = [sentence_of(violation)]
            status = 409
        else:
            db_session().commit()
            flash(_("The reading is with %(name)s now.", name=rater.name), "success")
            return redirect(url_for("scoring.readings", administration_id=found.id))
    rater = db_session().get_one(User, task.rater_id)
    return render_template("scoring/reassign.html", administration=found, task=task, form=form, rater=rater), status


def task_or_404(administration_id: int, code: str) -> RatingTask:
    query = (
        select(RatingTask)
        .join(RatingTask.response)
        .where(RatingTask.code == code, EssayResponse.administration_id == administration_id)
    )
    return db_session().scalar(query) or abort(404)
