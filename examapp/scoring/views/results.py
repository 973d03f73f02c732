"""The candidate's own released results."""

from flask import abort, render_template
from sqlalchemy import select

from examapp.db import db_session
from examapp.policies import Right, may_see_result
from examapp.registration.models import Registration
from examapp.scoring.results import result_of, results_of_candidate
from examapp.scoring.views.routes import bp
from examapp.security import acting_user, requires


@bp.get("/results")
@requires(Right.SIT_EXAM)
def my_results() -> str:
    return render_template("scoring/my_results.html", results=results_of_candidate(db_session(), acting_user()))


@bp.get("/results/<code>")
@requires(Right.SIT_EXAM)
def my_result(code: str) -> str:
    registration = db_session().scalar(select(Registration).filter_by(code=code))
    if registration is None or not may_see_result(acting_user(), registration):
        abort(404)
    result = result_of(db_session(), registration) or abort(404)
    return render_template("scoring/my_result.html", result=result, reader=acting_user())
