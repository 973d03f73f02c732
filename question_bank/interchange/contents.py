"""From what a file says of a question to the content of an item, and back for files that hold contents."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from question_bank.interchange.answers import share_of
from question_bank.interchange.parsed import FULL_MARK, NO_MARK, ParsedItem, without_markup
from question_bank.item_kinds import (
    CONTENT_OF,
    OPTION_IDS,
    PREMISE_IDS,
    Essay,
    ItemContent,
    MarkingRule,
    Matching,
    MultipleResponse,
    Question,
    ShortText,
    SingleBestAnswer,
    TrueFalse,
)
from question_bank.item_kinds.matching import pairs_in
from question_bank.items import ItemKind
from question_bank.translations import SPANISH, source_texts, translate


def content_of(item: ParsedItem) -> dict[str, Any]:
    """The content of an item whose every check is passed."""
    if item.content is not None:
        return item.content
    content = CONTENTS[item.kind](item)
    if item.stimulus and item.kind is not ItemKind.ESSAY:
        content["stimulus"] = item.stimulus
    spanish = translate(source_texts(CONTENT_OF[item.kind].model_validate(content), item.title), item.spanish)
    return {**content, "translations": {SPANISH: spanish.model_dump(mode="json")}} if spanish else content


def essay(item: ParsedItem) -> dict[str, Any]:
    slot = item.tags.get("slot", "")
    return Essay(slot=slot, stimulus=item.stimulus, prompt=item.stem).model_dump(mode="json")


def asked(item: ParsedItem) -> dict[str, str]:
    return {"stimulus": item.stimulus, "stem": item.stem} if item.stimulus else {"stem": item.stem}


def one_key(item: ParsedItem) -> dict[str, Any]:
    return {**asked(item), "options": options_of(item), "key": keys_of(item)[0]}


def several_keys(item: ParsedItem) -> dict[str, Any]:
    marking = item.marking or MarkingRule.ALL_OR_NOTHING
    return {
        **asked(item),
        "options": options_of(item),
        "key": ",".join(keys_of(item)),
        "marking": marking.value,
    }


def statement(item: ParsedItem) -> dict[str, Any]:
    return {**asked(item), "key": keys_of(item)[0]}


def matching(item: ParsedItem) -> dict[str, Any]:
    ids = dict(zip(options_to_match(item), OPTION_IDS, strict=False))
    lines = [pair for pair in item.pairs if pair[0]]
    return {
        **asked(item),
        "premises": [{"id": id_, "text": line} for id_, (line, _option) in zip(PREMISE_IDS, lines, strict=False)],
        "options": [{"id": id_, "text": text} for text, id_ in ids.items()],
        "key": ",".join(f"{id_}:{ids[option]}" for id_, (_line, option) in zip(PREMISE_IDS, lines, strict=False)),
        "marking": (item.marking or MarkingRule.PARTIAL).value,
    }


def options_to_match(item: ParsedItem) -> list[str]:
    """The options in the order of the file, else by the alphabet: the order of the lines would give the key away."""
    texts = dict.fromkeys(option for _line, option in item.pairs)
    told = dict.fromkeys(item.pairs[place][1] for place in item.order)
    return list(told) if told.keys() == texts.keys() else sorted(texts, key=alphabetically)


def alphabetically(text: str) -> str:
    """The same before and after its markup is taken out."""
    return without_markup(text).casefold()


def typed(item: ParsedItem) -> dict[str, Any]:
    return {**asked(item), "accepted": [{"text": text} for text, _fraction in item.options]}


def options_of(item: ParsedItem) -> list[dict[str, str]]:
    return [{"id": id_, "text": text} for id_, (text, _mark) in zip(OPTION_IDS, item.options, strict=False)]


def keys_of(item: ParsedItem) -> list[str]:
    """The ids of what gets a mark; of a single key those that get all of it."""
    least = NO_MARK if item.kind is ItemKind.MULTIPLE_RESPONSE else FULL_MARK - 1
    return [id_ for id_, (_text, mark) in zip(OPTION_IDS, item.options, strict=False) if mark > least]


CONTENTS: Mapping[ItemKind, Callable[[ParsedItem], dict[str, Any]]] = {
    ItemKind.SINGLE_BEST_ANSWER: one_key,
    ItemKind.MULTIPLE_RESPONSE: several_keys,
    ItemKind.TRUE_FALSE: statement,
    ItemKind.MATCHING: matching,
    ItemKind.SHORT_TEXT: typed,
    ItemKind.ESSAY: essay,
}


def showing(item: ParsedItem, content: ItemContent) -> ParsedItem:
    """The item with what is shown of this content."""
    if isinstance(content, Essay):
        return replace(item, stem=content.prompt, stimulus=content.stimulus)
    if isinstance(content, Question):
        item = replace(item, stem=content.stem, stimulus=content.stimulus)
    match content:
        case SingleBestAnswer() | TrueFalse():
            options = [(o.text, FULL_MARK if o.id == content.key else NO_MARK) for o in content.offered()]
            return replace(item, options=options)
        case MultipleResponse():
            return replace(item, options=weights_of(content), marking=content.marking)
        case Matching():
            return replace(item, pairs=pairs_of(content), marking=content.marking)
        case ShortText():
            return replace(item, options=[(answer.text, FULL_MARK) for answer in content.accepted])
    return item


def weights_of(content: MultipleResponse) -> list[tuple[str, Decimal]]:
    """What choosing each option gives, in percent."""
    keys = content.parts(content.key)
    share = share_of(max(1, len(keys)))
    other = -share if content.marking is MarkingRule.PARTIAL_WITH_PENALTY else NO_MARK
    return [(option.text, share if option.id in keys else other) for option in content.options]


def pairs_of(content: Matching) -> list[tuple[str, str]]:
    """The lines with their options, and after them the options that go with no line."""
    options, key = {option.id: option.text for option in content.options}, pairs_in(content.key)
    matched = [(premise.text, options.get(key.get(premise.id, ""), "")) for premise in content.premises]
    return matched + [("", text) for id_, text in options.items() if id_ not in key.values()]
