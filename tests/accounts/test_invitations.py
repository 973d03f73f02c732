"""Invitations and password resets: links that work once and for a while."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts import invitations, sign_in
from examapp.accounts.links import LIFETIMES, LinkState, find_link, make_link, state_of, use_link
from examapp.accounts.models import AccountLink, LinkPurpose, OutboxMail, Role, User
from examapp.accounts.people import deactivate
from examapp.accounts.sign_in import find_open
from question_bank.errors import RuleViolation
from tests.conftest import SETTINGS
from tests.personas import Personas

SITE, KEY = SETTINGS.public_url, SETTINGS.secret_key
HOUR = timedelta(hours=1)


def invite(db: Session, at: datetime, **values: Any) -> User:
    details = {"email": "ana@example.org", "name": "Ana", "roles": {Role.RATER}, "locale": "en",
               "time_zone": "America/Denver", "config": SETTINGS, "by": None, "at": at}  # fmt: skip
    return invitations.invite(db, **{**details, **values})


def link_in(mail: OutboxMail) -> str:
    """The address that a mail tells to open."""
    return next(line for line in mail.body.splitlines() if line.startswith(SITE))


def made(db: Session, user: User, purpose: LinkPurpose, at: datetime) -> tuple[str, AccountLink]:
    """A new link: its token and its row."""
    token = make_link(db, user, purpose, key=KEY, by=None, at=at)
    link, _state = find_link(db, token, purpose, key=KEY, at=at)
    assert link is not None
    return token, link


def newest_mail(db: Session) -> OutboxMail:
    return db.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()  # type: ignore[return-value]


def test_an_invitation_goes_by_mail_and_the_database_keeps_only_its_digest(db: Session, at: datetime) -> None:
    user = invite(db, at)
    token = link_in(newest_mail(db)).rpartition("/")[2]
    link, state = find_link(db, token, LinkPurpose.INVITATION, key=KEY, at=at)
    assert link is not None
    assert (link.user_id, state) == (user.id, LinkState.OPEN)
    assert link.token_hash not in token
    assert token.partition(".")[0] not in link.token_hash


def test_a_link_is_signed_for_one_purpose_by_this_site(db: Session, at: datetime, personas: Personas) -> None:
    token, _link = made(db, personas.rater(), LinkPurpose.INVITATION, at)
    secret, until, signature = token.split(".")
    longer = f"{secret}.{int(until) + 3600}.{signature}"
    others = [(token, LinkPurpose.PASSWORD_RESET, KEY), (token, LinkPurpose.INVITATION, "another site's key")]
    for wrong, purpose, key in [*others, (longer, LinkPurpose.INVITATION, KEY), (secret, LinkPurpose.INVITATION, KEY)]:
        assert find_link(db, wrong, purpose, key=key, at=at) == (None, LinkState.UNKNOWN)


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_a_link_expires_by_its_signature_and_by_its_row(
    db: Session, at: datetime, personas: Personas, purpose: LinkPurpose
) -> None:
    token, link = made(db, personas.rater(), purpose, at)
    end = at + LIFETIMES[purpose]
    assert find_link(db, token, purpose, key=KEY, at=end - timedelta(seconds=1))[1] is LinkState.OPEN
    assert find_link(db, token, purpose, key=KEY, at=end)[1] is LinkState.EXPIRED
    link.expires_at = end + HOUR  # a row that somebody has lengthened does not lengthen what was signed
    assert find_link(db, token, purpose, key=KEY, at=end)[1] is LinkState.EXPIRED


def test_a_link_is_used_once(db: Session, at: datetime, personas: Personas) -> None:
    token, link = made(db, personas.rater(), LinkPurpose.INVITATION, at)
    use_link(db, link, at=at)
    with pytest.raises(RuleViolation, match="used already"):
        use_link(db, link, at=at)
    db.refresh(link)
    assert find_link(db, token, LinkPurpose.INVITATION, key=KEY, at=at + 100 * HOUR)[1] is LinkState.USED


def test_a_newer_link_replaces_the_earlier_one(db: Session, at: datetime) -> None:
    user = invite(db, at)
    invitations.send_invitation(db, user, config=SETTINGS, by=None, at=at + HOUR)
    db.expire_all()
    links = db.scalars(select(AccountLink).order_by(AccountLink.id)).all()
    assert [state_of(link, at + HOUR) for link in links] == [LinkState.EXPIRED, LinkState.OPEN]


def test_accepting_sets_name_and_password_and_voids_every_other_link(db: Session, at: datetime) -> None:
    user = invite(db, at)
    made(db, user, LinkPurpose.PASSWORD_RESET, at)
    link = db.scalars(select(AccountLink).order_by(AccountLink.id)).first()
    assert link is not None
    invitations.accept(db, link, user, name="Ana  Baca", password_hash="argon", at=at)
    db.expire_all()
    assert (user.name, user.password_hash) == ("Ana Baca", "argon")
    assert LinkState.OPEN not in {state_of(link, at) for link in db.scalars(select(AccountLink))}


def test_who_has_a_password_or_a_closed_account_is_not_invited_again(
    db: Session, at: datetime, personas: Personas
) -> None:
    member, closed = personas.rater(password_hash="argon"), personas.rater(deactivated_at=at)
    with pytest.raises(RuleViolation, match="accepted an invitation already"):
        invitations.send_invitation(db, member, config=SETTINGS, by=None, at=at)
    with pytest.raises(RuleViolation, match="Reactivate it first"):
        invitations.send_invitation(db, closed, config=SETTINGS, by=None, at=at)


def test_only_an_open_account_gets_a_reset_mail(db: Session, at: datetime, personas: Personas) -> None:
    personas.rater(email="closed@example.org", deactivated_at=at)
    for email in ("closed@example.org", "nobody@example.org"):
        invitations.ask_for_reset(db, email, config=SETTINGS, at=at)
    assert db.scalars(select(OutboxMail)).all() == []
    personas.rater(email="ana@example.org")
    invitations.ask_for_reset(db, " ANA@example.org ", config=SETTINGS, at=at)
    assert link_in(newest_mail(db)).startswith(f"{SITE}/password-reset/")


def test_a_reset_ends_every_sign_in_and_tells_the_person(db: Session, at: datetime, personas: Personas) -> None:
    user = personas.rater()
    token = sign_in.start(db, user, address="", browser="", at=at)
    _token, link = made(db, user, LinkPurpose.PASSWORD_RESET, at)
    invitations.reset_password(db, link, user, password_hash="argon", at=at)
    assert find_open(db, token, at) is None
    assert newest_mail(db).subject == "Your password was changed"


def test_deactivating_voids_the_links(db: Session, at: datetime, personas: Personas) -> None:
    user, administrator = personas.rater(), personas.administrator()
    _token, link = made(db, user, LinkPurpose.INVITATION, at)
    deactivate(db, user, by=administrator, at=at + HOUR)
    db.expire_all()
    assert state_of(link, at + HOUR) is LinkState.EXPIRED
