"""Practising: the button that begins a round, or goes on with the last."""

from flask import flash, redirect, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery import practice
from examapp.delivery.views.routes import bp
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.post("/practice")
@requires(Right.SIT_EXAM)
def practise() -> Response:
    try:
        mine = practice.practise(db_session(), acting_user().id, at=now())
        db_session().commit()
    except RuleViolation as violation:
        flash(sentence_of(violation), "error")
    except IntegrityError:  # a double click: the other request has begun the round
        db_session().rollback()
    else:
        return redirect(url_for("delivery.examination", code=mine.code))
    return redirect(url_for("delivery.examinations"))
