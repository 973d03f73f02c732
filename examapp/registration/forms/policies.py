"""The exam policy as fields: every value of the schema has one, so nothing is edited as text."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from examapp.endorsements.forms import AmountField, ChangeRulesForm, choices_from, sentences
from examapp.forms import PartForm
from question_bank.exam_policy import Dates, ExamPolicy, FeedbackDetail, PartKind

NEW_GROUPS = 1

# The parts of a policy that can be confirmed by the association, one by one.
CONFIRMABLE = {
    "requirements": _l("For whom the examination is required"),
    "parts": _l("Parts, minutes and cut scores"),
    "slot_groups": _l("Choice of vignettes"),
    "raters_per_essay": _l("Readings of each essay"),
    "level_marks": _l("Marks of the rubric levels"),
    "adjudication": _l("When a third reading is asked for"),
    "two_level_review_first": _l("Portfolio review before the examination"),
    "eligibility_days": _l("How long the approval to sit is valid"),
    "retake_wait_days": _l("Waiting time before a retake"),
    "retake_only_failed_part": _l("What a retake covers"),
    "accommodation_notice_days": _l("Notice for accommodations"),
    "dates": _l("One day or a window"),
    "feedback": _l("What candidates are told of their result"),
    "retention_years": _l("How long records are kept"),
}


DATES_LABELS = {
    Dates.ONE_DAY: _l("On one day: it closes on the day on which it opens"),
    Dates.WINDOW: _l("In a window: it may stay open for several days"),
}
FEEDBACK_LABELS = {
    FeedbackDetail.DECISION: _l("The decision only"),
    FeedbackDetail.PARTS: _l("The decision, and the score of each part"),
    FeedbackDetail.AREAS: _l("The decision, each part, and each area and rubric dimension"),
}


def whole(label: LazyString, lowest: int, highest: int) -> IntegerField:
    """A whole number that must be given."""
    message = _l("Enter a whole number from %(lowest)s to %(highest)s.", lowest=lowest, highest=highest)
    return IntegerField(label, validators=[InputRequired(message), NumberRange(lowest, highest, message)])


class RequiredRow(PartForm):
    place = HiddenField()
    required = BooleanField(_l("Required"))


class PartRow(PartForm):
    code = HiddenField()
    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the part a title.")), Length(max=200)])
    minutes = whole(_l("Minutes"), 1, 600)
    item_count = IntegerField(_l("Number of items"), validators=[Optional(), NumberRange(1, 500)])
    cut_percent = AmountField(
        _l("Pass from, in percent"), validators=[InputRequired(_l("Enter the percentage.")), NumberRange(0, 100)]
    )
    cut_source = StringField(
        _l("Where this comes from"),
        validators=[DataRequired(_l("Say where the cut score comes from.")), Length(max=200)],
    )


class SlotGroupRow(PartForm):
    code = HiddenField()
    place = SelectField(_l("Level and track"))
    title = StringField(_l("Title shown to the candidate"), validators=[Length(max=200)])
    slot = StringField(
        _l("Kind of vignette"), description=_l("As the vignettes in the bank are marked, such as clinical.")
    )
    choose = IntegerField(_l("To answer"), validators=[Optional(), NumberRange(1, 20)])
    offered = IntegerField(_l("Offered"), validators=[Optional(), NumberRange(1, 20)])
    remove = BooleanField(_l("Remove this group"))

    @property
    def filled(self) -> bool:
        return bool((self.title.data or "").strip()) and not self.remove.data


class ChangePolicyForm(ChangeRulesForm):
    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the policy a title.")), Length(max=200)])
    requirements = FieldList(FormField(RequiredRow))
    parts = FieldList(FormField(PartRow))
    slot_groups = FieldList(FormField(SlotGroupRow))
    raters_per_essay = whole(_l("Blind readings of each essay"), 1, 3)
    level_marks = FieldList(AmountField(_l("Marks"), validators=[InputRequired(_l("Enter the marks."))]), min_entries=4)
    level_difference = whole(_l("A dimension differs by more than this many levels"), 0, 4)
    on_pass_fail_disagreement = BooleanField(_l("The two readings disagree on pass or fail"))
    marks_around_cut = AmountField(
        _l("The mean lies within this many marks of the cut score"),
        validators=[InputRequired(_l("Enter the marks.")), NumberRange(0, 20)],
    )
    two_level_review_first = BooleanField(_l("Both levels of the portfolio review come before the examination"))
    eligibility_days = whole(_l("The approval to sit is valid for (days)"), 1, 3650)
    retake_wait_days = whole(_l("Days to wait after a failed attempt"), 0, 3650)
    retake_only_failed_part = BooleanField(_l("A retake covers only the failed part"))
    accommodation_notice_days = whole(_l("Days of notice for an accommodation"), 0, 365)
    dates = RadioField(
        _l("When the examination is given"),
        choices=choices_from(DATES_LABELS.items()),
        validators=[InputRequired(_l("Choose one."))],
    )
    feedback = RadioField(
        _l("What candidates see of their result"),
        description=_l("Questions, keys and essays are never shown."),
        choices=choices_from(FEEDBACK_LABELS.items()),
        validators=[InputRequired(_l("Choose one."))],
    )
    retention_years = whole(_l("Years for which answers and records are kept"), 1, 100)

    def show(self, policy: ExamPolicy, places: list[tuple[str, str]]) -> None:
        """Fill the fields from a version of the policy, with an empty slot group at the end.

        ``places`` are the levels and tracks there are now: a new one is not required, one that is gone has no row.
        """
        values = policy.model_dump()
        for place, _label in places:
            required = policy.required_for(**placed(place))
            self.requirements.append_entry({"place": place, "required": required})
        for part in values["parts"]:
            self.parts.append_entry(part)
        for group in values["slot_groups"]:
            self.slot_groups.append_entry({**group, "place": f"{group['level']}/{group['track'] or ''}"})
        for _extra in range(NEW_GROUPS):
            self.slot_groups.append_entry({})
        for entry, level in zip(self.level_marks, sorted(policy.level_marks), strict=True):
            entry.data = policy.level_marks[level]
        for name in (*SCALARS, "title"):
            self[name].data = values[name]
        for name in ADJUDICATION:
            self[name].data = values["adjudication"][name]

    def offer_places(self, choices: list[tuple[str, str]]) -> None:
        for entry in self.slot_groups:
            entry.form.place.choices = choices_from(choices)

    def policy(self, before: ExamPolicy, confirmed: set[str]) -> ExamPolicy | None:
        """The policy as edited; None, with the errors on the form, when it does not make sense."""
        groups = [entry.form for entry in self.slot_groups if entry.form.filled]
        taken = {group.code for group in before.slot_groups}
        values: dict[str, Any] = {
            "title": self.title.data,
            "note": before.note,
            "requirements": [
                {**placed(entry.form.place.data), "required": entry.form.required.data} for entry in self.requirements
            ],
            "parts": [part_values(entry.form, before) for entry in self.parts],
            "slot_groups": [group_values(group, taken) for group in groups],
            "level_marks": {level: entry.data for level, entry in enumerate(self.level_marks, start=1)},
            "adjudication": {name: self[name].data for name in ADJUDICATION},
            "to_be_confirmed": [name for name in CONFIRMABLE if name not in confirmed],
            **{name: self[name].data for name in SCALARS},
        }
        try:
            return ExamPolicy.model_validate(values)
        except ValidationError as error:
            self.form_errors.extend(sentences(error))
            return None


SCALARS = (
    "raters_per_essay", "two_level_review_first", "eligibility_days", "retake_wait_days", "retake_only_failed_part",
    "accommodation_notice_days", "dates", "feedback", "retention_years",
)  # fmt: skip
ADJUDICATION = ("level_difference", "on_pass_fail_disagreement", "marks_around_cut")


def placed(place: str) -> dict[str, Any]:
    level, _slash, track = (place or "").partition("/")
    return {"level": int(level) if level.isdigit() else None, "track": track or None}


def part_values(row: PartRow, before: ExamPolicy) -> dict[str, Any]:
    """A part keeps its code and kind: delivery and scoring depend on them."""
    kinds = {part.code: part.kind for part in before.parts}
    essay = kinds.get(row.code.data) == PartKind.ESSAY
    names = ("code", "title", "minutes", "cut_percent", "cut_source")
    values = {name: row[name].data for name in names}
    return {**values, "kind": kinds.get(row.code.data), "item_count": None if essay else row.item_count.data}


def group_values(row: SlotGroupRow, taken: set[str]) -> dict[str, Any]:
    code = row.code.data or next(code for number in range(1, 1000) if (code := f"added-{number}") not in taken)
    taken.add(code)
    values = {name: row[name].data for name in ("title", "choose", "offered")}
    return {"code": code, "slot": (row.slot.data or "").strip(), **values, **placed(row.place.data)}
