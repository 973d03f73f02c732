"""Questions, or essays, of a file that share a vignette."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.parsed import ParsedItem, RowStatus, shortened
from question_bank.item_sets import PLACE, SLOT, with_vignette
from question_bank.items import ItemKind

SET = "vignette_set"
AMONG_QUESTIONS = _("Its vignette set begins with a question, so this essay stands outside of it.")
AMONG_ESSAYS = _("Its vignette set begins with an essay, so this question stands outside of it.")


def gathered(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """The items, each with the vignette of its set; the file may say it with the first of them only."""
    items = of_one_part(items)
    sets = defaultdict[str, list[ParsedItem]](list)
    for item in items:
        if is_member(item):
            sets[item.tags[SET]].append(item)
    sources = {name: source_among(found) for name, found in sets.items()}
    return [shared(item, sources[item.tags[SET]]) if is_member(item) else item for item in items]


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


def source_among(found: Sequence[ParsedItem]) -> ParsedItem | None:
    """The first one of a set that has the vignette, with the first kind of vignette that the set says."""
    first = next((one for one in found if one.stimulus), None)
    if first is None:
        return None
    kinds = (kind_told(one) for one in found if one.stimulus in ("", first.stimulus))
    return of_kind(first, next(filter(None, kinds), ""))


def kind_told(item: ParsedItem) -> str:
    """Which kind of vignette an essay says it has; questions have none."""
    if item.kind is not ItemKind.ESSAY:
        return ""
    told: str = item.content[SLOT] if item.content else item.tags.get(SLOT, "")
    return told.strip()


def of_kind(item: ParsedItem, kind: str) -> ParsedItem:
    if not kind:
        return item
    if item.content:
        return replace(item, content={**item.content, SLOT: kind})
    return replace(item, tags={**item.tags, SLOT: kind})


def shared(item: ParsedItem, source: ParsedItem | None) -> ParsedItem:
    """The item with what all of its set say alike: the vignette, its pictures, and which kind of vignette it is."""
    if source is None:
        return without_set(item, _("Its vignette set has no vignette, so it stands alone."))
    if item.stimulus not in ("", source.stimulus):
        return item.refused(_("Its vignette is not that of its set. Write the same one, or leave it empty."))
    kind, told = kind_told(source), kind_told(item)
    alike = of_kind(item, kind)
    if told not in ("", kind):
        alike = alike.changed(another_kind(told, kind))
    return alike if item.stimulus else with_vignette_of(source, alike)


def another_kind(told: str, kind: str) -> RuleViolation:
    return RuleViolation(
        "Its kind of vignette was “%(kind)s”; it got “%(other)s” from its set.",
        kind=shortened(told),
        other=shortened(kind),
    )


def with_vignette_of(source: ParsedItem, item: ParsedItem) -> ParsedItem:
    spanish = {PLACE: source.spanish[PLACE]} if PLACE in source.spanish else {}
    return replace(
        item,
        stimulus=source.stimulus,
        spanish={**spanish, **item.spanish},
        content=with_vignette(item.content, source.content) if item.content and source.content else item.content,
        pictures={**source.pictures, **item.pictures},
    )
