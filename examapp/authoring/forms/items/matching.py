"""The editor of items whose lines are matched with options."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, RadioField, SelectChoice, SelectField

from examapp.authoring.forms.items.fields import text
from examapp.authoring.forms.items.questions import MARKING_LABELS, RowForm, SaveQuestionForm, option_rows
from question_bank.item_kinds import OPTION_IDS, PREMISE_IDS, MarkingRule
from question_bank.item_kinds.matching import pairs_in
from question_bank.items import ItemVersion

PREMISE_ROWS = 4
IN_WORDS = {
    MarkingRule.PARTIAL: _l("Each line that is matched rightly earns its share of the mark."),
    MarkingRule.ALL_OR_NOTHING: _l("One mark for matching every line rightly, else none."),
}


class PremiseForm(RowForm):
    english = text(_l("Line to be matched"), 2_000)
    # The letter of the option's row.
    match = SelectField(
        _l("Goes with"),
        choices=[SelectChoice("", "–"), *(SelectChoice(letter, letter.upper()) for letter in OPTION_IDS)],
        default="",
    )


class SaveMatchingForm(SaveQuestionForm):
    row_ids = {"premises": PREMISE_IDS, "options": OPTION_IDS}

    premises = FieldList(FormField(PremiseForm), min_entries=PREMISE_ROWS, max_entries=len(PREMISE_IDS))
    options = option_rows()
    marking = RadioField(
        _l("How an answer is marked"),
        choices=[SelectChoice(r.value, MARKING_LABELS[r], {"description": said}) for r, said in IN_WORDS.items()],
        default=MarkingRule.PARTIAL.value,
    )

    def show(self, version: ItemVersion) -> None:
        super().show(version)
        pairs = pairs_in(version.content["key"])
        for row in self.premises:
            row.form.match.data = pairs.get(row.form.stood.data, "")
        self.marking.data = version.content.get("marking", self.marking.default)

    def answer(self) -> dict[str, Any]:
        matched = {id_: self.option_at(row.match.data) for id_, row in self.rows_of("premises").items()}
        pairs = [f"{premise}:{option}" for premise, option in matched.items() if option]
        return {"key": ",".join(pairs), "marking": self.marking.data}
