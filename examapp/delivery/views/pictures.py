"""The pictures of a part, for the candidate who is writing it."""

from flask import Response, abort

from examapp.db import db_session
from examapp.delivery import attempts
from examapp.delivery.entry import refusals
from examapp.delivery.part_content import PartContent
from examapp.delivery.views.entry import device_at_hand
from examapp.delivery.views.loading import content_for, own_registration
from examapp.delivery.views.routes import bp
from examapp.pictures import picture_response
from examapp.policies import Right
from examapp.rich_text import Address
from examapp.security import requires
from question_bank.pictures import Picture


@bp.app_template_global()
def pictures_in(content: PartContent) -> Address:
    """Where the page of a part finds its pictures: below its own address, which is another one for each candidate."""
    return lambda sha256: f"{content.part}/pictures/{sha256}"


@bp.get("/exam/<code>/parts/<part>/pictures/<sha256>")
@requires(Right.SIT_EXAM)
def part_picture(code: str, part: str, sha256: str) -> Response:
    """Only what stands in this part, from its start to its end."""
    session, registration = db_session(), own_registration(code)
    mine = attempts.part_of(attempts.attempt_of(session, registration), part)
    if mine is None or mine.closed_at or sha256 not in content_for(mine).pictures:
        abort(404)
    if refusals(session, registration, device_at_hand()):
        abort(403)
    return picture_response(session.get_one(Picture, sha256))
