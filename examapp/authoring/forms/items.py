"""What authors type into the pages of items. A draft may be half-written, so nothing but length is refused here."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.interchange.parsed import clean
from question_bank.item_kinds import OPTION_IDS, RUBRIC_LEVELS, Translation
from question_bank.item_writing import ItemDraft
from question_bank.items import CognitiveLevel, ItemKind, ItemVersion
from question_bank.translations import SPANISH, spanish_in, translate

OPTION_ROWS = 5
MAX_DIMENSIONS = 8
TRANSLATED = ("title", "stimulus", "prompt")  # of a vignette; its rubric is read by raters only

KIND_LABELS = {
    ItemKind.SINGLE_BEST_ANSWER: _l("Multiple choice, one best answer"),
    ItemKind.ESSAY: _l("Vignette with essay prompt and rubric"),
}
COGNITIVE_LABELS = {
    CognitiveLevel.RECALL: _l("Recall"),
    CognitiveLevel.APPLICATION: _l("Application"),
    CognitiveLevel.ANALYSIS: _l("Analysis"),
}


def tidy(text: str | None) -> str:
    """Without control characters, which the database refuses, and without space at the ends."""
    return clean(text or "").strip()


def line(label: LazyString, limit: int, **values: Any) -> Field:
    return StringField(label, [Length(max=limit)], filters=[tidy], **values)


def text(label: LazyString, limit: int = 20_000, **values: Any) -> Field:
    return TextAreaField(label, [Length(max=limit)], filters=[tidy], **values)


def dependent(label: LazyString, kind: type[Field], **values: Any) -> Field:
    """A choice that depends on the area; what the area does not have is dropped, not refused."""
    return kind(label, validate_choice=False, **values)


def in_spanish(make: Callable[..., Field], label: LazyString, *limit: int) -> Field:
    """The same text in Spanish: nobody has to write it."""
    return make(label, *limit, render_kw={"lang": SPANISH})


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


class TaggedItemForm(FlaskForm):
    """What items of every kind have: tags, and the count of saves by which a stale page is noticed."""

    edit_count = IntegerField(widget=HiddenInput(), validators=[NumberRange(0, 1_000_000)], default=0)
    area = SelectField(
        _l("Area of expertise"),
        default="",
        # Terms, codes and competencies are those of the area: they are fetched anew when it changes.
        render_kw={
            "hx-post": "",
            "hx-trigger": "change",
            "hx-target": "#area-tags",
            "hx-select": "#area-tags",
            "hx-swap": "outerHTML",
            "hx-vals": '{"action": "show_terms"}',
        },
    )
    levels = SelectMultipleField(_l("Levels"), coerce=int)
    primary_term = dependent(_l("Primary term"), SelectField, description=_l("Forms are balanced by it."))
    further_terms = dependent(_l("Further terms"), SelectMultipleField)
    tracks = SelectMultipleField(_l("Tracks"), description=_l("Leave all empty when it suits every track."))
    responsibility_codes = dependent(_l("Responsibility codes"), SelectMultipleField)
    competency = dependent(_l("Competency it measures"), SelectField)
    cognitive_level = SelectField(
        _l("Cognitive level"),
        default="",
        choices=[
            SelectChoice("", _l("Not said")),
            *(SelectChoice(c.value, label) for c, label in COGNITIVE_LABELS.items()),
        ],
    )
    notes = text(_l("Notes for the committee"), description=_l("Candidates never see them."))
    says_the_same = BooleanField(_l("The Spanish text says the same again: I have compared all of it with the English"))

    def offer(self, framework: Framework) -> None:
        """Fill the choices from the framework; those that depend on the area from the area chosen."""
        unset = SelectChoice("", _("Choose …"))
        self.area.choices = [unset, *(SelectChoice(area.code, rule_text(area.title)) for area in framework.areas)]
        self.levels.choices = [SelectChoice(e.level, f"{e.level}: {rule_text(e.title)}") for e in framework.levels]
        self.tracks.choices = [
            SelectChoice(t.code, _("Level %(level)s, %(track)s", level=t.level, track=rule_text(t.title)))
            for t in framework.tracks
        ]
        area = framework.area(self.area.data or "")
        terms = [(t.code, framework.term_label(area.code, t.code)) for t in area.terms] if area else []
        terms = [SelectChoice(code, rule_text(label)) for code, label in terms]
        self.primary_term.choices = [unset, *terms]
        self.further_terms.choices = terms
        codes = [c for c in framework.responsibility_codes if area and c.code in area.responsibility_codes]
        self.responsibility_codes.choices = [SelectChoice(c.code, f"{c.code}: {rule_text(c.title)}") for c in codes]
        competencies = [c for c in framework.competencies if area and c.area == area.code]
        self.competency.choices = [
            SelectChoice("", _("Not said")),
            *(SelectChoice(c.code, f"{c.code}: {rule_text(c.statement)}") for c in competencies),
        ]

    def show(self, version: ItemVersion) -> None:
        """Fill the fields from a stored version."""
        for name in ("edit_count", "levels", "tracks", "responsibility_codes", "notes"):
            self[name].data = getattr(version, name)
        self.area.data = version.area or ""
        self.competency.data = version.competency or ""
        self.cognitive_level.data = version.cognitive_level.value if version.cognitive_level else ""
        self.primary_term.data, self.further_terms.data = version.primary_term, version.terms[1:]

    def rearrange(self, action: str) -> bool:
        """Carry out a button that changes the form and saves nothing; False when it was another button."""
        return action == "show_terms"

    def placed_rows(self) -> list[str]:
        """What a page must know of its rows after a save; most kinds of items have none that can move."""
        return []

    def tags(self) -> dict[str, Any]:
        """The tags as the fields of a draft."""
        terms = offered(self.primary_term) + offered(self.further_terms)
        return {
            "area": self.area.data or None,
            "terms": list(dict.fromkeys(terms)),
            "levels": self.levels.data,
            "tracks": self.tracks.data,
            "responsibility_codes": offered(self.responsibility_codes),
            "competency": next(iter(offered(self.competency)), None),
            "cognitive_level": CognitiveLevel(self.cognitive_level.data) if self.cognitive_level.data else None,
            "notes": self.notes.data,
        }

    def translations(
        self, english: Mapping[str, str], typed: Mapping[str, str], before: Translation | None
    ) -> dict[str, Any]:
        """The Spanish as a field of the content; nothing when none is written."""
        made = translate(english, typed, before, says_the_same=self.says_the_same.data)
        return {"translations": {SPANISH: made.model_dump()}} if made else {}


def offered(field: Field) -> list[str]:
    """What was chosen of what is offered, in the order offered."""
    chosen = field.data if isinstance(field.data, list) else [field.data]
    return [choice.value for choice in field.choices if choice.value and choice.value in chosen]


class SaveChoiceItemForm(TaggedItemForm):
    stem = text(_l("Stem"))
    spanish_stem = in_spanish(text, _l("Stem in Spanish"))
    # An empty row is left out on saving, so that there is always room to type.
    options = FieldList(text(_l("Option"), 2_000), min_entries=OPTION_ROWS, max_entries=len(OPTION_IDS))
    spanish_options = FieldList(
        in_spanish(text, _l("Option in Spanish"), 2_000), min_entries=OPTION_ROWS, max_entries=len(OPTION_IDS)
    )
    # Where each row's text stands in the stored version: it differs from the row after empty ones were left out.
    stood = FieldList(HiddenField(validators=[Length(max=1)]), min_entries=OPTION_ROWS, max_entries=len(OPTION_IDS))
    # The page writes it as radio buttons beside the options.
    key = StringField(_l("Key"), [Length(max=1)])
    rationale = text(_l("Rationale"), description=_l("Why the key is best, and why the most tempting option is not."))
    reference = text(_l("Reference"), 2_000, description=_l("The work that supports the key."))

    def show(self, version: ItemVersion) -> None:
        super().show(version)
        self.stem.data, self.key.data = version.content["stem"], version.content["key"]
        self.rationale.data, self.reference.data = version.rationale, version.reference
        before = spanish_in(version.content)
        texts = before.texts if before else {}
        self.spanish_stem.data = texts.get("stem", "")
        for row, option in enumerate(version.content["options"]):
            entry, other = self.rows()[row] if row < len(self.options) else self.add_row()
            entry.data, other.data = option["text"], texts.get(option["id"], "")

    def stands(self, row: int) -> str:
        """The letter at which a row's text stands in the stored version; before the first save they are in order."""
        entry = self.stood[row].data if row < len(self.stood) else None
        return OPTION_IDS[row] if entry is None else entry

    def placed_rows(self) -> list[str]:
        """For each row the letter that a save gives it; "" when it is empty and left out."""
        letters = iter(OPTION_IDS)
        return [next(letters) if one.data or other.data else "" for one, other in self.rows()]

    def rows(self) -> list[tuple[Field, Field]]:
        """The options, each with its Spanish."""
        while len(self.spanish_options) < len(self.options):
            self.spanish_options.append_entry()
        return list(zip(self.options, self.spanish_options, strict=False))

    def add_row(self) -> tuple[Field, Field]:
        return self.options.append_entry(), self.spanish_options.append_entry()

    def draft(self, stored: ItemVersion) -> ItemDraft:
        """What was typed as a draft. Empty rows are left out, and every text keeps what is known of its translation."""
        placed = {id_: row for row, id_ in enumerate(self.placed_rows()) if id_}
        options = {id_: self.rows()[row][0].data for id_, row in placed.items()}
        spanish = {id_: self.rows()[row][1].data for id_, row in placed.items()}
        before = spanish_in(stored.content)
        content = {
            "stem": self.stem.data,
            "options": [{"id": id_, "text": words} for id_, words in options.items()],
            "key": next((id_ for id_, row in placed.items() if OPTION_IDS[row] == self.key.data), ""),
            **self.translations(
                {"stem": self.stem.data, **options},
                {"stem": self.spanish_stem.data, **spanish},
                before and before.moved({"stem": "stem", **{id_: self.stands(row) for id_, row in placed.items()}}),
            ),
        }
        return ItemDraft(content=content, rationale=self.rationale.data, reference=self.reference.data, **self.tags())


class RubricLevelForm(Form):
    title = line(_l("Name of the level"), 100)
    descriptor = text(_l("What an essay of this level does"), 4_000)


class DimensionForm(Form):
    code = HiddenField(filters=[tidy])
    title = line(_l("Dimension"), 200)
    description = line(_l("What it looks at"), 500)
    levels = FieldList(FormField(RubricLevelForm), min_entries=RUBRIC_LEVELS, max_entries=RUBRIC_LEVELS)


class SaveEssayForm(TaggedItemForm):
    title = line(_l("Title of the vignette"), 200)
    spanish_title = in_spanish(line, _l("Title in Spanish"), 200)
    slot = SelectField(_l("Kind of vignette"), default="", description=_l("Exam policies ask for vignettes by kind."))
    stimulus = text(_l("Vignette"))
    spanish_stimulus = in_spanish(text, _l("Vignette in Spanish"))
    prompt = text(_l("Prompt"))
    spanish_prompt = in_spanish(text, _l("Prompt in Spanish"))
    dimensions = FieldList(FormField(DimensionForm), max_entries=MAX_DIMENSIONS)

    def offer_slots(self, slots: list[str]) -> None:
        known = dict.fromkeys([*slots, *([self.slot.data] if self.slot.data else [])])
        self.slot.choices = [
            SelectChoice("", _("Choose …")),
            *(SelectChoice(slot, slot.replace("_", " ").capitalize()) for slot in known),
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


ItemEditor = SaveChoiceItemForm | SaveEssayForm

EDITORS: dict[ItemKind, Callable[[], ItemEditor]] = {
    ItemKind.SINGLE_BEST_ANSWER: SaveChoiceItemForm,
    ItemKind.ESSAY: SaveEssayForm,
}
