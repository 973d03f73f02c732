"""What items of every kind have: tags, notes, and the Spanish beside the English."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import NumberRange
from wtforms.widgets import HiddenInput

from examapp.authoring.forms.items.fields import dependent, text
from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.item_kinds import ItemContent, Translation
from question_bank.item_writing import ItemDraft
from question_bank.items import CognitiveLevel, ItemVersion
from question_bank.translations import SPANISH, translate

COGNITIVE_LABELS = {
    CognitiveLevel.RECALL: _l("Recall"),
    CognitiveLevel.APPLICATION: _l("Application"),
    CognitiveLevel.ANALYSIS: _l("Analysis"),
}


class SaveItemForm(FlaskForm):
    """What items of every kind have: tags, and the count of saves by which a stale page is noticed.

    Each kind has a form of its own, and a template of its name under templates/authoring/kinds.
    """

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

    @abstractmethod
    def draft(self, stored: ItemVersion) -> ItemDraft:
        """What was typed, as a draft. Every text keeps what is known of its translation in the stored version."""

    @classmethod
    @abstractmethod
    def described(cls, content: ItemContent) -> Iterator[tuple[str, str]]:
        """The content in words, field by field, to be compared with another one."""

    def offer(self, framework: Framework, slots: Sequence[str]) -> None:
        """Fill the choices from the framework; those that depend on the area from the area chosen.

        ``slots`` are the kinds of vignettes that the newest exam policy asks for.
        """
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

    def placed_rows(self) -> dict[str, str]:
        """What a page must know of its rows after a save, by field; not every kind has some that can move."""
        return {}

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
