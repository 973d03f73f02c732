"""Two texts of one item, field by field, in words."""

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _

from examapp.authoring.forms.items import COGNITIVE_LABELS, EDITORS
from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.item_kinds import content_of
from question_bank.item_writing import ItemDraft
from question_bank.items import ItemKind
from question_bank.translations import spanish_in


class Difference(NamedTuple):
    label: str
    stored: str
    typed: str


def differences(kind: ItemKind, stored: ItemDraft, typed: ItemDraft, framework: Framework) -> list[Difference]:
    """The fields in which two drafts of an item differ."""
    before, after = dict(described(kind, stored, framework)), dict(described(kind, typed, framework))
    labels = dict.fromkeys([*before, *after])
    pairs = (Difference(label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [pair for pair in pairs if pair.stored != pair.typed]


def described(kind: ItemKind, draft: ItemDraft, framework: Framework) -> Iterator[tuple[str, str]]:
    yield _("Title"), draft.title
    yield from EDITORS[kind].described(content_of(kind, draft.content))
    yield from spanish_described(draft)
    yield _("Area of expertise"), rule_text(framework.area_title(draft.area)) if draft.area else ""
    yield _("Terms"), ", ".join(rule_text(framework.term_label(draft.area or "", term)) for term in draft.terms)
    yield _("Levels"), ", ".join(map(str, draft.levels))
    yield _("Tracks"), ", ".join(rule_text(framework.track_title(code) or code) for code in draft.tracks)
    yield _("Responsibility codes"), ", ".join(draft.responsibility_codes)
    yield _("Competency it measures"), draft.competency or ""
    yield _("Cognitive level"), str(COGNITIVE_LABELS[draft.cognitive_level]) if draft.cognitive_level else ""
    yield _("Rationale"), draft.rationale
    yield _("Reference"), draft.reference
    yield _("Notes for the committee"), draft.notes


def spanish_described(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    spanish = spanish_in(draft.content)
    labels = {
        "title": _("Title in Spanish"),
        "stem": _("Stem in Spanish"),
        "stimulus": _("Vignette in Spanish"),
        "prompt": _("Prompt in Spanish"),
    }
    for place, words in spanish.texts.items() if spanish else ():
        yield labels.get(place) or name_of_row(place), words


def name_of_row(place: str) -> str:
    if place.isdecimal():
        return _("Line %(number)s in Spanish", number=place)
    return _("Option %(letter)s in Spanish", letter=place.upper())
