"""The name under which somebody keeps a filter of the list."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from examapp.authoring.forms.items import tidy


class NameFilterForm(FlaskForm):
    name = StringField(
        _l("Name of the filter"), [DataRequired(_l("Give the filter a name.")), Length(max=60)], filters=[tidy]
    )
