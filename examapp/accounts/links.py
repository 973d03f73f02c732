"""Links sent by mail: a signed token that holds a random secret and its end, good for one use and for a while.

The signature says that this site has made the link and until when it may be used; the row, which keeps only the SHA-256
of the secret, says whether it still may: it has not been used, replaced or withdrawn.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadSignature, Signer
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


def signed(secret: str, purpose: LinkPurpose, *, until: datetime, key: str) -> str:
    return signer(purpose, key).sign(f"{secret}.{until.timestamp():.0f}").decode()


def read(token: str, purpose: LinkPurpose, *, key: str) -> tuple[str, datetime] | None:
    """The secret of a token and its end; None when this site has not signed it for this purpose."""
    try:
        secret, _dot, until = signer(purpose, key).unsign(token).decode().partition(".")
    except BadSignature:
        return None
    return secret, datetime.fromtimestamp(int(until), UTC)


def signer(purpose: LinkPurpose, key: str) -> Signer:
    return Signer(key, salt=f"link {purpose}")


def make_link(session: Session, user: User, purpose: LinkPurpose, *, key: str, by: int | None, at: datetime) -> str:
    """The token of a new link, signed with ``key``. Earlier links for the same purpose stop working."""
    session.execute(
        update(AccountLink)
        .where(AccountLink.user_id == user.id, AccountLink.purpose == purpose)
        .where(AccountLink.used_at.is_(None), AccountLink.expires_at > at)
        .values(expires_at=at)
    )
    secret, until = secrets.token_urlsafe(32), at + LIFETIMES[purpose]
    session.add(
        AccountLink(
            purpose=purpose,
            token_hash=digest(secret),
            user_id=user.id,
            created_at=at,
            expires_at=until,
            created_by_id=by,
        )
    )
    session.flush()
    return signed(secret, purpose, until=until, key=key)


def find_link(
    session: Session, token: str, purpose: LinkPurpose, *, key: str, at: datetime
) -> tuple[AccountLink | None, LinkState]:
    """The row of a token and its state at a moment: both the signature and the row must allow its use."""
    said = read(token, purpose, key=key)
    if said is None:
        return None, LinkState.UNKNOWN
    secret, until = said
    link = session.scalar(
        select(AccountLink).where(AccountLink.token_hash == digest(secret), AccountLink.purpose == purpose)
    )
    state = state_of(link, at)
    return link, LinkState.EXPIRED if state is LinkState.OPEN and at >= until else state


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
