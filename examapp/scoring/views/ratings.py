"""A rater's own readings. Nothing here knows a candidate: see tests/scoring/test_blind.py."""

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.scoring.assignment import recuse
from examapp.scoring.forms import RecogniseForm
from examapp.scoring.models import RatingTask
from examapp.scoring.ratings import (
    COMMENT_LIMIT,
    StaleReading,
    dimensions_left,
    essay_of,
    language_of,
    lock,
    reading_coded,
    readings_of_rater,
    rubric_of,
    save_draft,
    spanish_of,
)
from examapp.scoring.views.routes import bp
from examapp.security import acting_user, requires
from examapp.shell import in_zone
from question_bank.errors import RuleViolation

Json = tuple[dict[str, Any], int]


@bp.get("/rating")
@requires(Right.RATE_ESSAYS)
def my_ratings() -> str:
    return render_template("scoring/my_ratings.html", mine=readings_of_rater(db_session(), acting_user().id))


@bp.get("/rating/<code>")
@requires(Right.RATE_ESSAYS)
def reading(code: str) -> str:
    task = own_reading(code)
    return reading_page(task, task.levels, task.comment)


@bp.post("/rating/<code>/draft")
@requires(Right.RATE_ESSAYS)
def save_reading(code: str) -> str | Response | Json | tuple[str, int]:
    task = own_reading(code)
    levels, comment = typed_levels(), request.form.get("comment", "").replace("\r\n", "\n")
    try:
        save_draft(db_session(), task, levels=levels, comment=comment, seen=seen(), at=now())
    except RuleViolation as violation:
        if wants_receipt():
            return refusal(task, violation), 409
        return reading_page(task, levels, comment, problem=sentence_of(violation)), 409
    db_session().commit()
    if wants_receipt():
        return receipt(task), 200
    if "then_lock" in request.form:
        return redirect(url_for("scoring.ask_to_lock", code=code))
    flash(_("Saved %(time)s", time=clock_time(now())), "success")
    return redirect(url_for("scoring.reading", code=code))


@bp.get("/rating/<code>/lock")
@requires(Right.RATE_ESSAYS)
def ask_to_lock(code: str) -> str | Response:
    task = own_reading(code)
    rubric = rubric_of(db_session(), task)
    left = dimensions_left(task, rubric)
    if task.locked_at or left:
        if left:
            flash(_("Choose a level in every dimension before locking: %(titles)s.", titles=", ".join(left)), "error")
        return redirect(url_for("scoring.reading", code=code))
    return render_template("scoring/lock.html", task=task, rubric=rubric, version=version_of(task))


@bp.post("/rating/<code>/lock")
@requires(Right.RATE_ESSAYS)
def lock_reading(code: str) -> Response:
    lock(db_session(), own_reading(code), seen=seen(), at=now())
    db_session().commit()
    flash(_("Reading %(code)s is locked. Thank you.", code=code), "success")
    return redirect(url_for("scoring.my_ratings"))


@bp.route("/rating/<code>/recognise", methods=["GET", "POST"])
@requires(Right.RATE_ESSAYS)
def recognise(code: str) -> str | Response:
    task, form = own_reading(code), RecogniseForm()
    if form.validate_on_submit():
        recuse(db_session(), task, reason=form.reason.data, at=now())
        db_session().commit()
        flash(_("Thank you for saying so. The essay goes to somebody else."), "success")
        return redirect(url_for("scoring.my_ratings"))
    return render_template("scoring/recognise.html", task=task, form=form)


def own_reading(code: str) -> RatingTask:
    return reading_coded(db_session(), code, acting_user().id) or abort(404)


def reading_page(task: RatingTask, levels: dict[str, int], comment: str, problem: str | None = None) -> str:
    return render_template(
        "scoring/reading.html",
        task=task,
        essay=essay_of(db_session(), task),
        rubric=rubric_of(db_session(), task),
        language=language_of(db_session(), task),
        spanish=spanish_of(db_session(), task),
        levels=levels,
        comment=comment,
        comment_limit=COMMENT_LIMIT,
        version=version_of(task),
        saved=clock_time(task.saved_at) if task.saved_at else None,
        problem=problem,
    )


def typed_levels() -> dict[str, int]:
    """The levels chosen on the page; what is no number is no choice."""
    chosen = {name.removeprefix("level-"): value for name, value in request.form.items() if name.startswith("level-")}
    return {code: int(value) for code, value in chosen.items() if value.isdecimal()}


def version_of(task: RatingTask) -> str:
    """The save a page is built on, as it travels in the page."""
    return task.saved_at.isoformat() if task.saved_at else ""


def seen() -> datetime | None:
    """The save that the page was built on."""
    try:
        moment = datetime.fromisoformat(request.form["version"]) if request.form.get("version") else None
    except ValueError:
        abort(400)
    if moment and moment.tzinfo is None:
        abort(400)
    return moment


def wants_receipt() -> bool:
    return request.accept_mimetypes.best == "application/json"


def refusal(task: RatingTask, violation: RuleViolation) -> dict[str, Any]:
    """Why the draft was not kept. Beside a newer one, that one too: the page knows it when it has sent it itself."""
    problem: dict[str, Any] = {"problem": sentence_of(violation)}
    if isinstance(violation, StaleReading):
        problem["stored"] = {"version": version_of(task), "levels": task.levels, "comment": task.comment}
    return problem


def receipt(task: RatingTask) -> dict[str, Any]:
    """What the page shows as proof that the draft is kept."""
    return {
        "saved": _("Saved %(time)s", time=clock_time(now())),
        "version": version_of(task),
        "left": len(dimensions_left(task, rubric_of(db_session(), task))),
    }


def clock_time(moment: datetime) -> str:
    return in_zone(moment, None).strftime("%H:%M:%S")
