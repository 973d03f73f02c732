"""What administrators type in about people."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from examapp.accounts.forms import ADDRESS, ROLE_NAMES, language_choices, time_zone_choices
from examapp.accounts.models import Role

ROLE_MEANINGS = {
    Role.ADMINISTRATOR: lazy_gettext("Keeps people, files, administrations and results"),
    Role.AUTHOR: lazy_gettext("Writes items, assembles exam forms"),
    Role.REVIEWER: lazy_gettext("Reviews the items of others"),
    Role.RATER: lazy_gettext("Reads essays without knowing whose they are"),
    Role.PROCTOR: lazy_gettext("Watches the exam room"),
    Role.CANDIDATE: lazy_gettext("Sits the examination"),
}


def role_choices() -> list[tuple[str, str, dict[str, str]]]:
    return [(role.value, str(name), {"description": str(ROLE_MEANINGS[role])}) for role, name in ROLE_NAMES.items()]


class SavePersonForm(FlaskForm):
    email = StringField(lazy_gettext("E-mail address"), ADDRESS)
    name = StringField(
        lazy_gettext("Name"),
        [
            DataRequired(lazy_gettext("Write the person's name.")),
            Length(max=200, message=lazy_gettext("Use at most 200 characters.")),
        ],
    )
    roles = SelectMultipleField(
        lazy_gettext("Roles"),
        [InputRequired(lazy_gettext("Choose at least one role."))],
        choices=role_choices,
    )
    locale = SelectField(lazy_gettext("Language"), choices=language_choices)
    time_zone = SelectField(lazy_gettext("Time zone"), choices=time_zone_choices)

    def chosen_roles(self) -> set[Role]:
        return {Role(value) for value in self.roles.data}
