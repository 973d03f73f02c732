"""What is uploaded, and the tags for what the file does not tag; the format of a download."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from examapp.authoring.downloads import FORMATS
from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.item_export import LeftOut
from question_bank.item_import import ImportDefaults


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
