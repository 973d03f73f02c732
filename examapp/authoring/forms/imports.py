"""What is uploaded, and the tags for what the file does not tag."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectChoice, SelectField, SelectMultipleField
from wtforms.widgets import HiddenInput

from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.item_import import ImportDefaults


class UploadItemsForm(FlaskForm):
    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("GIFT, CSV or Excel (XLSX), at most 8 MB and 2,000 questions."),
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
