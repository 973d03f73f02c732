"""Questions, or essays, of a file that share a vignette."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from question_bank.errors import sentence as _
from question_bank.interchange.parsed import ParsedItem, RowStatus
from question_bank.item_sets import with_vignette
from question_bank.items import ItemKind

SET, VIGNETTE, SLOT = "vignette_set", "stimulus", "slot"
AMONG_QUESTIONS = _("Its vignette set begins with a question, so this essay stands outside of it.")
AMONG_ESSAYS = _("Its vignette set begins with an essay, so this question stands outside of it.")


def gathered(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """The items, each with the vignette of its set; the file may say it with the first of them only."""
    items = of_one_part(items)
    sets = defaultdict[str, list[ParsedItem]](list)
    for item in items:
        if is_member(item):
            sets[item.tags[SET]].append(item)
    first = {name: next((one for one in found if one.stimulus), None) for name, found in sets.items()}
    return [shared(item, first[item.tags[SET]]) if is_member(item) else item for item in items]


def of_one_part(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """The items, without a set those that stand in another part of a form than the first one of their set."""
    begins_with_essay = dict[str, bool]()
    for item in filter(is_member, items):
        begins_with_essay.setdefault(item.tags[SET], item.kind is ItemKind.ESSAY)
    return [
        without_set(item, AMONG_ESSAYS if begins_with_essay[item.tags[SET]] else AMONG_QUESTIONS)
        if is_member(item) and begins_with_essay[item.tags[SET]] is not (item.kind is ItemKind.ESSAY)
        else item
        for item in items
    ]


def is_member(item: ParsedItem) -> bool:
    return SET in item.tags and item.status is not RowStatus.REFUSED


def without_set(item: ParsedItem, reason: str) -> ParsedItem:
    """The item standing alone, and why; one of no set stays as it is."""
    tags = {name: text for name, text in item.tags.items() if name != SET}
    return replace(item, tags=tags).changed(reason) if SET in item.tags else item


def shared(item: ParsedItem, first: ParsedItem | None) -> ParsedItem:
    """The item with the vignette of the first one of its set that has it, and which kind of vignette that is."""
    if first is None:
        return without_set(item, _("Its vignette set has no vignette, so it stands alone."))
    if item.stimulus not in ("", first.stimulus):
        return item.refused(_("Its vignette is not that of its set. Write the same one, or leave it empty."))
    if item.stimulus:
        return item
    spanish = {VIGNETTE: first.spanish[VIGNETTE]} if VIGNETTE in first.spanish else {}
    slot = {SLOT: first.tags[SLOT]} if SLOT in first.tags else {}
    return replace(
        item,
        stimulus=first.stimulus,
        spanish={**spanish, **item.spanish},
        tags={**slot, **item.tags},
        content=with_vignette(item.content, first.content) if item.content and first.content else item.content,
    )
