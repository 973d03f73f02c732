"""Questions of a file that share a vignette."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from question_bank.errors import sentence as _
from question_bank.interchange.parsed import ParsedItem, RowStatus
from question_bank.items import ItemKind

SET, VIGNETTE = "vignette_set", "stimulus"
ESSAY_ALONE = _("An essay has a vignette of its own, so it stands outside its vignette set.")


def gathered(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """The questions, each with the vignette of its set; the file may say it with the first of them only."""
    items = [without_set(item, ESSAY_ALONE) if item.kind is ItemKind.ESSAY else item for item in items]
    sets = defaultdict[str, list[ParsedItem]](list)
    for item in items:
        if is_member(item):
            sets[item.tags[SET]].append(item)
    first = {name: next((one for one in found if one.stimulus), None) for name, found in sets.items()}
    return [shared(item, first[item.tags[SET]]) if is_member(item) else item for item in items]


def is_member(item: ParsedItem) -> bool:
    return SET in item.tags and item.status is not RowStatus.REFUSED


def without_set(item: ParsedItem, reason: str) -> ParsedItem:
    """The item standing alone, and why; one of no set stays as it is."""
    tags = {name: text for name, text in item.tags.items() if name != SET}
    return replace(item, tags=tags).changed(reason) if SET in item.tags else item


def shared(item: ParsedItem, first: ParsedItem | None) -> ParsedItem:
    """The question with the vignette of the first one of its set that has it."""
    if first is None:
        return without_set(item, _("Its vignette set has no vignette, so it stands alone."))
    if item.stimulus not in ("", first.stimulus):
        return item.refused(_("Its vignette is not that of its set. Write the same one, or leave it empty."))
    if item.stimulus:
        return item
    spanish = {VIGNETTE: first.spanish[VIGNETTE]} if VIGNETTE in first.spanish else {}
    return replace(item, stimulus=first.stimulus, spanish={**spanish, **item.spanish})
