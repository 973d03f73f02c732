"""Looking people up: the list for administrators, and where an invitation stands."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from examapp.accounts.models import AccountLink, LinkPurpose, Role, User, UserRole
from examapp.paging import Page, paginate


class AccountState(StrEnum):
    ACTIVE = "active"
    INVITED = "invited"
    DEACTIVATED = "deactivated"


STATES: dict[AccountState, tuple[ColumnElement[bool], ...]] = {
    AccountState.ACTIVE: (User.deactivated_at.is_(None), User.password_hash.is_not(None)),
    AccountState.INVITED: (User.deactivated_at.is_(None), User.password_hash.is_(None)),
    AccountState.DEACTIVATED: (User.deactivated_at.is_not(None),),
}


def state_of(user: User) -> AccountState:
    if not user.is_active:
        return AccountState.DEACTIVATED
    return AccountState.ACTIVE if user.password_hash else AccountState.INVITED


def named(words: str) -> ColumnElement[bool]:
    """Whether a person's name or address contains the words."""
    like = words.strip().lower()
    return or_(func.lower(User.name).contains(like, autoescape=True), User.email.contains(like, autoescape=True))


def find_people(
    session: Session, *, words: str, role: Role | None, state: AccountState | None, page: int
) -> Page[User]:
    """A page of people by name."""
    query: Select[User] = select(User).order_by(func.lower(User.name), User.id)
    if words.strip():
        query = query.where(named(words))
    if role:
        query = query.where(User.role_rows.any(UserRole.role == role))
    if state:
        query = query.where(*STATES[state])
    return paginate(session, query, page)


def open_invitation(session: Session, user: User) -> AccountLink | None:
    """The newest invitation that the person has not accepted, expired or not."""
    return session.scalar(
        select(AccountLink)
        .where(AccountLink.user_id == user.id, AccountLink.purpose == LinkPurpose.INVITATION)
        .where(AccountLink.used_at.is_(None))
        .order_by(AccountLink.created_at.desc(), AccountLink.id.desc())
    )


def expired_invitations(session: Session, at: datetime) -> int:
    """How many people were invited but have no invitation that still works."""
    invited = select(func.count()).select_from(User).where(*STATES[AccountState.INVITED])
    works = select(AccountLink.user_id).where(
        AccountLink.purpose == LinkPurpose.INVITATION, AccountLink.used_at.is_(None), AccountLink.expires_at > at
    )
    asked = select(AccountLink.user_id).where(AccountLink.purpose == LinkPurpose.INVITATION)
    return session.scalar(invited.where(User.id.in_(asked), User.id.not_in(works))) or 0
