"""Naming the items that an item never meets on a form, or always stands with."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from examapp.authoring.forms.items import tidy


def code_field(label: LazyString) -> StringField:
    return StringField(
        label,
        [DataRequired(_l("Write the code of an item, such as TF-0042.")), Length(max=12)],
        filters=[lambda typed: tidy(typed).upper()],
        description=_l("Such as TF-0042."),
    )


class DeclareEnemyForm(FlaskForm):
    enemy = code_field(_l("Code of the other item"))
    reason = TextAreaField(
        _l("Why may the two not stand on one form?"),
        [DataRequired(_l("Write the reason.")), Length(max=1_000)],
        filters=[tidy],
        description=_l("For example: the stem of one gives the answer to the other."),
    )


class JoinSetForm(FlaskForm):
    member = code_field(_l("Code of an item whose vignette it shares"))
