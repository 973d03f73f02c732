"""The editor of vignettes with an essay prompt and a rubric."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectChoice, SelectField

from examapp.authoring.forms.items.fields import in_spanish, line, text, tidy
from examapp.authoring.forms.items.saving import SaveItemForm
from examapp.forms import PartForm
from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.item_kinds import RUBRIC_LEVELS, Essay, ItemContent
from question_bank.item_writing import ItemDraft
from question_bank.items import ItemVersion
from question_bank.translations import spanish_in

MAX_DIMENSIONS = 8
TRANSLATED = ("title", "stimulus", "prompt")  # of a vignette; its rubric is read by raters only


class RubricLevelForm(PartForm):
    title = line(_l("Name of the level"), 100)
    descriptor = text(_l("What an essay of this level does"), 4_000)


class DimensionForm(PartForm):
    code = HiddenField(filters=[tidy])
    title = line(_l("Dimension"), 200)
    description = line(_l("What it looks at"), 500)
    levels = FieldList(FormField(RubricLevelForm), min_entries=RUBRIC_LEVELS, max_entries=RUBRIC_LEVELS)


def kind_label(slot: str) -> str:
    """What a kind of vignette is called: as the exam policy that ships does, or as the committee wrote it."""
    return rule_text(slot).replace("_", " ").capitalize()


class SaveEssayForm(SaveItemForm):
    title = line(_l("Title of the vignette"), 200)
    spanish_title = in_spanish(line, _l("Title in Spanish"), 200)
    slot = SelectField(_l("Kind of vignette"), default="", description=_l("Exam policies ask for vignettes by kind."))
    stimulus = text(_l("Vignette"))
    spanish_stimulus = in_spanish(text, _l("Vignette in Spanish"))
    prompt = text(_l("Prompt"))
    spanish_prompt = in_spanish(text, _l("Prompt in Spanish"))
    dimensions = FieldList(FormField(DimensionForm), max_entries=MAX_DIMENSIONS)

    def offer(self, framework: Framework, slots: Sequence[str]) -> None:
        super().offer(framework, slots)
        known = dict.fromkeys([*slots, *([self.slot.data] if self.slot.data else [])])
        self.slot.choices = [
            SelectChoice("", _("Choose …")),
            *(SelectChoice(slot, kind_label(slot)) for slot in known),
        ]

    def show(self, version: ItemVersion) -> None:
        super().show(version)
        self.title.data = version.title
        for name in ("slot", "stimulus", "prompt"):
            self[name].data = version.content[name]
        before = spanish_in(version.content)
        for name in TRANSLATED:
            self[f"spanish_{name}"].data = before.texts.get(name, "") if before else ""
        for dimension in version.content["rubric"]["dimensions"]:
            self.dimensions.append_entry(dimension)

    def rearrange(self, action: str) -> bool:
        if action == "add_dimension":
            if len(self.dimensions) < MAX_DIMENSIONS:
                self.dimensions.append_entry(empty_dimension())
            return True
        verb, _dash, place = action.partition("-")
        if verb == "remove_dimension":
            if place.isdecimal() and int(place) < len(self.dimensions):
                self.dimensions.entries.pop(int(place))
            return True
        return super().rearrange(action)

    def draft(self, stored: ItemVersion) -> ItemDraft:
        english = {name: self[name].data for name in TRANSLATED}
        spanish = {name: self[f"spanish_{name}"].data for name in TRANSLATED}
        content = {
            "slot": self.slot.data,
            "stimulus": self.stimulus.data,
            "prompt": self.prompt.data,
            "rubric": {"dimensions": self.rubric()},
            **self.translations(english, spanish, spanish_in(stored.content)),
        }
        return ItemDraft(content=content, title=self.title.data, **self.tags())

    @classmethod
    def described(cls, content: ItemContent) -> Iterator[tuple[str, str]]:
        essay = Essay.model_validate(content)
        yield _("Kind of vignette"), kind_label(essay.slot)
        yield _("Vignette"), essay.stimulus
        yield _("Prompt"), essay.prompt
        for number, dimension in enumerate(essay.rubric.dimensions, start=1):
            levels = [f"{level.level} {level.title}: {level.descriptor}" for level in dimension.levels]
            yield _("Dimension %(number)s", number=number), "\n".join([dimension.title, dimension.description, *levels])

    def rubric(self) -> list[dict[str, Any]]:
        """The dimensions; each keeps its code, or gets the first free one."""
        taken = {entry.form.code.data for entry in self.dimensions}
        free = (f"dimension-{number}" for number in range(1, MAX_DIMENSIONS + 1) if f"dimension-{number}" not in taken)
        return [
            {
                "code": entry.form.code.data or next(free),
                "title": entry.form.title.data,
                "description": entry.form.description.data,
                "levels": [
                    {"level": number, "title": level.form.title.data, "descriptor": level.form.descriptor.data}
                    for number, level in enumerate(entry.form.levels, start=1)
                ],
            }
            for entry in self.dimensions
        ]


def empty_dimension() -> dict[str, Any]:
    titles = (_("Beginning"), _("Developing"), _("Competent"), _("Accomplished"))
    return {"levels": [{"title": title, "descriptor": ""} for title in titles]}
