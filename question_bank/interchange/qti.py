"""One item of QTI 2.0, 2.1, 2.2 or 3.0.

Version 3 writes the names of version 2 in another way (``qti-choice-interaction`` for ``choiceInteraction``). Names are
folded to what they have in common, so that one reader serves all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from lxml import etree

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.answers import all_of, typed, weighted, with_wildcards_escaped
from question_bank.interchange.labels import tags_from_labels
from question_bank.interchange.parsed import (
    CAPITALS_IGNORED,
    FEEDBACK_MOVED,
    FULL_MARK,
    LINE_WITHOUT_TEXT,
    MEDIA,
    NO_MARK,
    PART_MARKS_DROPPED,
    ForeignKind,
    ParsedItem,
    RowStatus,
    UnreadableFile,
    clean,
    said_of_markup,
)
from question_bank.interchange.qti_stimuli import FindStimulus, in_set, shared_text
from question_bank.interchange.xml import MOST_OF_ONE, children, flowing_text, folded, tree
from question_bank.item_kinds import MarkingRule
from question_bank.items import ItemKind

FOREIGN = {
    "orderinteraction": ForeignKind.ORDERING,
    "graphicorderinteraction": ForeignKind.HOTSPOT,
    "associateinteraction": ForeignKind.MATCHING,
    "graphicassociateinteraction": ForeignKind.HOTSPOT,
    "gapmatchinteraction": ForeignKind.DRAG_AND_DROP,
    "graphicgapmatchinteraction": ForeignKind.HOTSPOT,
    "inlinechoiceinteraction": ForeignKind.CLOZE,
    "hottextinteraction": ForeignKind.CLOZE,
    "hotspotinteraction": ForeignKind.HOTSPOT,
    "selectpointinteraction": ForeignKind.HOTSPOT,
    "positionobjectinteraction": ForeignKind.HOTSPOT,
    "sliderinteraction": ForeignKind.NUMERICAL,
    "uploadinteraction": ForeignKind.UPLOAD,
    "drawinginteraction": ForeignKind.UPLOAD,
}
NUMBERS = ("integer", "float")
BLANK = "_____"
# What stands in an item's body, but is not for the candidate who reads the question.
ASIDE = frozenset({"rubricblock", "feedbackblock", "feedbackinline", "templateblock", "prompt", "stylesheet"})
QTI_ITEM, STIMULUS = "assessmentitem", "stimulus"


@dataclass(frozen=True)
class Response:
    """What an item declares to be right, and what it gives."""

    keys: list[str]
    # What each answer gives, where the mark is the sum of that.
    weights: dict[str, Decimal] = field(default_factory=dict)
    other: Decimal = NO_MARK  # any other answer
    several: bool = False
    is_number: bool = False
    minds_capitals: bool = False

    @property
    def is_partial(self) -> bool:
        best = max(self.weights.values(), default=NO_MARK)
        return any(NO_MARK < weight < best for weight in self.weights.values())


def read_qti(data: bytes) -> list[ParsedItem]:
    root = tree(data, MOST_OF_ONE)
    if folded(root) != QTI_ITEM:
        raise UnreadableFile(_("This QTI file names items in other files. Upload the whole package (ZIP)."))
    return [read_item(root, lambda _address: None)]


def read_item(
    root: etree._Element, find_stimulus: FindStimulus, labels: tuple[str, ...] = (), passage: str = ""
) -> ParsedItem:
    """The item of an ``assessmentItem``.

    Of a package, ``labels`` are what its manifest says about the item, and ``passage`` is what the section shares.
    """
    explanation = "\n".join(flowing_text(element)[0] for element in children(root, "modalfeedback"))
    item = ParsedItem(
        line=root.sourceline or 1,
        title=clean(root.get("title", "")).strip()[:200],
        tags=tags_from_labels(labels, explanation),
    )
    body = next(children(root, "itembody"), None)
    if body is None:
        return item.refused(_("It has no text."))
    try:
        shared = "\n\n".join(filter(None, (passage, shared_text(root, find_stimulus))))
        return in_set(with_body(item, root, body, shared).checked(), shared)
    except RuleViolation as refusal:
        return replace(item, stem=flowing_text(body)[0]).cut_short().refused(refusal)


def with_body(item: ParsedItem, root: etree._Element, body: etree._Element, shared: str) -> ParsedItem:
    interactions = outermost(element for element in body.iter() if folded(element).endswith("interaction"))
    own = outermost(e for e in body.iter() if folded(e) == "div" and e.get("class") == STIMULUS)
    stimulus, in_stimulus = flowing_text(*own)
    for gap in interactions:
        if folded(gap) == "textentryinteraction" and (gap.tail or "").strip():
            gap.tail = f"{BLANK} {gap.tail}"
    asides = frozenset({*map(folded, interactions), *ASIDE})
    prompts = [prompt for interaction in interactions for prompt in children(interaction, "prompt")]
    text, in_body = flowing_text(body, skip=asides, leave_out=frozenset(own))
    prompt, in_prompt = flowing_text(*prompts)
    stem = "\n\n".join(part for part in (text, prompt) if part)
    item = replace(item, stem=stem, stimulus="\n\n".join(part for part in (shared, stimulus) if part))
    if len(interactions) != 1:
        return item.of_foreign_kind(ForeignKind.COMPOSITE if interactions else ForeignKind.DESCRIPTION)
    if next(children(root, "templatedeclaration"), None) is not None:
        return item.of_foreign_kind(ForeignKind.OTHER)
    item, in_options = of_interaction(item, root, interactions[0])
    return without_media(item, in_body | in_stimulus | in_prompt | in_options)


def of_interaction(item: ParsedItem, root: etree._Element, interaction: etree._Element) -> tuple[ParsedItem, set[str]]:
    """The item with what the interaction adds, and the names of the elements in it."""
    name, response = folded(interaction), response_of(root, interaction)
    if name == "extendedtextinteraction":
        return replace(item, kind=ItemKind.ESSAY), set()
    if name not in READERS:
        return item.of_foreign_kind(FOREIGN.get(name, ForeignKind.OTHER)), set()
    return READERS[name](item, interaction, response)


def choice(item: ParsedItem, interaction: etree._Element, response: Response) -> tuple[ParsedItem, set[str]]:
    item, ids, found = with_choices(item, interaction)
    texts = [text for text, _mark in item.options]
    if response.several and len(response.keys) != 1:
        if not response.weights:
            return all_of(item, [(text, id_ in response.keys) for text, id_ in zip(texts, ids, strict=True)]), found
        best = sum(weight for weight in response.weights.values() if weight > NO_MARK) or FULL_MARK
        weights = [FULL_MARK * response.weights.get(id_, response.other) / best for id_ in ids]
        return weighted(item, list(zip(texts, weights, strict=True))), found
    marks = [FULL_MARK if id_ in response.keys else NO_MARK for id_ in ids]
    item = replace(item, options=list(zip(texts, marks, strict=True)))
    return (item.changed(PART_MARKS_DROPPED) if response.is_partial else item), found


def matching(item: ParsedItem, interaction: etree._Element, response: Response) -> tuple[ParsedItem, set[str]]:
    texts, sets, found = dict[str, str](), list[list[str]](), set[str]()
    for one in children(interaction, "simplematchset"):
        choices = list(children(one, "simpleassociablechoice"))
        sets.append([choice.get("identifier", "") for choice in choices])
        for each in choices:
            texts[each.get("identifier", "")], names = flowing_text(each, skip=ASIDE)
            found |= names
    keys = [(first, second) for first, _space, second in (key.partition(" ") for key in response.keys)]
    if len(sets) == 2:
        # Either set may be the one whose members each go with one of the other.
        pairs = paired(sets[0], sets[1], keys) or paired(sets[1], sets[0], [(second, first) for first, second in keys])
        if pairs:
            if not all(texts[line] for line, _option in pairs if line):
                return item.refused(LINE_WITHOUT_TEXT), found
            marking = MarkingRule.PARTIAL if response.weights else MarkingRule.ALL_OR_NOTHING
            matched = [(texts.get(line, ""), texts[option]) for line, option in pairs]
            place_of = {option: place for place, (_line, option) in enumerate(pairs)}
            order = tuple(place_of[one] for one in (*sets[1], *sets[0]) if one in place_of)
            return replace(item, kind=ItemKind.MATCHING, pairs=matched, order=order, marking=marking), found
    return item.of_foreign_kind(ForeignKind.MATCHING), found


def paired(lines: list[str], options: list[str], keys: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every line with its option, then "" with each option that is left; nothing unless lines go with one each."""
    key = dict(keys)
    if len(key) < len(keys) or key.keys() != set(lines) or not set(key.values()) <= set(options):
        return []
    return [(line, key[line]) for line in lines] + [("", one) for one in options if one not in key.values()]


def typed_text(item: ParsedItem, interaction: etree._Element, response: Response) -> tuple[ParsedItem, set[str]]:
    if response.is_number:
        return item.of_foreign_kind(ForeignKind.NUMERICAL), set()
    answers = dict.fromkeys(response.keys, FULL_MARK)
    best = max(response.weights.values(), default=FULL_MARK)
    answers |= {key: FULL_MARK * weight / best for key, weight in response.weights.items() if best > NO_MARK}
    item = typed(item, [(with_wildcards_escaped(text), fraction) for text, fraction in answers.items()])
    if (interaction.tail or "").strip():
        item = item.changed(_("The missing word became a blank in the stem."))
    return (item.changed(CAPITALS_IGNORED) if response.minds_capitals else item), set()


READERS = {
    "choiceinteraction": choice,
    "matchinteraction": matching,
    "textentryinteraction": typed_text,
}


def with_choices(item: ParsedItem, interaction: etree._Element) -> tuple[ParsedItem, list[str], set[str]]:
    """The item with its options, their identifiers, and the names of the elements in them."""
    options, ids, said, found = list[tuple[str, Decimal]](), list[str](), list[str](), set[str]()
    for one in children(interaction, "simplechoice"):
        text, names = flowing_text(one, skip=ASIDE)
        feedback, _names = flowing_text(*children(one, "feedbackinline"))
        options.append((text, NO_MARK))
        ids.append(one.get("identifier", ""))
        found |= names
        said += [f"{text}: {feedback}"] if feedback else []
    item = replace(item, options=options)
    if said:
        rationale = "\n".join(part for part in (item.tags.get("rationale", ""), *said) if part)
        item = replace(item, tags={**item.tags, "rationale": rationale}).changed(FEEDBACK_MOVED)
    return item, ids, found


def without_media(item: ParsedItem, found: set[str]) -> ParsedItem:
    if item.status is RowStatus.REFUSED:
        return item
    if found & MEDIA:
        return item.refused(_("It needs a recording or a formula, which the bank cannot hold."))
    meaningful = found - ASIDE - {"simplechoice", "feedbackinline", "simpleassociablechoice"}
    return said_of_markup(item, meaningful)


def response_of(root: etree._Element, interaction: etree._Element) -> Response:
    declaration = declaration_of(root, interaction)
    if declaration is None:
        return Response([])
    values = (value for correct in children(declaration, "correctresponse") for value in children(correct, "value"))
    keys = list(dict.fromkeys(" ".join(clean(value.text or "").split()) for value in values))
    mapping = next(children(declaration, "mapping"), None)
    entries = list(children(mapping, "mapentry")) if mapping is not None else []
    mapped = {" ".join(attribute(e, "mapkey").split()): number(attribute(e, "mappedvalue")) for e in entries}
    best = max(mapped.values(), default=NO_MARK)
    return Response(
        keys=keys or [key for key, value in mapped.items() if value == best > NO_MARK],
        weights={} if matches_the_whole(root) else mapped,
        other=number(attribute(mapping, "defaultvalue")) if mapping is not None else NO_MARK,
        several=attribute(declaration, "cardinality") != "single",
        is_number=attribute(declaration, "basetype") in NUMBERS,
        minds_capitals=any(attribute(entry, "casesensitive") == "true" for entry in entries),
    )


def matches_the_whole(root: etree._Element) -> bool:
    """Whether an answer is compared with the key as a whole, whatever a mapping says."""
    templates = (element.get("template", "") for element in children(root, "responseprocessing"))
    return any("match_correct" in template for template in templates)


def declaration_of(root: etree._Element, interaction: etree._Element) -> etree._Element | None:
    wanted = attribute(interaction, "responseidentifier")
    return next((e for e in children(root, "responsedeclaration") if e.get("identifier") == wanted), None)


def outermost(elements: Iterable[etree._Element]) -> list[etree._Element]:
    """These elements in their order, without those inside another one of them."""
    found: dict[etree._Element, None] = {}
    for element in elements:
        if not any(ancestor in found for ancestor in element.iterancestors()):
            found[element] = None
    return list(found)


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its folded name: mapKey in version 2, map-key in version 3."""
    return next((value for key, value in element.attrib.items() if key.replace("-", "").lower() == name), "")


def number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return NO_MARK
    return found if found.is_finite() else NO_MARK
