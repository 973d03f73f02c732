"""What the editors of all questions share: stem, rows of texts beside their Spanish, rationale and reference."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField
from wtforms.validators import Length

from examapp.authoring.forms.items.fields import in_spanish, text
from examapp.authoring.forms.items.saving import SaveItemForm
from examapp.forms import PartForm
from question_bank.item_kinds import AS_WRITTEN, OPTION_IDS, ItemContent, MarkingRule, Question
from question_bank.item_writing import ItemDraft
from question_bank.items import ItemVersion
from question_bank.translations import spanish_in

OPTION_ROWS = 5
MARKING_LABELS = {
    MarkingRule.ALL_OR_NOTHING: _l("All or nothing"),
    MarkingRule.PARTIAL: _l("Part marks"),
    MarkingRule.PARTIAL_WITH_PENALTY: _l("Part marks, wrong choices take away"),
}


class RowForm(PartForm):
    """One of several texts and its Spanish. An empty row is left out on saving, so that there is room to type."""

    english = text(_l("Option"), 2_000)
    spanish = in_spanish(text, _l("In Spanish"), 2_000)
    # The id of the text in the stored version: after empty rows were left out it is not the row's own.
    stood = HiddenField(validators=[Length(max=1)])

    @property
    def is_filled(self) -> bool:
        return bool(self.english.data or self.spanish.data)


def option_rows() -> FieldList:
    return FieldList(FormField(RowForm), min_entries=OPTION_ROWS, max_entries=len(OPTION_IDS))


def key_shown(question: Question) -> str:
    """The key as people read it, its fixed words in their language; "" when it has none yet."""
    words = question.fixed_texts.get(str(get_locale()), {})
    return question.shown(question.key_text(), {**AS_WRITTEN, **words})


class SaveQuestionForm(SaveItemForm):
    # The lists of rows that candidates read, and the ids that a save gives to the rows of each.
    row_ids: ClassVar[Mapping[str, str]] = {}

    # Shared by all items of a vignette set; most questions have none.
    stimulus = text(_l("Vignette"))
    spanish_stimulus = in_spanish(text, _l("Vignette in Spanish"))
    stem = text(_l("Stem"))
    spanish_stem = in_spanish(text, _l("Stem in Spanish"))
    rationale = text(
        _l("Rationale"), description=_l("Why the key is right, and why the most tempting wrong answer is not.")
    )
    reference = text(_l("Reference"), 2_000, description=_l("The work that supports the key."))

    @abstractmethod
    def answer(self) -> dict[str, Any]:
        """The fields of the content that say what is right and how it is marked."""

    def show(self, version: ItemVersion) -> None:
        super().show(version)
        before = spanish_in(version.content)
        texts = before.texts if before else {}
        self.stem.data, self.spanish_stem.data = version.content["stem"], texts.get("stem", "")
        self.stimulus.data, self.spanish_stimulus.data = version.content.get("stimulus", ""), texts.get("stimulus", "")
        self.rationale.data, self.reference.data = version.rationale, version.reference
        for name in self.row_ids:
            for number, stored in enumerate(version.content[name]):
                row = self[name][number].form if number < len(self[name]) else self[name].append_entry().form
                row.english.data, row.spanish.data = stored["text"], texts.get(stored["id"], "")
                row.stood.data = stored["id"]

    def rearrange(self, action: str) -> bool:
        verb, _dash, name = action.partition("-")
        rows = self._fields.get(name)
        if verb != "add_row" or not isinstance(rows, FieldList):
            return super().rearrange(action)
        if len(rows) < rows.max_entries:
            rows.append_entry()
        return True

    def ids_of(self, name: str) -> list[str]:
        """For each row of a list the id that a save gives it; "" when it is empty and left out."""
        ids = iter(self.row_ids[name])
        return [next(ids) if row.form.is_filled else "" for row in self[name]]

    def option_at(self, letter: str) -> str:
        """The id that a save gives to the option in the row with this letter; "" when there is none."""
        return dict(zip(OPTION_IDS, self.ids_of("options"), strict=False)).get(letter, "")

    def rows_of(self, name: str) -> dict[str, RowForm]:
        """The rows of a list by the ids that a save gives them."""
        return {id_: row.form for id_, row in zip(self.ids_of(name), self[name], strict=True) if id_}

    def placed_rows(self) -> dict[str, str]:
        return {
            row.form.stood.name: id_
            for name in self.row_ids
            for row, id_ in zip(self[name], self.ids_of(name), strict=True)
        }

    def draft(self, stored: ItemVersion) -> ItemDraft:
        lists = {name: self.rows_of(name) for name in self.row_ids}
        rows = {id_: row for list_ in lists.values() for id_, row in list_.items()}
        stood = {id_: row.stood.data or "" for id_, row in rows.items()}
        asked = {"stimulus": self.stimulus.data, "stem": self.stem.data}
        # Most questions have no vignette; one may be written in Spanish first.
        if not (self.stimulus.data or self.spanish_stimulus.data):
            del asked["stimulus"]
        before = spanish_in(stored.content)
        content = {
            **asked,
            **{name: [{"id": id_, "text": r.english.data} for id_, r in rows.items()] for name, rows in lists.items()},
            **self.answer(),
            **self.translations(
                {**asked, **{id_: row.english.data for id_, row in rows.items()}},
                {
                    "stimulus": self.spanish_stimulus.data,
                    "stem": self.spanish_stem.data,
                    **{id_: row.spanish.data for id_, row in rows.items()},
                },
                before and before.moved({**{place: place for place in asked}, **stood}),
            ),
        }
        return ItemDraft(content=content, rationale=self.rationale.data, reference=self.reference.data, **self.tags())

    @classmethod
    def described(cls, content: ItemContent) -> Iterator[tuple[str, str]]:
        question = Question.model_validate(content)
        yield _("Vignette"), question.stimulus
        yield _("Stem"), question.stem
        for premise in question.premises_offered():
            yield _("Line %(number)s", number=premise.id), premise.text
        for option in question.offered():
            yield _("Option %(letter)s", letter=option.id.upper()), option.text
        yield _("Key"), key_shown(question)
        yield _("Marking"), str(MARKING_LABELS[question.rule])
