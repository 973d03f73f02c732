"""What the room puts on the home pages."""

from datetime import datetime

from flask import url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.policies import Right, has_right
from examapp.proctoring import room
from examapp.waiting import WaitingItem


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """Candidates who wait to be admitted."""
    count = room.waiting_for_admission(session, at) if has_right(user, Right.RUN_ROOM) else 0
    text = ngettext("%(num)s candidate is not admitted yet", "%(num)s candidates are not admitted yet", count)
    return [WaitingItem(text, url_for("proctoring.rooms"), count)] if count else []
