"""What waits for an author or reviewer, for the home page."""

from datetime import datetime

from flask import url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.policies import Right, has_right
from examapp.waiting import WaitingItem
from question_bank import review_queues


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """Items sent back to the reader, and items in review that others wrote."""
    sent_back = len(review_queues.sent_back_to(session, user.id)) if has_right(user, Right.WRITE_ITEMS) else 0
    mine = review_queues.queue_of(user.id)
    in_review = review_queues.count(session, mine) if has_right(user, Right.REVIEW_ITEMS) else 0
    offered = [
        (ngettext("%(num)s item was sent back to you", "%(num)s items were sent back to you", sent_back), sent_back),
        (ngettext("%(num)s item waits for your review", "%(num)s items wait for your review", in_review), in_review),
    ]
    return [WaitingItem(text, url_for("authoring.review_queue"), count) for text, count in offered if count]
