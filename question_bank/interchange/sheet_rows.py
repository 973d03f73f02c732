"""A row of a sheet as a question, by what its columns are."""

import re
from collections.abc import Mapping
from dataclasses import replace

from question_bank.errors import sentence as _
from question_bank.interchange.answers import all_of
from question_bank.interchange.columns import IN_SPANISH, OPTION, OPTIONS, Columns, option_number
from question_bank.interchange.contents import options_to_match
from question_bank.interchange.labels import KIND_OF_WORD, squeezed, tags_of
from question_bank.interchange.parsed import FULL_MARK, NO_MARK, TRUTHS, ParsedItem
from question_bank.item_kinds import OPTION_IDS, PREMISE_IDS
from question_bank.item_kinds.matching import PAIR
from question_bank.items import ItemKind

ARROW = "->"


def parse(line: int, row: list[str], columns: Columns) -> ParsedItem:
    cell = dict(enumerate(row))
    value = {role: cell.get(place, "") for role, place in columns.places.items()}
    texts = {number: text for number, place in columns.options.items() if (text := cell.get(place, ""))}
    item = ParsedItem(
        line=line,
        title=value.get("title", "")[:200],
        code=value.get("code", "")[:200],
        stem=value["stem"],
        stimulus=value.get("stimulus", ""),
        tags=tags_of(value, {heading: cell.get(place, "") for place, heading in columns.notes.items()}),
    )
    if any(row[columns.width :]):
        return item.refused(_("The row has more cells than the first row names; check its quotation marks."))
    kind, key = kind_named(value.get("kind", "")), value.get("key", "")
    if kind is None and not columns.options:
        kind = ItemKind.TRUE_FALSE if truth_of(key) is not None else ItemKind.ESSAY
    # A sheet with these columns is one that we wrote: there a letter is a key, whatever the options say.
    by_letter = lettered if {"code", "kind"} <= columns.places.keys() else with_options
    reader = READERS.get(kind or ItemKind.SINGLE_BEST_ANSWER, by_letter)
    return in_spanish(reader(item, texts, key), texts, value)


def in_spanish(item: ParsedItem, texts: dict[int, str], value: Mapping[str, str]) -> ParsedItem:
    """The item with the Spanish of its texts, each at the place that its English has."""
    said = {role.removesuffix(IN_SPANISH): text for role, text in value.items() if role.endswith(IN_SPANISH) and text}
    options = [said.get(OPTIONS[number], "") for number in sorted(texts)]
    if item.kind is ItemKind.ESSAY:
        places = {"title": "title", "stimulus": "stimulus", "prompt": "stem"}
    else:
        places = {"stimulus": "stimulus", "stem": "stem"}
    spanish = {place: said.get(role, "") for place, role in places.items()}
    if item.kind is ItemKind.MATCHING:
        spanish |= matched_in_spanish(item, options)
    elif item.kind in (ItemKind.SINGLE_BEST_ANSWER, ItemKind.MULTIPLE_RESPONSE):
        spanish |= zip(OPTION_IDS, options, strict=False)
    return replace(item, spanish={place: text for place, text in spanish.items() if text})


def matched_in_spanish(item: ParsedItem, cells: list[str]) -> dict[str, str]:
    """The Spanish of lines and options; an option that goes with several lines is translated by the first."""
    lines, ids, found = iter(PREMISE_IDS), dict(zip(options_to_match(item), OPTION_IDS, strict=False)), {}
    for (line, option), spanish in zip(item.pairs, cells, strict=False):
        line_in_spanish, _arrow, option_in_spanish = map(str.strip, spanish.partition(ARROW))
        if line:
            found[next(lines, "")] = line_in_spanish
        found.setdefault(ids.get(option, ""), option_in_spanish)
    return {place: text for place, text in found.items() if place}


def kind_named(text: str) -> ItemKind | None:
    """The kind that a cell names; another word says nothing."""
    return KIND_OF_WORD.get(squeezed(text))


def essay(item: ParsedItem, _texts: dict[int, str], _key: str) -> ParsedItem:
    return replace(item, kind=ItemKind.ESSAY)


def true_false(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    truth = truth_of(key)
    if truth is None and texts:
        return with_options(item, texts, key)
    if truth is None:
        return item.refused(_("Its key says neither true nor false."))
    options = [("True", FULL_MARK if truth else NO_MARK), ("False", NO_MARK if truth else FULL_MARK)]
    return replace(item, kind=ItemKind.TRUE_FALSE, options=options)


def truth_of(key: str) -> bool | None:
    return TRUTHS.get(squeezed(key), {"t": True, "f": False, "v": True}.get(squeezed(key)))


def matching(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    """Its cells say what goes together; a key such as 1B 2A says besides in which order the options stand."""
    cells = [text.partition(ARROW) for _number, text in sorted(texts.items())]
    if not all(arrow for _line, arrow, _option in cells):
        return item.refused(_("Write each line of a matching question as: line -> option."))
    pairs = [(line.strip(), option.strip()) for line, _arrow, option in cells]
    return replace(item, kind=ItemKind.MATCHING, pairs=pairs, order=tuple(order_told(pairs, key)))


def order_told(pairs: list[tuple[str, str]], key: str) -> list[int]:
    """The places of the options by their letters in the key; those that go with no line have the letters left."""
    lines = [place for place, (line, _option) in enumerate(pairs) if line]
    spare = iter([place for place, (line, _option) in enumerate(pairs) if not line])
    place_of = {letter.lower(): int(number) - 1 for number, letter in PAIR.findall(key.upper())}
    if not place_of or max(place_of.values()) >= len(lines):
        return []
    places = (lines[place_of[id_]] if id_ in place_of else next(spare, None) for id_ in OPTION_IDS)
    return [place for place in places if place is not None]


def short_answer(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    """Accepted answers stand in the cell of the key, one a line, or in the cells of options."""
    answers = [*key.split("\n"), *(text for _number, text in sorted(texts.items()))]
    accepted = dict.fromkeys(answer.strip() for answer in answers if answer.strip())
    return replace(item, kind=ItemKind.SHORT_TEXT, options=[(text, FULL_MARK) for text in accepted])


def with_options(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    keys = keys_meant(key, texts)
    if len(keys) > 1:
        return item.refused(_("Its key can be read as two different options."))
    if not keys:
        return several_keys(item, texts, key)
    return with_key(item, texts, keys)


def lettered(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    keys = {number for number in texts if OPTION_IDS[number] == key}
    return with_key(item, texts, keys) if keys else with_options(item, texts, key)


def with_key(item: ParsedItem, texts: dict[int, str], keys: set[int]) -> ParsedItem:
    options = [(text, FULL_MARK if number in keys else NO_MARK) for number, text in sorted(texts.items())]
    return without_gaps(replace(item, options=options), texts)


def several_keys(item: ParsedItem, texts: dict[int, str], key: str) -> ParsedItem:
    keys = keys_listed(key, texts)
    if not keys:
        return item.refused(_("Its key names no option.") if key else _("It has no key."))
    return without_gaps(all_of(item, [(text, number in keys) for number, text in sorted(texts.items())]), texts)


def without_gaps(item: ParsedItem, texts: dict[int, str]) -> ParsedItem:
    return item.changed(_("An empty option was left out.")) if max(texts, default=-1) >= len(texts) else item


def keys_listed(key: str, texts: dict[int, str]) -> set[int]:
    """The options that a list of letters or numbers names; nothing when one of them is no option."""
    labels = [
        OPTION.fullmatch(part) for part in re.split(r"[\s,;/&+.]+", key.casefold()) if part not in ("", "and", "y")
    ]
    found = [option_number(label[1]) for label in labels if label]
    return set(found) if found and len(found) == len(labels) and set(found) <= texts.keys() else set()


def keys_meant(key: str, texts: dict[int, str]) -> set[int]:
    """The options a key may mean: by its letter or number, or by its text."""
    folded = key.casefold().strip(" .()[]")
    label = OPTION.fullmatch("".join(folded.split()))
    by_text = {number for number, text in texts.items() if text.casefold() == key.casefold()}
    by_label = {option_number(label[1])} & texts.keys() if label else set()
    return by_text | by_label


READERS = {
    ItemKind.MULTIPLE_RESPONSE: several_keys,
    ItemKind.TRUE_FALSE: true_false,
    ItemKind.MATCHING: matching,
    ItemKind.SHORT_TEXT: short_answer,
    ItemKind.ESSAY: essay,
}
