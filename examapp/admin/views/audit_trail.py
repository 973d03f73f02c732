"""Page: the audit trail."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from examapp.admin.audit_trail import TrailFilter, find_events, names_of
from examapp.admin.views.routes import bp
from examapp.admin.views.sentences import KINDS, details_of, sentence_about
from examapp.db import db_session
from examapp.policies import Right
from examapp.security import requires
from examapp.shell import chosen_time_zone


@bp.get("/audit", endpoint="audit_trail")
@requires(Right.SEE_AUDIT)
def show_audit_trail() -> ResponseReturnValue:
    wanted = asked_for()
    found = find_events(db_session(), wanted, request.args.get("page", 1, type=int))
    names = names_of(db_session(), found.rows)
    return render_template(
        "admin/audit_trail.html",
        found=found,
        names=names,
        kinds=KINDS,
        wanted=wanted,
        sentence_about=sentence_about,
        details_of=details_of,
    )


def asked_for() -> TrailFilter:
    """The filter of the address. Days begin and end where the reader lives."""
    first, last = request.args.get("since", type=day), request.args.get("until", type=day)
    return TrailFilter(
        person=request.args.get("person", "")[:100],
        kind=request.args.get("kind", "")[:40],
        thing=request.args.get("thing", "")[:100],
        since=midnight(first) if first else None,
        until=midnight(last + timedelta(days=1)) if last else None,
    )


def day(text: str) -> date:
    """A day of this era; ValueError, and so no filter, for anything else."""
    found = date.fromisoformat(text)
    if not 2000 <= found.year <= 2999:
        raise ValueError(text)
    return found


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(chosen_time_zone()))
