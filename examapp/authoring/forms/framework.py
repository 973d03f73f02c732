"""The pages on which administrators change the framework."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from question_bank.framework import Area, Framework
from question_bank.framework_changes import TermText, with_area, with_levels

LABEL_LENGTH = Length(max=200, message=_l("Use at most 200 characters."))


class ChangeFrameworkForm(FlaskForm):
    """What every new version needs, whatever it changes."""

    version = HiddenField()
    effective_from = DateField(_l("In force from"), [InputRequired(_l("Say from which day this holds."))])
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Say why, for those who ask later.")), Length(max=2000)],
        description=_l("Who decided this, and when."),
    )

    @property
    def based_on(self) -> int:
        """The version that was on the screen while it was changed."""
        return int(self.version.data) if self.version.data.isdigit() else 0

    def begin(self, version: int, today: date) -> None:
        self.version.data, self.effective_from.data = str(version), today


class ChangeAreaForm(ChangeFrameworkForm):
    """Its fields for terms and statements come from the area: see ``area_form``."""

    new_terms = 3
    new_statements = 2
    title = StringField(_l("Title of the area"), [InputRequired(_l("The area needs a title.")), LABEL_LENGTH])

    def term_field(self, code: str, level: int) -> Field:
        return self[f"term-{code}-{level}"]

    def new_term_field(self, number: int, level: int) -> Field:
        return self[f"new-term-{number}-{level}"]

    def statement_field(self, code: str) -> Field:
        return self[f"statement-{code}"]

    def new_statement_field(self, number: int) -> Field:
        return self[f"new-statement-{number}"]

    def changed(self, framework: Framework, area: Area) -> Framework:
        """The framework as the fields say."""
        levels = [level.level for level in framework.levels]
        old = [TermText(t.code, {n: self.term_field(t.code, n).data or "" for n in levels}) for t in area.terms]
        new = [
            TermText("", {n: self.new_term_field(i, n).data or "" for n in levels})
            for i in range(ChangeAreaForm.new_terms)
        ]
        kept = [(code, self.statement_field(code).data or "") for code, _statement in statements(framework, area)]
        added = [("", self.new_statement_field(i).data or "") for i in range(ChangeAreaForm.new_statements)]
        return with_area(framework, area, title=self.title.data, terms=[*old, *new], statements=[*kept, *added])


def statements(framework: Framework, area: Area) -> list[tuple[str, str]]:
    return [(c.code, c.statement) for c in framework.competencies if c.area == area.code]


def area_form(framework: Framework, area: Area) -> ChangeAreaForm:
    """The form with a field for every term at every level and every statement of this area, and some empty ones."""
    fields = dict(area_fields(framework, area))
    form: ChangeAreaForm = type("AreaFields", (ChangeAreaForm,), fields)(title=area.title)
    return form


def area_fields(framework: Framework, area: Area) -> Iterator[tuple[str, Field]]:
    for level in [entry.level for entry in framework.levels]:
        for term in area.terms:
            label = _("“%(term)s” at Level %(level)s", term=framework.term_label(area.code, term.code), level=level)
            yield f"term-{term.code}-{level}", StringField(label, [LABEL_LENGTH], default=term.labels.get(level, ""))
        for number in range(ChangeAreaForm.new_terms):
            label = _("New term %(number)s at Level %(level)s", number=number + 1, level=level)
            yield f"new-term-{number}-{level}", StringField(label, [LABEL_LENGTH])
    for code, statement in statements(framework, area):
        yield f"statement-{code}", TextAreaField(code, [LABEL_LENGTH], default=statement)
    for number in range(ChangeAreaForm.new_statements):
        yield f"new-statement-{number}", TextAreaField(_("New statement %(n)s", n=number + 1), [LABEL_LENGTH])


class ChangeLevelsForm(ChangeFrameworkForm):
    """Its fields come from the levels: see ``levels_form``."""

    def title_field(self, level: int) -> Field:
        return self[f"title-{level}"]

    def confirmed_field(self, level: int) -> Field:
        return self[f"confirmed-{level}"]

    def changed(self, framework: Framework) -> Framework:
        levels = [entry.level for entry in framework.levels]
        return with_levels(framework, {n: (self.title_field(n).data, self.confirmed_field(n).data) for n in levels})


def levels_form(framework: Framework) -> ChangeLevelsForm:
    """The form with a title and a mark of confirmation for every level."""
    fields: dict[str, Field] = {}
    for entry in framework.levels:
        label = _("Title of Level %(level)s", level=entry.level)
        needed = InputRequired(_l("The level needs a title."))
        fields[f"title-{entry.level}"] = StringField(label, [needed, LABEL_LENGTH], default=entry.title)
        label = _("The terms of Level %(level)s are confirmed by NMAIMH", level=entry.level)
        fields[f"confirmed-{entry.level}"] = BooleanField(label, default=entry.confirmed)
    form: ChangeLevelsForm = type("LevelFields", (ChangeLevelsForm,), fields)()
    return form
