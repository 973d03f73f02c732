"""Scoring an administration: where it stands, and the steps that are a button."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers.response import Response

from examapp.accounts.models import Role
from examapp.accounts.people import people_with_role
from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.late import undecided
from examapp.errors import sentence_of
from examapp.paging import paginate
from examapp.policies import Right
from examapp.registration.models import Administration
from examapp.registration.real import real_administrations
from examapp.scoring import assignment, essays, runs
from examapp.scoring.forms import AssignReadingsForm
from examapp.scoring.progress import Step, agreement_of, progress_of, progress_of_all
from examapp.scoring.release import releases_of
from examapp.scoring.views.routes import administration_or_404, bp, requested_page
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.get("/scoring")
@requires(Right.RELEASE_RESULTS)
def administrations() -> str:
    query = real_administrations().order_by(Administration.closes_at.desc(), Administration.id.desc())
    page = paginate(db_session(), query, requested_page(), size=20)
    progress = progress_of_all(db_session(), page.rows, at=now())
    return render_template("scoring/administrations.html", page=page, progress=progress)


@bp.get("/scoring/<int:administration_id>")
@requires(Right.RELEASE_RESULTS)
def administration(administration_id: int) -> str:
    found = administration_or_404(administration_id)
    return render_template(
        "scoring/administration.html",
        administration=found,
        progress=progress_of(db_session(), found, at=now()),
        steps=Step,
        runs=runs.runs_of(db_session(), found),
        releases=releases_of(db_session(), found),
        late=len(undecided(db_session(), Administration.id == found.id)),
    )


@bp.post("/scoring/<int:administration_id>/collect")
@requires(Right.RELEASE_RESULTS)
def collect(administration_id: int) -> Response:
    found = administration_or_404(administration_id)
    count = essays.collect(db_session(), found, by=acting_user().id, at=now())
    db_session().commit()
    flash(ngettext("%(num)s essay collected.", "%(num)s essays collected.", count), "success")
    return redirect(url_for("scoring.administration", administration_id=found.id))


@bp.route("/scoring/<int:administration_id>/assign", methods=["GET", "POST"])
@requires(Right.RELEASE_RESULTS)
def assign(administration_id: int) -> str | Response | tuple[str, int]:
    found = administration_or_404(administration_id)
    raters = people_with_role(db_session(), Role.RATER)
    load = assignment.load_of(db_session(), found)
    form = AssignReadingsForm(raters=[rater.id for rater in raters if load[rater.id]])
    form.raters.choices = [(rater.id, rater.name) for rater in raters]
    status = 200
    if form.validate_on_submit():
        chosen = [rater for rater in raters if rater.id in form.raters.data]
        try:
            count = assignment.assign(db_session(), found, chosen, by=acting_user().id, at=now())
        except RuleViolation as violation:
            form.raters.errors = [sentence_of(violation)]
            db_session().rollback()
            status = 409
        else:
            db_session().commit()
            flash(ngettext("%(num)s reading assigned.", "%(num)s readings assigned.", count), "success")
            return redirect(url_for("scoring.administration", administration_id=found.id))
    progress = progress_of(db_session(), found, at=now())
    return render_template("scoring/assign.html", form=form, load=load, progress=progress), status


@bp.post("/scoring/<int:administration_id>/score")
@requires(Right.RELEASE_RESULTS)
def score(administration_id: int) -> Response:
    found = administration_or_404(administration_id)
    run = runs.score(db_session(), found, by=acting_user().id, at=now())
    db_session().commit()
    flash(_("Scoring run %(number)s is done.", number=run.number), "success")
    return redirect(url_for("scoring.run", administration_id=found.id, number=run.number))


@bp.get("/scoring/<int:administration_id>/agreement")
@requires(Right.RELEASE_RESULTS)
def agreement(administration_id: int) -> str:
    progress = progress_of(db_session(), administration_or_404(administration_id), at=now())
    return render_template("scoring/agreement.html", progress=progress, rows=agreement_of(progress))
