"""What the pages of accommodation requests take in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from examapp.endorsements.forms import choices_from
from examapp.registration.documents import Document
from examapp.registration.models import AccommodationKind, RequestDecision

KIND_LABELS = {
    AccommodationKind.EXTRA_TIME: _l("More time"),
    AccommodationKind.BREAKS: _l("Breaks in which the clock stands still"),
    AccommodationKind.PAPER: _l("The examination on paper, or in large print"),
    AccommodationKind.SEPARATE_ROOM: _l("A separate room"),
    AccommodationKind.ASSISTIVE_TECHNOLOGY: _l("Assistive technology, such as a screen reader"),
    AccommodationKind.OTHER: _l("Something else"),
}
DECISION_LABELS = {
    RequestDecision.GRANTED: _l("Granted"),
    RequestDecision.PARTLY_GRANTED: _l("Granted in part"),
    RequestDecision.REFUSED: _l("Not granted"),
}


class AskAccommodationForm(FlaskForm):
    kinds = SelectMultipleField(
        _l("What you need"),
        choices=choices_from(KIND_LABELS.items()),
        coerce=AccommodationKind,
        validators=[DataRequired(_l("Choose at least one thing that you need."))],
    )
    statement = TextAreaField(
        _l("In your own words"),
        description=_l("What you need and why. Only the endorsement office reads this, never a rater or a proctor."),
        validators=[
            DataRequired(_l("Say in a few words what you need and why.")),
            Length(max=2000, message=_l("Keep it under 2000 characters.")),
        ],
    )
    documented_from = DateField(
        _l("Documented from"),
        description=_l("If a document says from when the need exists."),
        validators=[Optional()],
    )
    documented_until = DateField(
        _l("Documented until"), description=_l("Leave it empty when there is no end."), validators=[Optional()]
    )
    document = FileField(
        _l("Document"),
        description=_l("PDF, PNG or JPEG of at most 5 MB, such as a letter. Only the endorsement office sees it."),
    )

    def uploaded(self) -> Document | None:
        """The document chosen, if any."""
        file = self.document.data
        return Document(file.filename, file.read()) if file and file.filename else None


class DecideRequestForm(FlaskForm):
    decision = RadioField(
        _l("Decision"),
        choices=choices_from(DECISION_LABELS.items()),
        coerce=RequestDecision,
        validators=[InputRequired(_l("Choose a decision."))],
    )
    note = TextAreaField(
        _l("Note to the candidate"),
        description=_l("They read it in the mail. Needed unless everything is granted."),
        validators=[Length(max=1000, message=_l("Keep it under 1000 characters."))],
    )
