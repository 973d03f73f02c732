"""The mail outbox: written in the transaction of the event, delivered after it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.accounts.carriers import CarrierError, UnreachableError, carry
from examapp.accounts.models import OutboxMail, User
from examapp.config import Config
from examapp.db import Database
from question_bank import audit
from question_bank.errors import RuleViolation

log = structlog.get_logger()

# Marks a session that has written mail, so that delivery can follow its end.
MAIL_WRITTEN = "mail written"
BATCH = 50
# After so many tries over about four hours somebody has to look; the outbox page shows why.
MOST_ATTEMPTS = 8
# How long a mail belongs to who has taken it: longer than the slowest server can make one try last (carriers.PATIENCE
# for each of its steps), so that nobody else sends it meanwhile.
CLAIM = timedelta(minutes=10)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after a failed try: 1, 2, 4 … minutes."""
    return timedelta(minutes=2 ** (attempts - 1))


def write_mail(
    session: Session, user: User, *, subject: str, body: str, at: datetime, dedupe_key: str | None = None
) -> None:
    """Write a mail to a person; it leaves when the transaction has been committed.

    With a ``dedupe_key`` that was used before, nothing is written: the same event never sends the same mail twice.
    """
    mail = OutboxMail(
        user_id=user.id,
        recipient=user.email,
        subject=" ".join(subject.split())[:200],
        body=body,
        dedupe_key=dedupe_key,
        created_at=at,
        due_at=at,
    )
    try:
        with session.begin_nested():
            session.add(mail)
    except IntegrityError:
        if dedupe_key is None:
            raise
        return
    session.info[MAIL_WRITTEN] = True


def deliver_pending(database: Database, config: Config, clock: Callable[[], datetime]) -> int:
    """Deliver what is due, one transaction a mail and none while the mail server is talked to; how many left.

    A slow server makes a batch last for minutes, so the clock is asked anew for each mail.
    """
    due = select(OutboxMail.id).where(OutboxMail.due_at <= clock()).order_by(OutboxMail.due_at, OutboxMail.id)
    with database.reading() as session:
        waiting = session.scalars(due.limit(BATCH)).all()
    delivered = 0
    for mail_id in waiting:
        mail = claim(database, mail_id, clock())
        if mail is None:
            continue
        try:
            carry(config, mail, clock())
        except CarrierError as error:
            note_failure(database, mail, error, clock())
            if isinstance(error, UnreachableError):
                break
        else:
            note_delivery(database, mail, clock(), out_of_the_house=config.smtp_url is not None)
            delivered += 1
    return delivered


def claim(database: Database, mail_id: int, now: datetime) -> OutboxMail | None:
    """Take a mail for this try. Of two processes delivering at once, only one gets it."""
    with database.transaction() as session:
        return session.scalar(
            update(OutboxMail)
            .where(OutboxMail.id == mail_id, OutboxMail.due_at <= now)
            # Due again later, so that a process that dies half-way leaves the mail to the next one.
            .values(attempts=OutboxMail.attempts + 1, due_at=now + CLAIM)
            .returning(OutboxMail)
        )


def note_delivery(database: Database, mail: OutboxMail, now: datetime, *, out_of_the_house: bool) -> None:
    with database.transaction() as session:
        row = session.get_one(OutboxMail, mail.id)
        row.sent_at, row.due_at, row.last_error = now, None, None
        if out_of_the_house:
            row.body = ""  # it may hold a secret link, and nobody needs it here any more


def note_failure(database: Database, mail: OutboxMail, problem: CarrierError, now: datetime) -> None:
    log.warning("mail not delivered", mail=mail.id, attempts=mail.attempts, problem=str(problem))
    with database.transaction() as session:
        row = session.get_one(OutboxMail, mail.id)
        row.last_error = str(problem)[:500]
        row.due_at = now + pause_after(mail.attempts) if mail.attempts < MOST_ATTEMPTS else None


def given_up(session: Session) -> int:
    """How many mails somebody has to look at, because no further try is planned."""
    query = select(func.count()).select_from(OutboxMail)
    return session.scalar(query.where(OutboxMail.sent_at.is_(None), OutboxMail.due_at.is_(None))) or 0


def try_again(session: Session, mail: OutboxMail, *, by: User, at: datetime) -> None:
    """Give a mail that has failed a fresh start."""
    if mail.sent_at is not None:
        raise RuleViolation("This mail has been sent already.")
    mail.attempts, mail.due_at, mail.last_error = 0, at, None
    session.info[MAIL_WRITTEN] = True
    audit.record(session, "mail.tried_again", "mail", mail.id, by=by.id, at=at, recipient=mail.recipient)
