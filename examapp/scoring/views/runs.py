"""Scoring runs: what one says about everybody, how it came to say so, and how two differ."""

from collections import Counter

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.db import db_session
from examapp.policies import Right
from examapp.scoring.readings import THIRD
from examapp.scoring.release import release_of
from examapp.scoring.runs import compare, explain, latest_run, results_of, verify_run
from examapp.scoring.views.routes import (
    administration_or_404,
    bp,
    page_of,
    policy_with,
    registration_or_404,
    run_or_404,
)
from examapp.security import requires
from question_bank.exam_forms import FormKey, key_document
from question_bank.item_kinds import AS_WRITTEN


@bp.get("/scoring/<int:administration_id>/runs/<int:number>")
@requires(Right.RELEASE_RESULTS)
def run(administration_id: int, number: int) -> str:
    administration, found = administration_or_404(administration_id), run_or_404(administration_id, number)
    results = results_of(db_session(), found)
    latest = latest_run(db_session(), administration)
    return render_template(
        "scoring/run.html",
        administration=administration,
        run=found,
        key=db_session().get_one(FormKey, found.form_key_id),
        computed_by=db_session().get_one(User, found.computed_by_id).name,
        counts=Counter(rows.decision.outcome.value for rows in results),
        page=page_of(results),
        parts=policy_with(administration.policy_id).parts,
        is_latest=latest is not None and latest.id == found.id,
        release=release_of(db_session(), found),
    )


@bp.post("/scoring/<int:administration_id>/runs/<int:number>/verify")
@requires(Right.RELEASE_RESULTS)
def verify(administration_id: int, number: int) -> Response:
    administration, found = administration_or_404(administration_id), run_or_404(administration_id, number)
    differing = verify_run(db_session(), administration, found)
    if differing:
        flash(_("Computed again, the marks of %(codes)s differ.", codes=", ".join(differing)), "error")
    else:
        flash(_("Computed again: every mark, score and decision is the same."), "success")
    return redirect(url_for("scoring.run", administration_id=administration_id, number=number))


@bp.get("/scoring/<int:administration_id>/runs/<int:number>/compare/<int:earlier>")
@requires(Right.RELEASE_RESULTS)
def compare_runs(administration_id: int, number: int, earlier: int) -> str:
    administration = administration_or_404(administration_id)
    before, after = run_or_404(administration_id, earlier), run_or_404(administration_id, number)
    return render_template(
        "scoring/compare.html",
        administration=administration,
        before=before,
        after=after,
        page=page_of(compare(db_session(), before, after)),
        parts=policy_with(administration.policy_id).parts,
    )


@bp.get("/scoring/<int:administration_id>/runs/<int:number>/registrations/<code>")
@requires(Right.RELEASE_RESULTS)
def explanation(administration_id: int, number: int, code: str) -> str:
    administration, found = administration_or_404(administration_id), run_or_404(administration_id, number)
    registration = registration_or_404(administration_id, code)
    rows = explain(db_session(), found, registration) or abort(404)
    keys = key_document(db_session().get_one(FormKey, found.form_key_id))
    return render_template(
        "scoring/explanation.html",
        administration=administration,
        run=found,
        rows=rows,
        policy=policy_with(registration.policy_id),
        keys=keys.items,
        as_written=AS_WRITTEN,
        rubrics={item: key.rubric for item, key in keys.essays.items()},
        third=THIRD,
    )
