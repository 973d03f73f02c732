"""What people type in about their account."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError

from examapp.accounts.models import Role, User
from examapp.accounts.passwords import LONGEST, refuse_weak
from examapp.errors import sentence_of
from examapp.shell import LANGUAGES
from examapp.time_zones import US_ZONES, other_zones, zone_name
from question_bank.errors import RuleViolation

ROLE_NAMES = {
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
    Role.AUTHOR: lazy_gettext("Item author"),
    Role.REVIEWER: lazy_gettext("Item reviewer"),
    Role.RATER: lazy_gettext("Essay rater"),
    Role.PROCTOR: lazy_gettext("Proctor"),
    Role.CANDIDATE: lazy_gettext("Candidate"),
}
ADDRESS = (
    InputRequired(lazy_gettext("Write your e-mail address.")),
    Length(max=254, message=lazy_gettext("This is too long for an e-mail address.")),
    Regexp(r"\s*\S+@\S+\s*$", message=lazy_gettext("Write an e-mail address like name@example.org.")),
)


def language_choices() -> list[tuple[str, str]]:
    return list(LANGUAGES.items())


def time_zone_choices() -> dict[str, list[tuple[str, str]]]:
    """First the zones of the United States by their everyday names, then every other place."""
    groups = {_("United States"): US_ZONES, _("Elsewhere"): other_zones()}
    return {title: [(zone, zone_name(zone)) for zone in zones] for title, zones in groups.items()}


class SignInForm(FlaskForm):
    email = StringField(lazy_gettext("E-mail address"), ADDRESS)
    password = PasswordField(
        lazy_gettext("Password"),
        [InputRequired(lazy_gettext("Write your password.")), Length(max=LONGEST)],
    )


class AskForResetForm(FlaskForm):
    email = StringField(lazy_gettext("E-mail address"), ADDRESS)


class ChoosePasswordForm(FlaskForm):
    password = PasswordField(lazy_gettext("New password"), [InputRequired(lazy_gettext("Choose a password."))])

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def validate_password(self, field: PasswordField) -> None:
        try:
            refuse_weak(field.data, name=self.chosen_name(), email=self.user.email)
        except RuleViolation as violation:
            raise ValidationError(sentence_of(violation)) from None

    def chosen_name(self) -> str:
        return self.user.name


class AcceptInvitationForm(ChoosePasswordForm):
    name = StringField(
        lazy_gettext("Your name"),
        [
            DataRequired(lazy_gettext("Write your name as it should stand on your documents.")),
            Length(max=200, message=lazy_gettext("Use at most 200 characters.")),
        ],
    )

    def chosen_name(self) -> str:
        return f"{self.user.name} {self.name.data}"


class ChangePasswordForm(ChoosePasswordForm):
    current_password = PasswordField(
        lazy_gettext("Current password"),
        [InputRequired(lazy_gettext("Write your current password.")), Length(max=LONGEST)],
    )


class ChooseReadingForm(FlaskForm):
    locale = SelectField(lazy_gettext("Language"), choices=language_choices)
    time_zone = SelectField(lazy_gettext("Time zone"), choices=time_zone_choices)
    wants_digest = BooleanField(
        lazy_gettext("Mail me what waits for me in the item bank"),
        description=lazy_gettext("At most once a day, and only when something waits."),
    )
