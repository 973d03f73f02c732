"""The page of one exam blueprint: a number for every area and every term of the framework."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import NumberInput

from examapp.shell import rule_text
from question_bank.blueprint_plans import BlueprintPlan
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.framework import Area, Framework, Term


class SaveBlueprintForm(FlaskForm):
    """Its count and minimum fields come from the framework: see ``blueprint_form``."""

    title = StringField(_l("Title"), [InputRequired(_l("Give the blueprint a title.")), Length(max=200)])
    levels = SelectMultipleField(_l("Levels"), [InputRequired(_l("Choose at least one level."))], coerce=int)

    def count_field(self, area: Area) -> Field:
        return self[count_name(area)]

    def minimum_field(self, area: Area, term: Term) -> Field:
        return self[minimum_name(area, term)]

    def has_minimum(self, area: Area) -> bool:
        """Whether anything stands in a minimum of this area, right or wrong."""
        return any((field := self.minimum_field(area, term)).data or field.errors for term in area.terms)

    def show(self, title: str, blueprint: ExamBlueprint, framework: Framework) -> None:
        """Fill the fields from a blueprint that is to be changed or copied."""
        self.title.data, self.levels.data = title, blueprint.levels
        for area, term in cells(framework):
            field = self.minimum_field(area, term) if term else self.count_field(area)
            needed = blueprint.minimums.get((area.code, term.code)) if term else blueprint.counts.get(area.code)
            field.data = needed or None

    def plan(self, framework: Framework) -> BlueprintPlan:
        return BlueprintPlan(
            title=self.title.data.strip(),
            levels=self.levels.data,
            counts={area.code: self.count_field(area).data or 0 for area in framework.areas},
            minimums={
                (area.code, term.code): self.minimum_field(area, term).data or 0
                for area, term in cells(framework)
                if term
            },
        )


def cells(framework: Framework) -> Iterator[tuple[Area, Term | None]]:
    """Every area, and every term of it."""
    for area in framework.areas:
        yield area, None
        yield from ((area, term) for term in area.terms)


def count_name(area: Area) -> str:
    return f"count-{area.code}"


def minimum_name(area: Area, term: Term) -> str:
    return f"minimum-{area.code}-{term.code}"


def blueprint_form(framework: Framework) -> SaveBlueprintForm:
    """The form with a field for every area and term of this framework."""
    fields = {
        minimum_name(area, term) if term else count_name(area): IntegerField(
            rule_text(framework.term_label(area.code, term.code) if term else area.title),
            [Optional(), NumberRange(0, 200, _l("Give a whole number from 0 to 200."))],
            widget=NumberInput(min=0, max=200),
        )
        for area, term in cells(framework)
    }
    form: SaveBlueprintForm = type("BlueprintFields", (SaveBlueprintForm,), fields)()
    form.levels.choices = [
        SelectChoice(entry.level, f"{entry.level}: {rule_text(entry.title)}") for entry in framework.levels
    ]
    return form
