"""The editor of multiple choice with several right answers."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectMultipleField

from examapp.authoring.forms.items.questions import MARKING_LABELS, SaveQuestionForm, option_rows
from question_bank.item_kinds import OPTION_IDS, MarkingRule
from question_bank.items import ItemVersion

IN_WORDS = {
    MarkingRule.ALL_OR_NOTHING: _l("One mark for choosing all the keys and nothing else."),
    MarkingRule.PARTIAL: _l(
        "Each key that is chosen earns its share of the mark. Whoever chooses more options than there are keys loses "
        "one share for each."
    ),
    MarkingRule.PARTIAL_WITH_PENALTY: _l(
        "Each key that is chosen earns its share of the mark, and each wrong choice takes one share away; never less "
        "than nothing."
    ),
}


class SaveMultipleResponseForm(SaveQuestionForm):
    row_ids = {"options": OPTION_IDS}

    options = option_rows()
    # The letters of rows; the page writes them as checkboxes beside the options.
    keys = SelectMultipleField(_l("Keys"), choices=list(OPTION_IDS))
    marking = RadioField(
        _l("How an answer is marked"),
        choices=[SelectChoice(r.value, MARKING_LABELS[r], {"description": said}) for r, said in IN_WORDS.items()],
        default=MarkingRule.ALL_OR_NOTHING.value,
    )

    def show(self, version: ItemVersion) -> None:
        super().show(version)
        self.keys.data = version.content["key"].split(",")
        self.marking.data = version.content.get("marking", self.marking.default)

    def answer(self) -> dict[str, Any]:
        keys = filter(None, map(self.option_at, self.keys.data))
        return {"key": ",".join(sorted(keys)), "marking": self.marking.data}
