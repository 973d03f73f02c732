"""The pages that draft, change and seal an exam form."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import NumberInput

from examapp.shell import rule_text
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms import ExamForm, FormPurpose
from question_bank.items import ItemVersion
from question_bank.rule_documents import RuleDocument

LARGEST_SEED = 999_999


class DraftExamForm(FlaskForm):
    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give the form a title.")), Length(max=200)],
        description=_l("For the committee and for candidates, such as “Form A, spring 2027”."),
    )
    purpose = RadioField(
        _l("Purpose"),
        [InputRequired(_l("Choose a purpose."))],
        choices=[
            SelectChoice(FormPurpose.EXAM.value, _l("Examination")),
            SelectChoice(FormPurpose.PRACTICE.value, _l("Practice")),
        ],
        description=_l("A practice form holds sample items only: candidates see their keys and rationales afterwards."),
        default=FormPurpose.EXAM.value,
    )
    blueprint = SelectField(_l("Blueprint of Part One"), [InputRequired(_l("Choose a blueprint."))], coerce=int)
    policy = SelectField(_l("Exam policy, for Part Two"), [InputRequired(_l("Choose a policy."))], coerce=int)
    differ_from = SelectMultipleField(
        _l("Forms to differ from"),
        coerce=int,
        description=_l("No item and no vignette of these will be used. Choose every form a retaker may have seen."),
    )
    seed = IntegerField(
        _l("Number for the draw"),
        [InputRequired(_l("Give a number.")), NumberRange(0, LARGEST_SEED, _l("Give a number from 0 to 999999."))],
        widget=NumberInput(min=0, max=LARGEST_SEED),
        description=_l("Decides between items that fit equally well. The same number draws the same form again."),
    )

    def offer(
        self, blueprints: Sequence[ExamBlueprint], policies: Sequence[RuleDocument], forms: Sequence[ExamForm]
    ) -> None:
        """Say what there is to choose from, newest first."""
        self.blueprint.choices = [
            SelectChoice(b.id, _("%(title)s (%(n)s items)", title=b.title, n=b.total)) for b in blueprints
        ]
        self.policy.choices = [
            SelectChoice(
                p.id, _("Version %(version)s: %(title)s", version=p.version, title=rule_text(p.content["title"]))
            )
            for p in policies
        ]
        self.differ_from.choices = [SelectChoice(form.id, form.title) for form in forms]


class ExchangeEntryForm(FlaskForm):
    replacement = RadioField(
        _l("Put in its place"), [InputRequired(_l("Choose what to put in its place."))], coerce=int
    )

    def offer(self, versions: Sequence[ItemVersion]) -> None:
        self.replacement.choices = [SelectChoice(version.id, version.item.code) for version in versions]


class AddTrialForm(FlaskForm):
    version = SelectField(
        _l("Question to be tried out"), [InputRequired(_l("Choose a question."))], coerce=int, validate_choice=True
    )

    def offer(self, versions: Sequence[ItemVersion]) -> None:
        self.version.choices = [
            SelectChoice(v.id, f"{v.item.code}: {(v.title or str(v.content.get('stem', '')))[:80]}") for v in versions
        ]


class ConfirmForm(FlaskForm):
    """Nothing but the protection against forged requests."""
