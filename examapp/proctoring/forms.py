from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from examapp.proctoring.models import IncidentCategory

CATEGORY_LABELS = {
    IncidentCategory.ENVIRONMENT: _l("Room and surroundings"),
    IncidentCategory.CANDIDATE: _l("Candidate"),
    IncidentCategory.STAFF: _l("Staff"),
    IncidentCategory.TECHNICAL: _l("Technical"),
}

REASON = [DataRequired(_l("Write down the reason.")), Length(max=1000)]


class AdmitForm(FlaskForm):
    checked = BooleanField(
        _l("I have seen an identity document with a photo, and it is this person."),
        validators=[DataRequired(_l("Check the identity first."))],
    )


class GiveTimeForm(FlaskForm):
    minutes = IntegerField(
        _l("Minutes"),
        validators=[
            InputRequired(_l("Say how many minutes.")),
            NumberRange(1, 240, _l("Between 1 and 240 minutes.")),
        ],
    )
    reason = TextAreaField(_l("Reason"), validators=REASON)


class ClosePartForm(FlaskForm):
    reason = TextAreaField(_l("Reason"), validators=REASON)


class RecordIncidentForm(FlaskForm):
    category = SelectField(
        _l("What it is about"), choices=[SelectChoice(c.value, label) for c, label in CATEGORY_LABELS.items()]
    )
    registration = SelectField(_l("Candidate"))
    description = TextAreaField(
        _l("What happened"), validators=[DataRequired(_l("Describe what happened.")), Length(max=4000)]
    )
