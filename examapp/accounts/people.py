"""People: making accounts, changing them, closing them."""

from collections.abc import Collection
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examapp.accounts import mails
from examapp.accounts.models import AccountLink, Role, SignIn, User, UserRole
from examapp.accounts.passwords import hash_password, refuse_weak
from examapp.time_zones import is_time_zone
from examapp.translation import LOCALES
from question_bank import audit
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation


def clean_email(text: str) -> str:
    """The address as it is kept and compared: checked for its form, in lower case."""
    try:
        # Whether mail arrives shows when the invitation is accepted, so addresses of test domains are welcome.
        checked = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise RuleViolation("“%(text)s” is not an e-mail address. Write it like name@example.org.", text=text) from None
    return checked.normalized.lower()


def find_person(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def people_with_role(session: Session, role: Role) -> list[User]:
    """Everybody who has this role now, by name."""
    return list(
        session.scalars(
            select(User)
            .join(UserRole, UserRole.user_id == User.id)
            .where(UserRole.role == role, User.deactivated_at.is_(None))
            .order_by(User.name, User.id)
        )
    )


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    by: int | None,
    at: datetime,
    locale: str = "en",
    time_zone: str | None = None,
    is_demo: bool = False,
) -> User:
    """Make an account that nobody can sign in to yet: it has no password until an invitation is accepted."""
    address = clean_email(email)
    refuse_taken(session, address)
    user = User(email=address, name="", locale="en", created_at=at, is_demo=is_demo)
    rename(user, name)
    choose_reading(user, locale=locale, time_zone=time_zone or "America/Denver")
    user.role_rows = [UserRole(role=role, granted_at=at, granted_by_id=by) for role in sorted(checked_roles(roles))]
    session.add(user)
    session.flush()
    audit.record(session, "user.created", "user", user.id, by=by, at=at, name=user.name, roles=sorted(user.roles))
    return user


def refuse_taken(session: Session, address: str) -> None:
    if find_person(session, address):
        raise RuleViolation("%(email)s has an account already. Look for it in the list of people.", email=address)


def rename(user: User, name: str) -> None:
    tidy = " ".join(name.split())
    if not tidy:
        raise RuleViolation("Write the person's name.")
    user.name = tidy


def choose_reading(user: User, *, locale: str, time_zone: str) -> None:
    """The language and the time zone in which a person reads this site."""
    if locale not in LOCALES:
        raise RuleViolation("Choose a language from the list.")
    if not is_time_zone(time_zone):
        raise RuleViolation("Choose a time zone from the list.")
    user.locale, user.time_zone = locale, time_zone


def choose_own_reading(session: Session, user: User, *, locale: str, time_zone: str, at: datetime) -> None:
    """A person's own choice of language and time zone."""
    before = described(user)
    choose_reading(user, locale=locale, time_zone=time_zone)
    note_change(session, user, before, by=user, at=at)


def choose_digest(session: Session, user: User, *, wanted: bool, at: datetime) -> None:
    """Whether a person wants the daily mail about the item bank."""
    before = described(user)
    user.wants_digest = wanted
    note_change(session, user, before, by=user, at=at)


def change_person(
    session: Session,
    user: User,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    locale: str,
    time_zone: str,
    by: User,
    at: datetime,
) -> None:
    """What an administrator may change about somebody. Writes nothing when nothing changes."""
    before = described(user)
    choose_reading(user, locale=locale, time_zone=time_zone)
    rename(user, name)
    change_address(session, user, email, at=at)
    set_roles(session, user, roles, by=by, at=at)
    session.flush()
    note_change(session, user, before, by=by, at=at)


def change_address(session: Session, user: User, email: str, *, at: datetime) -> None:
    """Give a person another address. Links sent to the old one are void, and the old one is told."""
    address = clean_email(email)
    if address == user.email:
        return
    refuse_taken(session, address)
    mails.address_changed(session, user, address, at=at)
    end_links(session, user, at=at)
    user.email = address


def described(user: User) -> dict[str, object]:
    return {
        "email": user.email,
        "name": user.name,
        "roles": sorted(user.roles),
        "locale": user.locale,
        "time_zone": user.time_zone,
        "wants_digest": user.wants_digest,
    }


def note_change(session: Session, user: User, before: dict[str, object], *, by: User, at: datetime) -> None:
    after = described(user)
    changed = {key: {"from": before[key], "to": after[key]} for key in before if before[key] != after[key]}
    if changed:
        audit.record(session, "user.changed", "user", user.id, by=by.id, at=at, **changed)


def roles_given_up(session: Session, user_ids: Collection[int]) -> dict[int, dict[Role, datetime]]:
    """By person, the roles that were taken from them, and when that was last."""
    given_up: dict[int, dict[Role, datetime]] = {user_id: {} for user_id in user_ids}
    changes = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.action == "user.changed",
            AuditEvent.target_kind == "user",
            AuditEvent.target_id.in_([str(user_id) for user_id in user_ids]),
        )
        .order_by(AuditEvent.at)
    )
    for change in changes:
        roles = change.details.get("roles", {"from": [], "to": []})
        given_up[int(change.target_id)] |= {Role(role): change.at for role in set(roles["from"]) - set(roles["to"])}
    return given_up


def set_roles(session: Session, user: User, roles: Collection[Role], *, by: User, at: datetime) -> None:
    wanted = checked_roles(roles)
    if Role.ADMINISTRATOR in user.roles - wanted:
        refuse_losing_administrator(session, user, by=by)
    user.role_rows = [row for row in user.role_rows if row.role in wanted] + [
        UserRole(role=role, granted_at=at, granted_by_id=by.id) for role in sorted(wanted - user.roles)
    ]


def checked_roles(roles: Collection[Role]) -> set[Role]:
    if not roles:
        raise RuleViolation("Choose at least one role. To keep somebody out, deactivate the account instead.")
    return set(roles)


def refuse_losing_administrator(session: Session, user: User, *, by: User) -> None:
    """The site always keeps an active administrator, and nobody locks themselves out."""
    if user.id == by.id:
        raise RuleViolation("You cannot take the administrator role from yourself. Ask another administrator.")
    # Locked, so that two administrators who remove each other at the same moment do not both succeed.
    administrators = session.scalars(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.ADMINISTRATOR, User.deactivated_at.is_(None))
        .order_by(User.id)
        .with_for_update()
    ).all()
    if set(administrators) <= {user.id}:
        raise RuleViolation(
            "%(name)s is the last active administrator. Give the role to somebody else first.", name=user.name
        )


def deactivate(session: Session, user: User, *, by: User, at: datetime) -> None:
    """Close an account: signed out everywhere, links void. What the person did stays."""
    if user.id == by.id:
        raise RuleViolation("You cannot deactivate your own account. Ask another administrator.")
    if not user.is_active:
        raise RuleViolation("This account is deactivated already.")
    if Role.ADMINISTRATOR in user.roles:
        refuse_losing_administrator(session, user, by=by)
    user.deactivated_at = at
    end_sign_ins(session, user, at=at)
    end_links(session, user, at=at)
    audit.record(session, "user.deactivated", "user", user.id, by=by.id, at=at)


def reactivate(session: Session, user: User, *, by: User, at: datetime) -> None:
    if user.is_active:
        raise RuleViolation("This account is active already.")
    user.deactivated_at = None
    audit.record(session, "user.reactivated", "user", user.id, by=by.id, at=at)


def set_password(session: Session, user: User, password: str, *, at: datetime) -> None:
    """Give a person a new password. Every sign-in ends and every open link of theirs is void."""
    refuse_weak(password, name=user.name, email=user.email)
    keep_password(session, user, hash_password(password), at=at)


def keep_password(session: Session, user: User, password_hash: str, *, at: datetime) -> None:
    user.password_hash = password_hash
    end_sign_ins(session, user, at=at)
    end_links(session, user, at=at)
    audit.record(session, "user.password_set", "user", user.id, by=user.id, at=at)
    session.flush()


def end_sign_ins(session: Session, user: User, *, at: datetime, keep: int | None = None) -> int:
    """Sign a person out everywhere, or everywhere but ``keep``; how many that were."""
    open_rows = (SignIn.user_id == user.id, SignIn.revoked_at.is_(None), SignIn.expires_at > at)
    others = session.scalars(select(SignIn).where(*open_rows, SignIn.id != (keep or 0))).all()
    for row in others:
        row.revoked_at = at
    session.flush()
    return len(others)


def end_links(session: Session, user: User, *, at: datetime) -> None:
    """From now on, no link sent to this person works any more."""
    session.execute(
        update(AccountLink)
        .where(AccountLink.user_id == user.id, AccountLink.used_at.is_(None), AccountLink.expires_at > at)
        .values(expires_at=at)
    )
