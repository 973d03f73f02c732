"""What is uploaded, and the tags for what the file does not tag; the format of a download."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from examapp.authoring.downloads import FORMATS
from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.interchange.columns import (
    IN_SPANISH,
    LEFT_OUT,
    NOTE,
    OPTIONS,
    ROLES,
    Column,
    columns_of,
    headings_of,
    twice_chosen,
)
from question_bank.item_export import LeftOut
from question_bank.item_import import ImportDefaults

# What a column of a sheet may be, in the order in which it is offered.
ROLE_LABELS = {
    "stem": _l("Question"),
    **{role: _l("Option %(letter)s", letter=role[-1].upper()) for role in OPTIONS},
    "key": _l("Key"),
    "kind": _l("Kind of question"),
    "stimulus": _l("Vignette"),
    "vignette_set": _l("Vignette set"),
    "area": _l("Area of expertise"),
    "term": _l("Terms"),
    "levels": _l("Levels"),
    "tracks": _l("Tracks"),
    "responsibility_codes": _l("Responsibility codes"),
    "competency": _l("Competency"),
    "cognitive_level": _l("Cognitive level"),
    "slot": _l("Kind of vignette"),
    "rationale": _l("Rationale"),
    "reference": _l("Reference"),
    "marking": _l("Marking"),
    "title": _l("Title of the vignette"),
    "code": _l("Code in the file"),
    f"stem{IN_SPANISH}": _l("Question in Spanish"),
    **{f"{role}{IN_SPANISH}": _l("Option %(letter)s in Spanish", letter=role[-1].upper()) for role in OPTIONS},
    f"stimulus{IN_SPANISH}": _l("Vignette in Spanish"),
    f"title{IN_SPANISH}": _l("Title of the vignette in Spanish"),
    NOTE: _l("Keep as a note"),
    LEFT_OUT: _l("Leave out"),
}


class UploadItemsForm(FlaskForm):
    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "A sheet (CSV, Excel), GIFT, Aiken, Moodle XML, QTI (an item or a package), Word, or JSON of an item bank; "
            "at most 8 MB and 20,000 questions. What it is shows by its content."
        ),
    )
    area = SelectField(_l("Area of expertise for questions that name none"), default="")
    levels = SelectMultipleField(_l("Levels for questions that name none"), coerce=int)

    def offer(self, framework: Framework) -> None:
        self.area.choices = [
            SelectChoice("", _("None: choose it item by item")),
            *(SelectChoice(a.code, rule_text(a.title)) for a in framework.areas),
        ]
        self.levels.choices = [SelectChoice(e.level, f"{e.level}: {rule_text(e.title)}") for e in framework.levels]

    def defaults(self) -> ImportDefaults:
        return ImportDefaults(self.area.data or None, tuple(self.levels.data))


class ChooseColumnsForm(FlaskForm):
    columns = FieldList(SelectField(choices=[SelectChoice(role, ROLE_LABELS[role]) for role in ROLES]))

    def chosen(self, columns: Sequence[Column]) -> dict[str, str]:
        return {column.name: field.data for column, field in zip(columns, self.columns, strict=True)}

    def is_sound(self, columns: Sequence[Column], headers: Iterable[Sequence[str]]) -> bool:
        """Whether questions can be made of these columns; if not, it says why beside the fields."""
        chosen, usable = self.chosen(columns), False
        for header in headers:
            twice = twice_chosen(header, chosen)
            for name, field in zip(chosen, self.columns, strict=True):
                if field.data in twice and name in headings_of(header):
                    field.errors = [_("“%(column)s” cannot be this: another column of the sheet is, too.", column=name)]
            usable = usable or columns_of(header, chosen).usable
        self.columns.errors = [field.errors for field in self.columns if field.errors]
        if not usable:
            self.form_errors.append(
                _("Say which column is the question and, where there are options, which one names the key.")
            )
        return usable and not self.columns.errors


class ImportItemsForm(FlaskForm):
    # How many the reader was shown: when the bank has changed meanwhile, they are shown again.
    expected = IntegerField(widget=HiddenInput())


class ExportItemsForm(FlaskForm):
    format = RadioField(_l("Format"), [InputRequired(_l("Choose a format."))], default="xlsx")

    def offer(self, left_out: Mapping[str, LeftOut]) -> None:
        """The formats, each with what it would not hold of these items."""
        self.format.choices = [
            SelectChoice(name, _(FORMATS[name].label), {"description": described(found)})
            for name, found in left_out.items()
        ]


def described(left_out: LeftOut) -> str:
    unfinished = len(left_out.unfinished)
    sentences = [_(sentence) for sentence in left_out.lost]
    if unfinished:
        sentences.append(
            ngettext("%(num)s unfinished draft is left out.", "%(num)s unfinished drafts are left out.", unfinished)
        )
    if left_out.beyond:
        sentences.append(
            _("Left out, because the format cannot say them: %(codes)s.", codes=", ".join(left_out.beyond))
        )
    return " ".join(sentences)
