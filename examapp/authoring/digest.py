"""The daily mail to each member of the committee: what waits for them in the bank. Nothing waits: no mail."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.accounts.outbox import write_mail
from examapp.policies import Right, has_right
from examapp.translation import Texts, texts_in
from question_bank.assignments import ReviewAssignment
from question_bank.expertise import areas_known
from question_bank.items import ItemVersion
from question_bank.review_comments import count_waiting
from question_bank.review_queues import asked_reviews, closed_to, count, sent_back_to, unasked

# A review is called to mind when it is new, so many days before it is due, and from then on.
SOON = timedelta(days=3)
NEW = timedelta(days=1)
DAYS = {"en": ("en_US", "MMMM d, y"), "es": ("es_US", "d 'de' MMMM 'de' y")}


@dataclass(frozen=True)
class Waiting:
    """What waits for one person."""

    reviews: list[tuple[str, date]]
    sent_back: int
    comments: int
    unasked: int

    def __bool__(self) -> bool:
        return bool(self.reviews or self.sent_back or self.comments or self.unasked)


def write_digests(session: Session, *, public_url: str, at: datetime) -> int:
    """Write to everybody for whom something waits, once in a day of theirs; how many mails."""
    written = 0
    users = session.scalars(select(User).where(User.deactivated_at.is_(None)).order_by(User.id)).all()
    reviewers = [user.id for user in users if has_right(user, Right.REVIEW_ITEMS)]
    for user in (user for user in users if user.wants_digest):
        today = at.astimezone(ZoneInfo(user.time_zone)).date()
        key = f"digest:{user.id}:{today.isoformat()}"
        if not has_right(user, Right.SEE_BANK) or session.scalar(select(OutboxMail.id).filter_by(dedupe_key=key)):
            continue
        if waiting := waiting_for(session, user, today, reviewers):
            _ = texts_in(user.locale)
            body = "\n\n".join(paragraphs(user, waiting, today, public_url, _)) + "\n"
            write_mail(
                session, user, subject=_("What waits for you in the item bank"), body=body, at=at, dedupe_key=key
            )
            written += 1
    return written


def waiting_for(session: Session, user: User, today: date, reviewers: Collection[int]) -> Waiting:
    reviews = has_right(user, Right.REVIEW_ITEMS)
    return Waiting(
        reviews=asked_reviews_of(session, user, today) if reviews else [],
        sent_back=len(sent_back_to(session, user.id)) if has_right(user, Right.WRITE_ITEMS) else 0,
        comments=count_waiting(session, user.id),
        unasked=unasked_in_areas(session, user.id, reviewers) if reviews else 0,
    )


def asked_reviews_of(session: Session, user: User, today: date) -> list[tuple[str, date]]:
    """The codes of those to be called to mind, the most urgent first."""

    def is_timely(assignment: ReviewAssignment) -> bool:
        asked_on = assignment.assigned_at.astimezone(ZoneInfo(user.time_zone)).date()
        return assignment.due_on <= today + SOON or asked_on >= today - NEW

    return [(code, asked.due_on) for code, asked in asked_reviews(session, user.id) if is_timely(asked)]


def unasked_in_areas(session: Session, reviewer: int, reviewers: Collection[int]) -> int:
    """How many items of the areas that the reviewer knows wait for somebody to be asked."""
    known = areas_known(session, [reviewer])[reviewer]
    open_to_them = unasked(reviewers).where(ItemVersion.area.in_(known), ~closed_to(reviewer))
    return count(session, open_to_them)


def paragraphs(user: User, waiting: Waiting, today: date, public_url: str, _: Texts) -> Iterator[str]:
    yield _("Dear %(name)s,", name=user.name)
    if waiting.reviews:
        rows = [review_line(code, due_on, today, _) for code, due_on in waiting.reviews]
        yield "\n".join([_("You are asked to review:"), *rows])
    counted = {
        _("Items that were sent back to you: %(count)s", count=waiting.sent_back): waiting.sent_back,
        _("Comments that wait for your answer: %(count)s", count=waiting.comments): waiting.comments,
        _("Items of your areas for which nobody is asked yet: %(count)s", count=waiting.unasked): waiting.unasked,
    }
    lines = [line for line, count in counted.items() if count]
    if lines:
        yield "\n".join(lines)
    yield _("Open the board: %(address)s", address=f"{public_url}/bank/board")
    yield _(
        "This mail comes at most once a day. You can turn it off under “My account”: %(address)s",
        address=f"{public_url}/account",
    )


def review_line(code: str, due_on: date, today: date, _: Texts) -> str:
    locale, pattern = DAYS[_.locale]
    day = format_date(due_on, pattern, locale=locale)
    if due_on < today:
        return _("- %(code)s, overdue since %(day)s", code=code, day=day)
    return _("- %(code)s, by %(day)s", code=code, day=day)
