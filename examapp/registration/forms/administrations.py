"""What the pages of administrations, registrations and accommodations take in."""

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from examapp.endorsements.forms import choices_from
from examapp.registration.accommodations import LARGEST_MINUTES
from examapp.time_zones import US_ZONES

FACTOR_LABELS = {
    "1": _l("The usual time"),
    "1.25": _l("Time and a quarter"),
    "1.5": _l("Time and a half"),
    "2": _l("Double time"),
    "other": _l("Another factor"),
}


class ChangeAdministrationForm(FlaskForm):
    seen = HiddenField()
    title = StringField(
        _l("Title"),
        description=_l("Candidates see it, such as “Spring 2027”."),
        validators=[DataRequired(_l("Give it a title.")), Length(max=200, message=_l("Keep it under 200 characters."))],
    )
    time_zone = SelectField(
        _l("Time zone of the window"), choices=choices_from(US_ZONES.items()), validators=[InputRequired()]
    )
    opens_at = DateTimeLocalField(
        _l("Opens"),
        description=_l("From then on candidates can start."),
        format="%Y-%m-%dT%H:%M",
        validators=[InputRequired(_l("Give the date and time it opens."))],
    )
    closes_at = DateTimeLocalField(
        _l("Closes"),
        description=_l("Everything ends then, for latecomers too."),
        format="%Y-%m-%dT%H:%M",
        validators=[InputRequired(_l("Give the date and time it closes."))],
    )
    proctored = BooleanField(
        _l("A proctor admits the candidates"),
        description=_l("Nobody can start before a proctor has checked who they are."),
    )


class OpenAdministrationForm(ChangeAdministrationForm):
    form_sha256 = SelectField(
        _l("Sealed form"),
        description=_l("Only sealed forms can be given. The choice is final."),
        validators=[DataRequired(_l("Choose a sealed form."))],
    )


class OpenPracticeForm(FlaskForm):
    title = StringField(
        _l("Title"),
        description=_l("Candidates see it, such as “Practice examination”."),
        validators=[DataRequired(_l("Give it a title.")), Length(max=200, message=_l("Keep it under 200 characters."))],
    )
    form_sha256 = SelectField(
        _l("Sealed practice form"),
        description=_l("Candidates see its keys and rationales after they have handed in."),
        validators=[DataRequired(_l("Choose a sealed form."))],
    )
    time_zone = SelectField(_l("Time zone"), choices=choices_from(US_ZONES.items()), validators=[InputRequired()])
    closes_at = DateTimeLocalField(
        _l("Open until"),
        description=_l("It opens at once. Leave it open for long, such as a year."),
        format="%Y-%m-%dT%H:%M",
        validators=[InputRequired(_l("Give the date and time it closes."))],
    )


class VoidRegistrationForm(FlaskForm):
    reason = TextAreaField(
        _l("Reason"),
        description=_l("It is kept and stands in the record."),
        validators=[
            DataRequired(_l("Write down why the attempt is void.")),
            Length(max=1000, message=_l("Keep the reason under 1000 characters.")),
        ],
    )


MINUTES = NumberRange(0, LARGEST_MINUTES, _l("Between 0 and %(most)s minutes.", most=LARGEST_MINUTES))


class GrantAccommodationForm(FlaskForm):
    choice = SelectField(
        _l("Time"),
        description=_l("It multiplies the time of every part."),
        choices=choices_from(FACTOR_LABELS.items()),
        validators=[InputRequired()],
    )
    other = DecimalField(
        _l("Another factor"),
        description=_l("Above 1 and up to 3. With 1.75, an hour becomes an hour and three quarters."),
        places=2,
        validators=[Optional(), NumberRange(Decimal("1.01"), 3, _l("Enter a factor above 1 and up to 3."))],
    )
    extra_minutes = IntegerField(
        _l("Minutes more"),
        description=_l("Added to every part after the factor."),
        validators=[Optional(), MINUTES],
    )
    break_minutes = IntegerField(
        _l("Minutes of breaks"),
        description=_l("In every part the candidate may stop the clock for so long, at once or in pieces."),
        validators=[Optional(), MINUTES],
    )
    arrangements = TextAreaField(
        _l("What else is arranged"),
        description=_l("Such as a separate room. The candidate and the proctor read this."),
        validators=[Length(max=500, message=_l("Keep it under 500 characters."))],
    )
    reason = TextAreaField(
        _l("What it rests on"),
        description=_l("The request and the document seen. Only the endorsement office reads this."),
        validators=[
            DataRequired(_l("Write down on what the accommodation rests.")),
            Length(max=1000, message=_l("Keep the reason under 1000 characters.")),
        ],
    )

    def factor(self) -> Decimal | None:
        """The factor chosen; None, with the error beside the field, when another one is not given."""
        if self.choice.data != "other":
            return Decimal(self.choice.data)
        if self.other.data is None:
            self.other.errors = [*self.other.errors, _l("Enter the factor.")]
            return None
        factor: Decimal = self.other.data
        return factor


class LoadSheetForm(FlaskForm):
    sheet = FileField(
        _l("Sheet"),
        description=_l(
            "CSV or XLSX with the columns email, level and track. Nothing is registered before you confirm."
        ),
        validators=[FileRequired(_l("Choose a file."))],
    )


class ConfirmSheetForm(FlaskForm):
    rows = HiddenField(validators=[InputRequired(), Length(max=100_000)])
