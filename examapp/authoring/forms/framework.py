"""The pages on which administrators change the framework."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from examapp.shell import rule_text
from question_bank.framework import Area, Framework
from question_bank.framework_edits import (
    AreaText,
    TermText,
    with_area,
    with_levels,
    with_new_area,
    with_responsibility_codes,
    with_tracks,
)

LABEL_LENGTH = Length(max=200, message=_l("Use at most 200 characters."))
NEW_ROWS = 2


class NewVersionForm(FlaskForm):
    """What every new version of the framework needs, whatever it changes."""

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
        return int(self.version.data) if (self.version.data or "").isdigit() else 0

    def begin(self, version: int, today: date) -> None:
        self.version.data, self.effective_from.data = str(version), today


class AreaForm(NewVersionForm):
    """What an area is, whether it is new or changed. Its fields for terms come from ``area_fields``."""

    new_terms = 3
    title = StringField(_l("Title of the area"), [InputRequired(_l("The area needs a title.")), LABEL_LENGTH])
    kind = RadioField(
        _l("What its terms are"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice("knowledge", _l("Knowledge areas")), SelectChoice("skill", _l("Skill areas"))],
    )
    responsibility_codes = SelectMultipleField(
        _l("Responsibility codes"), description=_l("The parts of the work at Level 4 for which this area matters.")
    )

    def offer(self, framework: Framework) -> None:
        self.responsibility_codes.choices = [
            SelectChoice(entry.code, f"{entry.code}: {rule_text(entry.title)}")
            for entry in framework.responsibility_codes
        ]

    def new_term_field(self, number: int, level: int) -> Field:
        return self[f"new-term-{number}-{level}"]

    def added_terms(self, framework: Framework) -> list[TermText]:
        levels = [entry.level for entry in framework.levels]
        return [
            TermText("", {n: self.new_term_field(i, n).data or "" for n in levels}) for i in range(AreaForm.new_terms)
        ]

    def text(self, terms: list[TermText], statements: list[tuple[str, str]]) -> AreaText:
        letters = self.responsibility_codes.data or []
        return AreaText(self.title.data, self.kind.data, terms, letters, statements)


class ChangeAreaForm(AreaForm):
    """Its fields for terms and statements come from the area: see ``area_form``."""

    new_statements = 2
    area: Area

    def term_field(self, code: str, level: int) -> Field:
        return self[f"term-{code}-{level}"]

    def statement_field(self, code: str) -> Field:
        return self[f"statement-{code}"]

    def new_statement_field(self, number: int) -> Field:
        return self[f"new-statement-{number}"]

    def changed(self, framework: Framework) -> Framework:
        levels = [level.level for level in framework.levels]
        old = [TermText(t.code, {n: self.term_field(t.code, n).data or "" for n in levels}) for t in self.area.terms]
        kept = [(code, self.statement_field(code).data or "") for code, _statement in statements(framework, self.area)]
        added = [("", self.new_statement_field(i).data or "") for i in range(ChangeAreaForm.new_statements)]
        return with_area(framework, self.area, self.text([*old, *self.added_terms(framework)], [*kept, *added]))


class AddAreaForm(AreaForm):
    prefix = StringField(
        _l("Two letters"),
        [
            InputRequired(_l("Choose two letters.")),
            Regexp(r"^\s*[A-Za-z]{2}\s*$", message=_l("Write two letters from A to Z.")),
        ],
        description=_l(
            "The codes of the area's items and behaviors begin with them, such as TF-0042. They never change."
        ),
    )

    def changed(self, framework: Framework) -> Framework:
        return with_new_area(framework, self.prefix.data, self.text(self.added_terms(framework), []))


def statements(framework: Framework, area: Area) -> list[tuple[str, str]]:
    return [(c.code, c.statement) for c in framework.competencies if c.area == area.code]


def area_form(framework: Framework, area: Area) -> ChangeAreaForm:
    """The form with a field for every term at every level and every statement of this area, and some empty ones."""
    fields: dict[str, Any] = {**dict(area_fields(framework, area)), "area": area}
    shown = {"title": area.title, "kind": area.kind, "responsibility_codes": area.responsibility_codes}
    form: ChangeAreaForm = type("AreaFields", (ChangeAreaForm,), fields)(**shown)
    form.offer(framework)
    return form


def add_area_form(framework: Framework) -> AddAreaForm:
    form: AddAreaForm = type("NewAreaFields", (AddAreaForm,), dict(new_term_fields(framework)))()
    form.offer(framework)
    return form


def area_fields(framework: Framework, area: Area) -> Iterator[tuple[str, Field]]:
    for level in [entry.level for entry in framework.levels]:
        for term in area.terms:
            label = _(
                "“%(term)s” at Level %(level)s", term=rule_text(framework.term_label(area.code, term.code)), level=level
            )
            yield f"term-{term.code}-{level}", StringField(label, [LABEL_LENGTH], default=term.labels.get(level, ""))
    yield from new_term_fields(framework)
    for code, statement in statements(framework, area):
        yield f"statement-{code}", TextAreaField(code, [LABEL_LENGTH], default=statement)
    for number in range(ChangeAreaForm.new_statements):
        yield f"new-statement-{number}", TextAreaField(_("New statement %(n)s", n=number + 1), [LABEL_LENGTH])


def new_term_fields(framework: Framework) -> Iterator[tuple[str, Field]]:
    for level in [entry.level for entry in framework.levels]:
        for number in range(AreaForm.new_terms):
            label = _("New term %(number)s at Level %(level)s", number=number + 1, level=level)
            yield f"new-term-{number}-{level}", StringField(label, [LABEL_LENGTH])


class ChangeLevelsForm(NewVersionForm):
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


class TitlesForm(NewVersionForm):
    """A title for each entry of a short list, and empty rows for new ones."""

    new_rows = NEW_ROWS

    def title_field(self, code: str) -> Field:
        return self[f"title-{code}"]

    def new_title_field(self, number: int) -> Field:
        return self[f"new-title-{number}"]

    def new_code_field(self, number: int) -> Field:
        return self[f"new-code-{number}"]

    def titles(self, codes: list[str]) -> dict[str, str]:
        return {code: self.title_field(code).data or "" for code in codes}

    def added(self) -> list[tuple[str, str]]:
        """(code, title) of every row in which a title was written."""
        rows = [(self.new_code_field(n).data or "", self.new_title_field(n).data or "") for n in range(NEW_ROWS)]
        return [(code, title) for code, title in rows if title.strip()]


class ChangeTracksForm(TitlesForm):
    def changed(self, framework: Framework) -> Framework:
        titles = self.titles([track.code for track in framework.tracks])
        return with_tracks(framework, titles, [(int(level), title) for level, title in self.added()])


def tracks_form(framework: Framework) -> ChangeTracksForm:
    levels = [
        SelectChoice(e.level, _("Level %(level)s", level=e.level))
        for e in framework.levels
        if framework.tracks_of(e.level)
    ]
    fields: dict[str, Field] = {
        f"title-{track.code}": StringField(rule_text(track.title), [LABEL_LENGTH], default=track.title)
        for track in framework.tracks
    }
    for n in range(NEW_ROWS):
        fields[f"new-title-{n}"] = StringField(_("Title of new track %(number)s", number=n + 1), [LABEL_LENGTH])
        fields[f"new-code-{n}"] = SelectField(
            _("Level of new track %(number)s", number=n + 1), coerce=int, choices=levels
        )
    form: ChangeTracksForm = type("TrackFields", (ChangeTracksForm,), fields)()
    return form


class ChangeCodesForm(TitlesForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """A new letter and its title need each other."""
        valid: bool = super().validate(extra_validators)
        for number in range(NEW_ROWS):
            letter, title = self.new_code_field(number), self.new_title_field(number)
            if (letter.data or "").strip() and not (title.data or "").strip():
                title.errors = [*title.errors, _("Say what the letter stands for.")]
                valid = False
            if (title.data or "").strip() and not (letter.data or "").strip():
                letter.errors = [*letter.errors, _("Choose a letter.")]
                valid = False
        return valid

    def changed(self, framework: Framework) -> Framework:
        titles = self.titles([entry.code for entry in framework.responsibility_codes])
        return with_responsibility_codes(framework, titles, self.added())


def codes_form(framework: Framework) -> ChangeCodesForm:
    one_letter = Regexp(r"^\s*[A-Za-z]?\s*$", message=_l("Write one letter from A to Z."))
    fields: dict[str, Field] = {
        f"title-{entry.code}": StringField(entry.code, [LABEL_LENGTH], default=entry.title)
        for entry in framework.responsibility_codes
    }
    for n in range(NEW_ROWS):
        fields[f"new-code-{n}"] = StringField(_("New letter %(number)s", number=n + 1), [one_letter])
        fields[f"new-title-{n}"] = StringField(_("What new letter %(number)s stands for", number=n + 1), [LABEL_LENGTH])
    form: ChangeCodesForm = type("CodeFields", (ChangeCodesForm,), fields)()
    return form
