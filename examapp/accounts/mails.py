"""What people are told by mail about their account, in their language."""

from datetime import datetime

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.accounts.outbox import write_mail
from examapp.translation import texts_in


def invitation(session: Session, user: User, address: str, *, at: datetime) -> None:
    _ = texts_in(user.locale)
    paragraphs = [
        _("Dear %(name)s,", name=user.name),
        _(
            "You are invited to the site of the NMAIMH written examination. "
            "Open this address to choose a password; it works once, for 72 hours:"
        ),
        address,
        _("If the address has stopped working, ask the endorsement office for a new invitation."),
    ]
    write_mail(
        session, user, subject=_("Your invitation to the NMAIMH written examination"),
        body="\n\n".join(paragraphs) + "\n", at=at,
    )  # fmt: skip


def password_reset(session: Session, user: User, address: str, *, at: datetime) -> None:
    _ = texts_in(user.locale)
    paragraphs = [
        _("Dear %(name)s,", name=user.name),
        _("Somebody asked for a new password for your account. Open this address to choose one; it works once, "
          "for one hour:"),
        address,
        _("If it was not you, do nothing: your password stays as it is."),
    ]  # fmt: skip
    write_mail(session, user, subject=_("Choose a new password"), body="\n\n".join(paragraphs) + "\n", at=at)


def password_changed(session: Session, user: User, *, at: datetime) -> None:
    _ = texts_in(user.locale)
    paragraphs = [
        _("Dear %(name)s,", name=user.name),
        _("The password of your account was changed just now, and you were signed out everywhere else."),
        _("If it was not you, tell the endorsement office at once."),
    ]
    write_mail(session, user, subject=_("Your password was changed"), body="\n\n".join(paragraphs) + "\n", at=at)


def address_changed(session: Session, user: User, new: str, *, at: datetime) -> None:
    """Tells the old address."""
    _ = texts_in(user.locale)
    paragraphs = [
        _("Dear %(name)s,", name=user.name),
        _("The e-mail address of your account is now %(email)s. Sign in with that one.", email=new),
        _("If you did not ask for this, tell the endorsement office at once."),
    ]
    write_mail(session, user, subject=_("Your e-mail address was changed"), body="\n\n".join(paragraphs) + "\n", at=at)
