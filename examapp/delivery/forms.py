from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import DataRequired


class AcceptHonourForm(FlaskForm):
    accepted = BooleanField(
        _l("I have read the honour statement and will keep to it."),
        validators=[DataRequired(_l("Accept the honour statement to start."))],
    )
