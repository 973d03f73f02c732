from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from examapp.delivery.batches import storable
from examapp.delivery.models import PaperEntry
from examapp.delivery.numbering import Numbering
from examapp.delivery.paper.edition import PrintSize
from examapp.delivery.paper.entries import TypedSheet, typed_text
from examapp.delivery.part_content import PartContent
from examapp.delivery.window_extensions import LONGEST_MINUTES
from examapp.proctoring.models import IncidentCategory
from examapp.registration.local_times import local, moment

# As many characters as the page of the examination takes.
LONGEST_ESSAY = 30_000

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


# Answer sheets on paper


class PrintPaperForm(FlaskForm):
    whom = SelectField(_l("For whom"), validators=[DataRequired(_l("Choose for whom."))])
    part = RadioField(_l("Part"), validators=[DataRequired(_l("Choose a part."))])
    size = RadioField(
        _l("Print"),
        choices=[
            SelectChoice(PrintSize.NORMAL.value, _l("Normal"), {"description": _l("11 points")}),
            SelectChoice(PrintSize.LARGE.value, _l("Large"), {"description": _l("18 points, with wide lines")}),
        ],
        default=PrintSize.NORMAL.value,
        validators=[DataRequired(_l("Choose a size."))],
    )
    language = RadioField(
        _l("Language of the questions"),
        choices=[SelectChoice("en", "English"), SelectChoice("es", "Español")],
        default="en",
        validators=[DataRequired(_l("Choose a language."))],
    )


class AnswerField(StringField):
    """One place of a sheet: a letter, or what else the kind of its question asks for."""

    data: str | None

    def __init__(self, numbering: Numbering, item: str, **values: Any) -> None:
        super().__init__(_l("Question %(number)s", number=numbering.numbers[item]), **values)
        self.numbering, self.item = numbering, item
        self.letters = "" if numbering.questions[item].typed_as else "".join(numbering.letters[item].values())
        self.typed_as = numbering.questions[item].typed_as

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").strip()
        if self.letters:
            self.data = self.data.upper()

    def pre_validate(self, form: Form) -> None:
        if self.numbering.read(self.item, self.data or "") is None:
            if self.letters:
                raise ValidationError(_("One of %(letters)s.", letters=", ".join(self.letters)))
            raise ValidationError(_("This cannot be an answer to this question."))


class AnswerSheetForm(FlaskForm):
    """The times on a sheet; ``answer_sheet_form`` adds a field for each question or essay."""

    started_at = DateTimeLocalField(_l("Started"), format="%Y-%m-%dT%H:%M", validators=[Optional()])
    ended_at = DateTimeLocalField(_l("Ended"), format="%Y-%m-%dT%H:%M", validators=[Optional()])

    def sheet(self, numbering: Numbering, zone: str) -> TypedSheet:
        """What is typed so far; what cannot be an answer to the question is left out."""
        answers: dict[str, str] = {}
        chosen: list[str] = []
        for item, number in numbering.numbers.items():
            if numbering.is_question(item):
                value = numbering.read(item, storable(self[f"answer_{number}"].data or "")) or ""
            else:
                value = typed_text(self[f"text_{number}"].data or "")
                chosen += [item] if f"tick_{number}" in self and self[f"tick_{number}"].data else []
            answers |= {item: value} if value else {}
        times = [moment(field.data, zone) if field.data else None for field in (self.started_at, self.ended_at)]
        return TypedSheet(answers, chosen, *times)


def answer_sheet_form(numbering: Numbering, content: PartContent) -> type[AnswerSheetForm]:
    """A form with the places of one answer sheet, by their numbers."""
    places: dict[str, object] = {}
    for item, number in numbering.numbers.items():
        if numbering.is_question(item):
            places[f"answer_{number}"] = AnswerField(numbering, item)
        else:
            too_long = _l("This is longer than an answer may be.")
            places[f"text_{number}"] = TextAreaField(
                _l("Vignette %(number)s", number=number), validators=[Length(max=LONGEST_ESSAY, message=too_long)]
            )
    for group in content.groups:
        for essay in group.essays if not group.compulsory else []:
            places[f"tick_{numbering.numbers[essay.code]}"] = BooleanField(_l("Ticked on the paper"))
    return type("AnswerSheetForm", (AnswerSheetForm,), places)


def typed_values(entry: PaperEntry, numbering: Numbering, zone: str) -> dict[str, object]:
    """An entry as it stands in the fields."""
    values: dict[str, object] = {
        name: local(at, zone)
        for name, at in (("started_at", entry.started_at), ("ended_at", entry.ended_at))
        if at is not None
    }
    for item, number in numbering.numbers.items():
        value = entry.answers.get(item, "")
        if numbering.is_question(item):
            values[f"answer_{number}"] = numbering.shown(item, value)
        else:
            values |= {f"text_{number}": value, f"tick_{number}": item in entry.chosen}
    return values
