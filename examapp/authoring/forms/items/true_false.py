"""The editor of statements that are true or false."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice

from examapp.authoring.forms.items.fields import in_spanish, text
from examapp.authoring.forms.items.questions import SaveQuestionForm
from question_bank.item_kinds.true_false import FALSE, TRUE
from question_bank.items import ItemVersion

WORDS = {TRUE: _l("True"), FALSE: _l("False")}


class SaveTrueFalseForm(SaveQuestionForm):
    stem = text(_l("Statement"))
    spanish_stem = in_spanish(text, _l("Statement in Spanish"))
    key = RadioField(
        _l("The statement is"), choices=[SelectChoice(id_, word) for id_, word in WORDS.items()], validate_choice=False
    )

    def show(self, version: ItemVersion) -> None:
        super().show(version)
        self.key.data = version.content["key"]

    def answer(self) -> dict[str, Any]:
        return {"key": self.key.data if self.key.data in WORDS else ""}
