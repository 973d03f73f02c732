"""The candidate's look at a part they have practised."""

from flask import abort, render_template

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.views.loading import own_registration, part_progress, settled_progress
from examapp.policies import Right
from examapp.scoring.practice_review import is_shown, review_of
from examapp.scoring.views.routes import bp
from examapp.security import requires


@bp.get("/exam/<code>/parts/<part>/keys")
@requires(Right.SIT_EXAM)
def practice_review(code: str, part: str) -> str:
    progress = settled_progress(own_registration(code), now())
    mine = part_progress(progress, part)
    if mine.part is None or not is_shown(mine.part):
        abort(404)
    return render_template(
        "scoring/practice_review.html", progress=progress, mine=mine, review=review_of(db_session(), mine.part)
    )
