"""Signing in: the password check with its waits, and the rows that stand for signed-in browsers."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session, joinedload

from examapp.accounts.links import digest
from examapp.accounts.models import FailedSignIn, SignIn, User
from examapp.accounts.people import end_sign_ins, find_person
from question_bank import audit
from question_bank.errors import RuleViolation

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)

FREE_TRIES = 5
COUNTED_FOR = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class AccountLookup:
    """What is known before the password is checked: whose it may be, and whether to check it now."""

    user_id: int | None
    password_hash: str | None
    wait: timedelta


def look_up(session: Session, email: str, at: datetime) -> AccountLookup:
    user = find_person(session, email)
    wait = wait_of(failures(session, email, at), at)
    return AccountLookup(user.id if user else None, user.password_hash if user else None, wait)


def failures(session: Session, email: str, at: datetime) -> list[datetime]:
    """The failed tries for an address that still count, whether or not it has an account."""
    counted = select(FailedSignIn.at).where(FailedSignIn.email == email, FailedSignIn.at > at - COUNTED_FOR)
    return list(session.scalars(counted.order_by(FailedSignIn.at)))


def wait_of(failed: list[datetime], at: datetime) -> timedelta:
    """How long to wait before the next try: nothing, then 30 s doubling with every further failure."""
    if len(failed) < FREE_TRIES:
        return timedelta()
    pause = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(len(failed) - FREE_TRIES, 10)))
    return max(timedelta(), failed[-1] + pause - at)


def note_failure(session: Session, email: str, *, address: str, at: datetime) -> None:
    """Count a failed try, and forget those that no longer count."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.at <= at - COUNTED_FOR))
    session.add(FailedSignIn(email=email, at=at, address=address))


def start(session: Session, user: User, *, address: str, browser: str, at: datetime) -> str:
    """Sign a person in; returns the token for the cookie. Earlier failures are forgotten."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.email == user.email))
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=digest(token),
            user_id=user.id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + ABSOLUTE,
            address=address[:45],
            browser=browser[:300],
        )
    )
    audit.record(session, "user.signed_in", "user", user.id, by=user.id, at=at)
    session.flush()
    return token


STILL_OPEN = select(SignIn).where(
    SignIn.revoked_at.is_(None), SignIn.expires_at > bindparam("at"), SignIn.last_seen_at > bindparam("seen_after")
)
# Built once, because every request asks.
OF_TOKEN = STILL_OPEN.where(SignIn.token_hash == bindparam("token_hash")).options(
    joinedload(SignIn.user).joinedload(User.role_rows)
)


def find_open(session: Session, token: str, at: datetime) -> SignIn | None:
    """The sign-in of a cookie's token, if it is still good, with its person and their roles."""
    found = session.scalars(OF_TOKEN, {"at": at, "seen_after": at - IDLE, "token_hash": digest(token)})
    return found.unique().one_or_none()


def open_sign_ins(session: Session, user: User, at: datetime) -> list[SignIn]:
    """Where a person is signed in now, last used first."""
    rows = STILL_OPEN.where(SignIn.user_id == user.id).order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    return list(session.scalars(rows, {"at": at, "seen_after": at - IDLE}))


def note_seen(session: Session, sign_in_id: int, *, at: datetime) -> None:
    """Remember that a sign-in is in use; a revoked one stays as it was."""
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.revoked_at.is_(None), SignIn.last_seen_at < at)
        .values(last_seen_at=at)
    )


def end(session: Session, sign_in: SignIn, *, by: int, at: datetime) -> None:
    """Sign one browser out, by its owner or by an administrator."""
    if sign_in.revoked_at is not None:
        raise RuleViolation("This browser has been signed out already.")
    sign_in.revoked_at = at
    audit.record(session, "user.signed_out", "user", sign_in.user_id, by=by, at=at)


def end_others(session: Session, user: User, keep: SignIn, *, at: datetime) -> int:
    """Sign a person out everywhere but here; how many browsers that were."""
    ended = end_sign_ins(session, user, at=at, keep=keep.id)
    if ended:
        audit.record(session, "user.signed_out_elsewhere", "user", user.id, by=user.id, at=at, number=ended)
    return ended
