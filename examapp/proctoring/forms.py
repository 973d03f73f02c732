from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from examapp.delivery.window_extensions import LONGEST_MINUTES
from examapp.proctoring.models import IncidentCategory

CATEGORY_LABELS = {
    IncidentCategory.ENVIRONMENT: _l("Room and surroundings"),
    IncidentCategory.CANDIDATE: _l("Candidate"),
    IncidentCategory.STAFF: _l("Staff"),
    IncidentCategory.TECHNICAL: _l("Technical"),
}

CATEGORY = {
    "choices": [
        SelectChoice("", _l("Choose")),
        *(SelectChoice(category.value, label) for category, label in CATEGORY_LABELS.items()),
    ],
    "validators": [DataRequired(_l("Choose what it is about."))],
}

REASON = [DataRequired(_l("Write down the reason.")), Length(max=1000)]


class AdmitForm(FlaskForm):
    checked = BooleanField(
        _l("I have seen an identity document with a photo, and it is this person."),
        validators=[DataRequired(_l("Check the identity first."))],
    )


class LetInForm(FlaskForm):
    reason = TextAreaField(_l("Reason"), validators=REASON)


class GiveTimeForm(FlaskForm):
    minutes = IntegerField(
        _l("Minutes"),
        validators=[
            InputRequired(_l("Say how many minutes.")),
            NumberRange(1, 240, _l("Between 1 and 240 minutes.")),
        ],
    )
    reason = TextAreaField(_l("Reason"), validators=REASON)


class GiveTimeToSomeForm(GiveTimeForm):
    candidates = SelectMultipleField(
        _l("Who is writing now"), validators=[DataRequired(_l("Tick at least one candidate."))]
    )


class PauseForm(FlaskForm):
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The candidate reads it on the page, and it stays with the attempt."),
        validators=REASON,
    )


class ExtendWindowForm(FlaskForm):
    minutes = IntegerField(
        _l("Minutes"),
        validators=[
            InputRequired(_l("Say how many minutes.")),
            NumberRange(1, LONGEST_MINUTES, _l("Between 1 and %(most)s minutes.", most=LONGEST_MINUTES)),
        ],
    )
    reason = TextAreaField(_l("Reason"), validators=REASON)


class ConfirmExtensionForm(ExtendWindowForm):
    minutes = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, LONGEST_MINUTES)])
    reason = HiddenField(validators=REASON)
    # The end of the window that the page has shown.
    seen = HiddenField()


class SendMessageForm(FlaskForm):
    text = TextAreaField(_l("Message"), validators=[DataRequired(_l("Write the message.")), Length(max=1000)])


class ClosePartForm(FlaskForm):
    category = SelectField(_l("What it is about"), **CATEGORY)
    reason = TextAreaField(_l("Reason"), validators=REASON)


class RecordIncidentForm(FlaskForm):
    category = SelectField(_l("What it is about"), **CATEGORY)
    registration = SelectField(_l("Candidate"))
    description = TextAreaField(
        _l("What happened"), validators=[DataRequired(_l("Describe what happened.")), Length(max=4000)]
    )
