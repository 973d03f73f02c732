"""What the pages of scoring take in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

WHY = [InputRequired(_l("Say how you know each other.")), Length(max=500)]


class AssignReadingsForm(FlaskForm):
    raters = SelectMultipleField(_l("Raters"), coerce=int)


class ReassignReadingForm(FlaskForm):
    rater = SelectField(_l("New rater"), coerce=int, validators=[InputRequired(_l("Choose a rater."))])


class DeclareConflictForm(FlaskForm):
    rater = SelectField(_l("Rater"), coerce=int, validators=[InputRequired(_l("Choose a rater."))])
    candidate = SelectField(_l("Candidate"), coerce=int, validators=[InputRequired(_l("Choose a candidate."))])
    reason = TextAreaField(_l("How they know each other"), validators=WHY)


class RecogniseForm(FlaskForm):
    reason = TextAreaField(_l("How you know this person"), validators=WHY)


class DecideOnLateChangesForm(FlaskForm):
    reason = TextAreaField(_l("Reason"), validators=[DataRequired(_l("Write down the reason.")), Length(max=1000)])
    # The last late change that was on the page: what has come since is not decided on unseen.
    up_to = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class DeclineLateChangesForm(FlaskForm):
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The candidate is told."),
        validators=[DataRequired(_l("Write down the reason.")), Length(max=1000)],
    )
