"""What scoring puts on the home pages."""

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery.late import undecided
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
    if has_right(user, Right.MANAGE_EXAMS):
        items += late_changes_waiting(session, user)
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


def late_changes_waiting(session: Session, user: User) -> list[WaitingItem]:
    """Late changes of others: nobody has decided, or somebody else has proposed."""
    others = [late for late in undecided(session) if late.part.attempt.registration.candidate_id != user.id]
    new = sum(late.proposal is None for late in others)
    proposed = sum(late.proposal is not None and late.proposal.proposed_by_id != user.id for late in others)
    url = url_for("scoring.late_changes")
    return [
        WaitingItem(
            ngettext("%(num)s part has late changes to decide on", "%(num)s parts have late changes to decide on", new),
            url,
            new,
        ),
        WaitingItem(
            ngettext(
                "%(num)s decision on late changes waits for you to confirm",
                "%(num)s decisions on late changes wait for you to confirm",
                proposed,
            ),
            url,
            proposed,
        ),
    ]
