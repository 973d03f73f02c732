"""The editor of questions that are answered with a few typed words."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList

from examapp.authoring.forms.items.fields import line
from examapp.authoring.forms.items.questions import SaveQuestionForm
from question_bank.item_kinds.short_text import LONGEST_ANSWER, MOST_ACCEPTED
from question_bank.items import ItemVersion

ANSWER_ROWS = 3


class SaveShortTextForm(SaveQuestionForm):
    # An empty row is left out on saving, so that there is always room to type.
    accepted = FieldList(
        line(_l("Accepted answer"), LONGEST_ANSWER), min_entries=ANSWER_ROWS, max_entries=MOST_ACCEPTED
    )

    def show(self, version: ItemVersion) -> None:
        super().show(version)
        for number, answer in enumerate(version.content["accepted"]):
            row = self.accepted[number] if number < len(self.accepted) else self.accepted.append_entry()
            row.data = answer["text"]

    def answer(self) -> dict[str, Any]:
        return {"accepted": [{"text": row.data} for row in self.accepted if row.data]}
