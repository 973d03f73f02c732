"""What the pages of endorsement files, requirements and verification take in."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import ValidationError
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from examapp.endorsements.models import ComponentState
from examapp.endorsements.requirements import REVIEWS, LevelRequirements, Requirement, RequirementKind
from examapp.forms import PartForm
from examapp.shell import rule_text
from question_bank.framework import Framework

NEW_ROWS = 2


def choices_from(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """Pairs of value and label as a select takes them."""
    return [SelectChoice(value, label) for value, label in pairs]


STATE_LABELS = {
    ComponentState.IN_PROGRESS: _l("In progress"),
    ComponentState.MET: _l("Met"),
    ComponentState.NOT_MET: _l("Not met"),
    ComponentState.WAIVED: _l("Waived"),
}

# The kinds an administrator may give a row; the reviews and the written examination keep theirs.
KIND_LABELS = {
    RequirementKind.DOCUMENT: _l("Document or proof"),
    RequirementKind.AMOUNT: _l("Amount, such as hours or years"),
    RequirementKind.SIGNED: _l("Signed statement"),
    RequirementKind.REFERENCE: _l("Professional reference"),
    RequirementKind.CONTINUING: _l("After the endorsement"),
}
FIXED_KIND_LABELS = {
    RequirementKind.REVIEW: _l("Portfolio review"),
    RequirementKind.WRITTEN_EXAMINATION: _l("Written examination"),
}


class AmountField(DecimalField):
    """A decimal number, shown without the zeros the database adds."""

    def _value(self) -> str:
        return shown_amount(self.data) if self.data is not None and not self.raw_data else super()._value()


def level_label(framework: Framework, level: int, track: str | None) -> str:
    """How people name a level and track: “Level 4, Clinical”."""
    named = _("Level %(level)s", level=level)
    title = framework.track_title(track)
    return f"{named}, {rule_text(title)}" if title else named


def level_choices(framework: Framework) -> list[tuple[str, str]]:
    """Every level and track that a file can have; the value is read by `level_and_track`."""
    tracks = {entry: [track.code for track in framework.tracks_of(entry.level)] or [""] for entry in framework.levels}
    return [
        (f"{entry.level}/{track}", f"{level_label(framework, entry.level, track)} – {rule_text(entry.title)}")
        for entry in framework.levels
        for track in tracks[entry]
    ]


def level_and_track(choice: str) -> tuple[int, str]:
    level, _slash, track = choice.partition("/")
    return int(level), track


class OpenFileForm(FlaskForm):
    candidate = SelectField(_l("Candidate"), coerce=int, validators=[InputRequired(_l("Choose the candidate."))])
    place = SelectField(_l("Level and track"), validators=[DataRequired(_l("Choose the level and track."))])


class RecordComponentForm(FlaskForm):
    state = SelectField(_l("State"), validators=[DataRequired(_l("Choose the state."))])
    amount = AmountField(
        _l("Amount so far, in all"),
        validators=[Optional(), NumberRange(0, 9999, _l("Enter a number from 0 to 9999."))],
    )
    occurred_on = DateField(_l("Date"), validators=[Optional()])
    evidence = TextAreaField(
        _l("Evidence and notes"),
        description=_l("What was seen and where it is filed. The candidate can read this."),
        validators=[Length(max=4000, message=_l("Keep the note under 4000 characters."))],
    )
    verifier_id = SelectField(_l("Verified by"), coerce=int, default=0)
    verified_by = StringField(
        _l("Name, if they have no account here"),
        validators=[Length(max=200, message=_l("Keep the name under 200 characters."))],
    )

    def fit(self, requirement: Requirement, people: list[tuple[int, str]]) -> None:
        """Offer what this requirement can take: an amount only where one is needed, no waiver of a review."""
        states = [
            state for state in ComponentState if state != ComponentState.WAIVED or requirement.code not in REVIEWS
        ]
        self.state.choices = choices_from((state.value, STATE_LABELS[state]) for state in states)
        self.verifier_id.choices = choices_from([(0, _("Somebody without an account")), *people])
        if requirement.code in REVIEWS:
            self.verifier_id.label.text = _("Reviewer")
        if requirement.amount is None:
            del self.amount


class RequirementRow(PartForm):
    """One row of the table while it is edited. The code is made once and never shown."""

    code = HiddenField()
    title = StringField(_l("Title"), validators=[Length(max=200, message=_l("Keep the title under 200 characters."))])
    kind = SelectField(_l("Kind"), choices=choices_from(KIND_LABELS.items()))
    amount = AmountField(_l("Amount needed"), validators=[Optional()])
    unit = StringField(_l("Unit"), description=_l("Such as clock hours."), validators=[Length(max=200)])
    who = StringField(_l("Who gives it"), validators=[Length(max=200, message=_l("Keep this under 200 characters."))])
    optional = BooleanField(_l("Optional"))
    help = TextAreaField(_l("Explanation"), validators=[Length(max=1000)])
    position = IntegerField(_l("Place in the list"), validators=[Optional()])
    remove = BooleanField(_l("Remove this requirement"))

    @property
    def filled(self) -> bool:
        return bool((self.title.data or "").strip()) and not self.remove.data


class ChangeRulesForm(FlaskForm):
    """What every change of dated rules must say."""

    based_on = HiddenField()
    effective_from = DateField(
        _l("In force from"),
        description=_l("What was decided under earlier versions stays as it is."),
        validators=[InputRequired(_l("Give the day from which the change applies."))],
    )
    reason = TextAreaField(
        _l("Reason for the change"),
        description=_l("Who decided it, and why. Everybody can read this in the list of versions."),
        validators=[
            DataRequired(_l("Write down why the rules change.")),
            Length(max=1000, message=_l("Keep the reason under 1000 characters.")),
        ],
    )


class ChangeRequirementsForm(ChangeRulesForm):
    rows = FieldList(FormField(RequirementRow))

    def show(self, table: LevelRequirements) -> None:
        """Fill the rows from the newest version, with empty ones at the end for additions."""
        for position, requirement in enumerate(table.requirements, start=1):
            self.rows.append_entry({**requirement.model_dump(), "kind": requirement.kind.value, "position": position})
        for extra in range(NEW_ROWS):
            self.rows.append_entry({"kind": RequirementKind.DOCUMENT.value, "position": len(self.rows) + extra})

    def offer_kinds(self, table: LevelRequirements) -> None:
        """Rows whose kind the gate depends on keep it."""
        for entry in self.rows:
            known = table.requirement(entry.form.code.data or "")
            if known and known.kind not in KIND_LABELS:
                entry.form.kind.choices = choices_from([(known.kind.value, FIXED_KIND_LABELS[known.kind])])

    def table(self, before: LevelRequirements) -> LevelRequirements | None:
        """The table as edited; None, with the errors beside the fields, when a row does not make sense."""
        rows = [entry.form for entry in self.rows if entry.form.filled]
        rows.sort(key=lambda row: row.position.data or 0)
        taken = {row.code for row in before.requirements}
        requirements = [built for row in rows if (built := build_row(row, taken))]
        if len(requirements) < len(rows):
            return None
        try:
            return LevelRequirements(level=before.level, track=before.track, requirements=requirements)
        except ValidationError as error:
            self.form_errors.extend(sentences(error))
            return None


def build_row(row: RequirementRow, taken: set[str]) -> Requirement | None:
    """One row as a requirement; a new one gets a code of its own. None, with its error, when it does not make sense."""
    code = row.code.data or free_code(taken)
    taken.add(code)
    values: dict[str, Any] = {name: row[name].data for name in ("title", "kind", "amount", "optional")}
    texts = {name: row[name].data or "" for name in ("unit", "who", "help")}
    try:
        return Requirement.model_validate({"code": code, **values, **texts})
    except ValidationError as error:
        row.title.errors = [*row.title.errors, *sentences(error)]
        return None


def free_code(taken: set[str]) -> str:
    return next(code for number in range(1, 1000) if (code := f"added-{number}") not in taken)


def sentences(error: ValidationError) -> list[str]:
    """What a schema complains about, without its technical prefix."""
    return [problem["msg"].removeprefix("Value error, ") for problem in error.errors()]


class VerifyForm(FlaskForm):
    class Meta:
        csrf = False  # a question, not a deed; a printed address may carry it

    number = StringField(
        _l("Record number"),
        description=_l("Printed on the document, such as WX-2027-000012."),
        validators=[DataRequired(_l("Enter the record number.")), Length(max=20)],
    )
    code = StringField(
        _l("Verification code"),
        description=_l("Printed beside the number: three groups of four letters and digits."),
        validators=[DataRequired(_l("Enter the verification code.")), Length(max=40)],
    )


def shown_amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
