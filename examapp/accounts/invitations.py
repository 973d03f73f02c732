"""Invitations and password resets: a link by mail with which a person chooses a password."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.accounts import mails
from examapp.accounts.links import make_link, use_link
from examapp.accounts.models import AccountLink, LinkPurpose, Role, User
from examapp.accounts.people import create_user, find_person, keep_password, rename
from examapp.config import Config
from question_bank import audit
from question_bank.errors import RuleViolation


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    locale: str,
    time_zone: str,
    config: Config,
    by: int | None,
    at: datetime,
) -> User:
    """Make an account and invite its owner."""
    user = create_user(session, email=email, name=name, roles=roles, locale=locale, time_zone=time_zone, by=by, at=at)
    send_invitation(session, user, config=config, by=by, at=at)
    return user


def send_invitation(session: Session, user: User, *, config: Config, by: int | None, at: datetime) -> str:
    """Send a (new) invitation; the address in it. Earlier ones stop working."""
    if user.password_hash is not None:
        raise RuleViolation("%(name)s has accepted an invitation already.", name=user.name)
    if not user.is_active:
        raise RuleViolation("This account is deactivated. Reactivate it first.")
    token = make_link(session, user, LinkPurpose.INVITATION, key=config.secret_key, by=by, at=at)
    address = f"{config.public_url}/invitation/{token}"
    mails.invitation(session, user, address, at=at)
    audit.record(session, "user.invited", "user", user.id, by=by, at=at)
    return address


def accept(session: Session, link: AccountLink, user: User, *, name: str, password_hash: str, at: datetime) -> None:
    """Spend an invitation: the person has confirmed their name and chosen a password."""
    use_link(session, link, at=at)
    rename(user, name)
    keep_password(session, user, password_hash, at=at)
    audit.record(session, "user.joined", "user", user.id, by=user.id, at=at, name=user.name)


def ask_for_reset(session: Session, email: str, *, config: Config, at: datetime) -> None:
    """Send a reset link if this address belongs to an open account. Nobody is told whether it does."""
    user = find_person(session, email)
    if user is None or not user.is_active:
        return
    token = make_link(session, user, LinkPurpose.PASSWORD_RESET, key=config.secret_key, by=None, at=at)
    mails.password_reset(session, user, f"{config.public_url}/password-reset/{token}", at=at)
    audit.record(session, "user.password_reset_asked", "user", user.id, by=None, at=at)


def reset_password(session: Session, link: AccountLink, user: User, *, password_hash: str, at: datetime) -> None:
    """Spend a reset link. Every sign-in of the person ends."""
    use_link(session, link, at=at)
    keep_password(session, user, password_hash, at=at)
    mails.password_changed(session, user, at=at)
