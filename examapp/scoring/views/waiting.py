"""What scoring puts on the home pages."""

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.policies import Right, has_right
from examapp.scoring.ratings import readings_of_rater
from examapp.scoring.release import administrations_to_score, proposals_to_confirm
from examapp.scoring.results import results_of_candidate
from examapp.waiting import WaitingItem

# A released result counts as news for so long.
NEWS = timedelta(days=30)


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """Readings for raters, scoring and confirmations for administrators, new results for candidates."""
    items = []
    if has_right(user, Right.RATE_ESSAYS):
        count = len(readings_of_rater(session, user.id).waiting)
        text = ngettext("%(num)s essay to read", "%(num)s essays to read", count)
        items.append(WaitingItem(text, url_for("scoring.my_ratings"), count))
    if has_right(user, Right.RELEASE_RESULTS):
        count = len(administrations_to_score(session, at))
        text = ngettext(
            "%(num)s administration to score and release", "%(num)s administrations to score and release", count
        )
        items.append(WaitingItem(text, url_for("scoring.administrations"), count))
        count = len(proposals_to_confirm(session, user.id))
        text = ngettext("%(num)s release waits for you to confirm", "%(num)s releases wait for you to confirm", count)
        items.append(WaitingItem(text, url_for("scoring.administrations"), count))
    if has_right(user, Right.SIT_EXAM):
        count = sum(at - result.record.released_at < NEWS for result in results_of_candidate(session, user))
        text = ngettext("%(num)s result is ready to read", "%(num)s results are ready to read", count)
        items.append(WaitingItem(text, url_for("scoring.my_results"), count))
    return [item for item in items if item.count]
