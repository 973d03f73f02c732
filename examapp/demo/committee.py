"""How the sample committee shares its reviews: who knows which areas, and who is asked for what."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from question_bank.bulk_deeds import ask_reviewers
from question_bank.expertise import say_areas
from question_bank.framework import current_framework
from question_bank.giving_out import propose_reviewers
from question_bank.review_queues import unasked

# Of the areas in their order, each reviewer knows some; the two in the middle both.
SHARES = {"reviewer": slice(0, 5), "reviewer2": slice(3, None)}


def share_reviews(session: Session, reviewers: Mapping[str, int], *, at: datetime) -> None:
    """Most reviews are given out, the first of them to be done soon; the last one waits for somebody."""
    framework = current_framework(session)
    for mailbox, id_ in reviewers.items():
        areas = [area.code for area in framework.areas[SHARES[mailbox]]]
        say_areas(session, id_, areas, framework, by=id_, at=at)
    versions = session.scalars(unasked(reviewers.values())).all()
    proposed = propose_reviewers(session, versions, list(reviewers.values())).proposed
    chosen = [(version, proposed[version.item.code]) for version in versions]
    asked = [(version, person) for version, person in chosen if person is not None][:-1]
    middle = len(asked) // 2
    for days, share in ((2, asked[:middle]), (10, asked[middle:])):
        due_on = (at + timedelta(days=days)).date()
        ask_reviewers(session, share, due_on, by=reviewers["reviewer"], at=at)
