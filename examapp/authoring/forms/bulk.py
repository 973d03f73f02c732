"""What is to happen to many items at once."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectChoice, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from examapp.authoring.forms.items import COGNITIVE_LABELS, tidy
from examapp.shell import rule_text
from question_bank.bulk_deeds import Tagging
from question_bank.framework import Framework


class TagItemsForm(FlaskForm):
    tag = SelectField(_l("Tag"), [InputRequired(_l("Choose a tag."))])
    how = RadioField(
        _l("What happens to it"),
        [InputRequired()],
        choices=[
            SelectChoice(Tagging.ADD.value, _l("Add the tag")),
            SelectChoice(Tagging.REMOVE.value, _l("Remove it")),
        ],
        default=Tagging.ADD.value,
    )

    def offer(self, framework: Framework) -> None:
        """Every tag of the framework, under its kind. A single tag, such as the competency, is replaced when added."""
        terms = {
            rule_text(area.title): [
                (f"terms:{area.code}/{t.code}", rule_text(framework.term_label(area.code, t.code))) for t in area.terms
            ]
            for area in framework.areas
        }
        self.tag.choices = {
            _("Level"): [(f"levels:{e.level}", f"{e.level}: {rule_text(e.title)}") for e in framework.levels],
            _("Track"): [(f"tracks:{t.code}", rule_text(t.title)) for t in framework.tracks],
            _("Responsibility code"): [
                (f"responsibility_codes:{c.code}", f"{c.code}: {rule_text(c.title)}")
                for c in framework.responsibility_codes
            ],
            _("Cognitive level"): [(f"cognitive_level:{c.value}", str(label)) for c, label in COGNITIVE_LABELS.items()],
            **terms,
            _("Competency"): [
                (f"competency:{c.area}/{c.code}", f"{c.code}: {rule_text(c.statement)[:60]}")
                for c in framework.competencies
            ],
        }


class AskReviewerForm(FlaskForm):
    reviewer = SelectField(_l("Reviewer"), [InputRequired()], coerce=int)
    due_on = DateField(
        _l("To be reviewed by"),
        [DataRequired(_l("Choose a day."))],
        description=_l("It is shown in the reviewer's queue."),
    )

    def offer(self, reviewers: Iterable[tuple[int, str]], today: date) -> None:
        self.reviewer.choices = [SelectChoice(id_, name) for id_, name in reviewers]
        self.today = today

    def validate_due_on(self, field: DateField) -> None:
        if field.data < self.today:
            raise ValidationError(_("Choose a day that is not over."))


class RetireItemsForm(FlaskForm):
    comment = TextAreaField(
        _l("Why are they retired?"), [DataRequired(_l("Write the reason.")), Length(max=4_000)], filters=[tidy]
    )
