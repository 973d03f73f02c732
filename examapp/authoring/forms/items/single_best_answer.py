"""The editor of multiple choice with one best answer."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from examapp.authoring.forms.items.questions import SaveQuestionForm, option_rows
from question_bank.item_kinds import OPTION_IDS
from question_bank.items import ItemVersion


class SaveSingleBestAnswerForm(SaveQuestionForm):
    row_ids = {"options": OPTION_IDS}

    options = option_rows()
    # The letter of a row; the page writes it as radio buttons beside the options.
    key = StringField(_l("Key"), [Length(max=1)])

    def show(self, version: ItemVersion) -> None:
        super().show(version)
        self.key.data = version.content["key"]

    def answer(self) -> dict[str, Any]:
        return {"key": self.option_at(self.key.data or "")}
