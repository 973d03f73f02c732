"""Drafts that save themselves while somebody is typing."""

from typing import Any

from flask_babel import format_time
from flask_babel import gettext as _

from examapp.authoring.views.items import editor, load_item
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right, may_edit_item
from examapp.security import acting_user, requires
from question_bank.item_writing import StaleDraft, save_draft

Answer = dict[str, Any] | tuple[dict[str, Any], int]


@bp.post("/bank/items/<code>/draft")
@requires(Right.WRITE_ITEMS)
def keep_draft(code: str) -> Answer:
    """The same as the button of the editor, for its script: the page stays where it is."""
    session, user, version = db_session(), acting_user(), load_item(code).latest
    if not may_edit_item(user, version):
        return {"problem": _("Not saved: this item is no longer a draft. Copy what you need.")}, 409
    form = editor(version)
    if not form.validate_on_submit():
        return {"problem": _("Not saved: something is too long. Press Save draft to see what.")}, 422
    at = now()
    try:
        save_draft(
            session, version, form.draft(version), edit_count=form.edit_count.data, by=user.id, at=at, by_itself=True
        )
    except StaleDraft as stale:
        return {"conflict": sentence_of(stale)}, 409
    session.commit()
    return {
        "edit_count": version.edit_count,
        "stood": form.placed_rows(),
        "saved": _("Saved at %(time)s", time=format_time(at, "medium")),
    }
