"""The rooms, and one of them live: who waits, who writes."""

from typing import Any

from flask import render_template, request

from examapp.clock import now
from examapp.db import db_session
from examapp.paging import paginate
from examapp.policies import Right
from examapp.proctoring import room
from examapp.proctoring.incidents import incidents_of
from examapp.proctoring.seats import SeatState, seats_of
from examapp.proctoring.views.incidents import timeline
from examapp.proctoring.views.routes import administration_or_404, bp
from examapp.registration.accommodations import accommodated
from examapp.security import acting_user, requires

LATEST_INCIDENTS = 5


@bp.get("/room")
@requires(Right.RUN_ROOM)
def rooms() -> str:
    page = paginate(db_session(), room.rooms(), request.args.get("page", 1, type=int))
    return render_template("proctoring/rooms.html", page=page)


@bp.get("/room/<int:administration_id>")
@requires(Right.RUN_ROOM)
def show(administration_id: int) -> str:
    """The frame of the live page. The candidates come by themselves, see ``live``."""
    session, administration = db_session(), administration_or_404(administration_id)
    incidents = incidents_of(session, administration)
    return render_template(
        "proctoring/room.html",
        administration=administration,
        states=list(SeatState),
        accommodated=accommodated(session, administration),
        incidents=timeline(incidents[:LATEST_INCIDENTS]),
        incident_count=len(incidents),
    )


@bp.get("/room/<int:administration_id>/live")
@requires(Right.RUN_ROOM)
def live(administration_id: int) -> dict[str, Any]:
    """Everybody in the room as they are now; the page asks every few seconds."""
    at, administration = now(), administration_or_404(administration_id)
    seats = seats_of(db_session(), administration, reader=acting_user().id, at=at)
    return {"now": at.isoformat(), "seats": [seat._asdict() for seat in seats]}
