"""What authors type into the pages of items: one file for each kind, named like the kind."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from examapp.authoring.forms.items.essay import SaveEssayForm
from examapp.authoring.forms.items.fields import tidy
from examapp.authoring.forms.items.matching import SaveMatchingForm
from examapp.authoring.forms.items.multiple_response import SaveMultipleResponseForm
from examapp.authoring.forms.items.questions import MARKING_LABELS, key_shown
from examapp.authoring.forms.items.saving import COGNITIVE_LABELS, SaveItemForm
from examapp.authoring.forms.items.short_text import SaveShortTextForm
from examapp.authoring.forms.items.single_best_answer import SaveSingleBestAnswerForm
from examapp.authoring.forms.items.true_false import SaveTrueFalseForm
from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.items import ItemKind

__all__ = [
    "COGNITIVE_LABELS",
    "EDITORS",
    "KIND_LABELS",
    "MARKING_LABELS",
    "BeginItemForm",
    "SaveItemForm",
    "key_shown",
    "tidy",
]

KIND_LABELS = {
    ItemKind.SINGLE_BEST_ANSWER: _l("Multiple choice, one best answer"),
    ItemKind.MULTIPLE_RESPONSE: _l("Multiple choice, several right answers"),
    ItemKind.TRUE_FALSE: _l("True or false"),
    ItemKind.MATCHING: _l("Matching"),
    ItemKind.SHORT_TEXT: _l("Short answer, typed"),
    ItemKind.ESSAY: _l("Vignette with essay prompt and rubric"),
}
EDITORS: dict[ItemKind, type[SaveItemForm]] = {
    ItemKind.SINGLE_BEST_ANSWER: SaveSingleBestAnswerForm,
    ItemKind.MULTIPLE_RESPONSE: SaveMultipleResponseForm,
    ItemKind.TRUE_FALSE: SaveTrueFalseForm,
    ItemKind.MATCHING: SaveMatchingForm,
    ItemKind.SHORT_TEXT: SaveShortTextForm,
    ItemKind.ESSAY: SaveEssayForm,
}


class BeginItemForm(FlaskForm):
    kind = SelectField(
        _l("Kind of item"),
        [InputRequired()],
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
    )
    area = SelectField(
        _l("Area of expertise"),
        description=_l("The item is named after it, such as TF-0042. It can be tagged otherwise later."),
    )

    def offer(self, framework: Framework) -> None:
        self.area.choices = [SelectChoice(area.code, rule_text(area.title)) for area in framework.areas]
