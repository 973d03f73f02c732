"""The rooms, and one of them live: who waits, who writes."""

from flask import render_template, request

from examapp.clock import now
from examapp.db import db_session
from examapp.paging import paginate
from examapp.policies import Right
from examapp.proctoring import room
from examapp.proctoring.incidents import incidents_of
from examapp.proctoring.views.incidents import timeline
from examapp.proctoring.views.routes import administration_or_404, bp
from examapp.security import requires


@bp.get("/room")
@requires(Right.RUN_ROOM)
def rooms() -> str:
    page = paginate(db_session(), room.rooms(), request.args.get("page", 1, type=int))
    return render_template("proctoring/rooms.html", page=page)


@bp.get("/room/<int:administration_id>")
@requires(Right.RUN_ROOM)
def show(administration_id: int) -> str:
    session, at = db_session(), now()
    administration = administration_or_404(administration_id)
    page = paginate(session, room.seating(administration), request.args.get("page", 1, type=int), size=50)
    return render_template(
        "proctoring/room.html",
        administration=administration,
        page=page,
        seats=room.seats(session, page.rows, at),
        incidents=timeline(session, incidents_of(session, administration)),
    )
