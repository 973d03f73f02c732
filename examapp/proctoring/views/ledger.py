"""The clock of one candidate, explained: every row of the time ledger, every stop, and the end that follows."""

from flask import render_template

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.clock_statements import names_in, statements_of
from examapp.delivery.views.loading import settled_progress
from examapp.policies import Right
from examapp.proctoring.views.routes import bp, registration_or_404
from examapp.registration.administrations import extensions_of
from examapp.registration.entry_rules import overrides_of
from examapp.security import requires


@bp.get("/room/<int:administration_id>/clock/<code>")
@requires(Right.RUN_ROOM)
def clock_of(administration_id: int, code: str) -> str:
    session, at = db_session(), now()
    registration = registration_or_404(administration_id, code)
    attempt = settled_progress(registration, at).attempt
    statements = statements_of(session, attempt, at) if attempt else []
    return render_template(
        "proctoring/clock.html",
        registration=registration,
        administration=registration.administration,
        statements=statements,
        extensions=extensions_of(session, registration.administration),
        overrides=overrides_of(session, registration),
        names=names_in(session, statements),
    )
