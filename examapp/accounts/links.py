"""Links sent by mail: a secret, good for one use and for a while. The database keeps only its SHA-256."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examapp.accounts.models import AccountLink, LinkPurpose, User
from question_bank.errors import RuleViolation

LIFETIMES = {LinkPurpose.INVITATION: timedelta(hours=72), LinkPurpose.PASSWORD_RESET: timedelta(hours=1)}


class LinkState(StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def digest(secret: str) -> str:
    """What the database keeps of a random secret. It needs no salt: nobody can guess 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_link(session: Session, user: User, purpose: LinkPurpose, *, by: int | None, at: datetime) -> str:
    """The secret of a new link. Earlier links for the same purpose stop working."""
    session.execute(
        update(AccountLink)
        .where(AccountLink.user_id == user.id, AccountLink.purpose == purpose)
        .where(AccountLink.used_at.is_(None), AccountLink.expires_at > at)
        .values(expires_at=at)
    )
    secret = secrets.token_urlsafe(32)
    session.add(
        AccountLink(
            purpose=purpose,
            token_hash=digest(secret),
            user_id=user.id,
            created_at=at,
            expires_at=at + LIFETIMES[purpose],
            created_by_id=by,
        )
    )
    session.flush()
    return secret


def find_link(session: Session, secret: str, purpose: LinkPurpose) -> AccountLink | None:
    return session.scalar(
        select(AccountLink).where(AccountLink.token_hash == digest(secret), AccountLink.purpose == purpose)
    )


def state_of(link: AccountLink | None, at: datetime) -> LinkState:
    if link is None:
        return LinkState.UNKNOWN
    if link.used_at is not None:
        return LinkState.USED
    return LinkState.OPEN if at < link.expires_at else LinkState.EXPIRED


def use_link(session: Session, link: AccountLink, *, at: datetime) -> None:
    """Spend the link. Of two submissions at the same moment, one wins."""
    spent = session.scalar(
        update(AccountLink)
        .where(AccountLink.id == link.id, AccountLink.used_at.is_(None), AccountLink.expires_at > at)
        .values(used_at=at)
        .returning(AccountLink.id)
    )
    if spent is None:
        raise RuleViolation("This link has been used already. Sign in, or ask for a new link.")
