from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from examapp.delivery.entry import opens


class AcceptHonourForm(FlaskForm):
    accepted = BooleanField(
        _l("I have read the honour statement and will keep to it."),
        validators=[DataRequired(_l("Accept the honour statement to start."))],
    )

    access_code = StringField(
        _l("Access code"),
        description=_l("The proctor reads it out in the room."),
        validators=[DataRequired(_l("Type the access code. The proctor reads it out in the room."))],
    )

    def __init__(self, access_code: str) -> None:
        super().__init__()
        self.expected = access_code
        if not access_code:
            del self.access_code

    def validate_access_code(self, field: StringField) -> None:
        if not opens(self.expected, field.data):
            raise ValidationError(_l("This is not the access code. Ask the proctor to read it out again."))


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
