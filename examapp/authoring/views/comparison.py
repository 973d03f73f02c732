"""Two texts of one item, field by field, in words."""

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _

from examapp.authoring.forms.items import COGNITIVE_LABELS
from examapp.shell import rule_text
from question_bank.framework import Framework
from question_bank.item_kinds import Essay, SingleBestAnswer
from question_bank.item_writing import ItemDraft
from question_bank.translations import spanish_in


class Difference(NamedTuple):
    label: str
    stored: str
    typed: str


def differences(stored: ItemDraft, typed: ItemDraft, framework: Framework) -> list[Difference]:
    """The fields in which two drafts differ."""
    before, after = dict(described(stored, framework)), dict(described(typed, framework))
    labels = dict.fromkeys([*before, *after])
    pairs = (Difference(label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [pair for pair in pairs if pair.stored != pair.typed]


def described(draft: ItemDraft, framework: Framework) -> Iterator[tuple[str, str]]:
    yield _("Title"), draft.title
    yield from content_described(draft)
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


def content_described(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    if "stem" in draft.content:
        item = SingleBestAnswer.model_validate(draft.content)
        yield _("Stem"), item.stem
        for option in item.options:
            yield _("Option %(letter)s", letter=option.id.upper()), option.text
        yield _("Key"), item.key.upper()
        return
    essay = Essay.model_validate(draft.content)
    yield _("Kind of vignette"), essay.slot
    yield _("Vignette"), essay.stimulus
    yield _("Prompt"), essay.prompt
    for number, dimension in enumerate(essay.rubric.dimensions, start=1):
        levels = [f"{level.level} {level.title}: {level.descriptor}" for level in dimension.levels]
        yield _("Dimension %(number)s", number=number), "\n".join([dimension.title, dimension.description, *levels])


def spanish_described(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    spanish = spanish_in(draft.content)
    labels = {
        "title": _("Title in Spanish"),
        "stem": _("Stem in Spanish"),
        "stimulus": _("Vignette in Spanish"),
        "prompt": _("Prompt in Spanish"),
    }
    for place, words in spanish.texts.items() if spanish else ():
        yield labels.get(place) or _("Option %(letter)s in Spanish", letter=place.upper()), words
