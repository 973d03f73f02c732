from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length


class AcceptHonourForm(FlaskForm):
    accepted = BooleanField(
        _l("I have read the honour statement and will keep to it."),
        validators=[DataRequired(_l("Accept the honour statement to start."))],
    )


class VerifyHandInForm(FlaskForm):
    class Meta:
        csrf = False  # a question, not a deed; an address may carry it

    code = StringField(
        _l("Hand-in code"),
        description=_l(
            "On the receipt, such as R-7K2MQX-1-95RK-EYV4-7590-ARWE. Spaces and small letters do not matter."
        ),
        validators=[DataRequired(_l("Enter the hand-in code.")), Length(max=60)],
    )
