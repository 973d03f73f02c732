"""One item of QTI 2.0, 2.1, 2.2 or 3.0.

Version 3 writes the names of version 2 in another way (``qti-choice-interaction`` for ``choiceInteraction``). Names are
folded to what they have in common, so that one reader serves all of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from lxml import etree

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.labels import tags_from_labels
from question_bank.interchange.parsed import (
    FULL_MARK,
    MEDIA,
    NO_MARK,
    ForeignKind,
    ParsedItem,
    RowStatus,
    UnreadableFile,
    clean,
    said_of_markup,
)
from question_bank.interchange.xml import flowing_text, folded, tree
from question_bank.items import ItemKind

FOREIGN = {
    "orderinteraction": ForeignKind.ORDERING,
    "graphicorderinteraction": ForeignKind.HOTSPOT,
    "associateinteraction": ForeignKind.MATCHING,
    "graphicassociateinteraction": ForeignKind.HOTSPOT,
    "matchinteraction": ForeignKind.MATCHING,
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
MOST_STIMULI = 20  # that one item refers to
NUMBERS = ("integer", "float")
# What stands in an item's body, but is not for the candidate who reads the question.
ASIDE = frozenset({"rubricblock", "feedbackblock", "feedbackinline", "templateblock", "prompt", "stylesheet"})
QTI_ITEM, STIMULUS = "assessmentitem", "stimulus"

# The text of a shared stimulus by the address an item gives; None when it is not there.
FindStimulus = Callable[[str], str | None]


def read_qti(data: bytes) -> list[ParsedItem]:
    root = tree(data)
    if folded(root) != QTI_ITEM:
        raise UnreadableFile(_("This QTI file names items in other files. Upload the whole package (ZIP)."))
    return [read_item(root, lambda _address: None)]


def read_item(root: etree._Element, find_stimulus: FindStimulus, labels: tuple[str, ...] = ()) -> ParsedItem:
    """The item of an ``assessmentItem``. ``labels`` are what the manifest of a package says about it."""
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
        return with_body(item, root, body, shared_text(root, find_stimulus)).checked()
    except RuleViolation as refusal:
        return replace(item, stem=flowing_text(body)[0]).cut_short().refused(refusal)


def with_body(item: ParsedItem, root: etree._Element, body: etree._Element, shared: str) -> ParsedItem:
    interactions = outermost(element for element in body.iter() if folded(element).endswith("interaction"))
    own = outermost(e for e in body.iter() if folded(e) == "div" and e.get("class") == STIMULUS)
    stimulus, in_stimulus = flowing_text(*own)
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
    name, declaration = folded(interaction), declaration_of(root, interaction)
    if name == "extendedtextinteraction":
        return replace(item, kind=ItemKind.ESSAY), set()
    if name == "textentryinteraction":
        number = declaration is not None and attribute(declaration, "basetype") in NUMBERS
        return item.of_foreign_kind(ForeignKind.NUMERICAL if number else ForeignKind.SHORT_TEXT), set()
    if name != "choiceinteraction":
        return item.of_foreign_kind(FOREIGN.get(name, ForeignKind.OTHER)), set()
    keys, partly = marks_of(declaration)
    item, found = with_choices(item, interaction, keys)
    if declaration is not None and attribute(declaration, "cardinality") != "single" and len(keys) != 1:
        return item.of_foreign_kind(ForeignKind.MULTIPLE_RESPONSE), found
    if partly:
        item = item.changed(_("Part marks were dropped: the key gets the mark, the others none."))
    if item.stimulus:
        item = replace(item, stem=f"{item.stimulus}\n\n{item.stem}", stimulus="")
        item = item.changed(_("The shared text was put before the stem."))
    return item, found


def with_choices(item: ParsedItem, interaction: etree._Element, keys: set[str]) -> tuple[ParsedItem, set[str]]:
    options, said, found = [], [], set[str]()
    for choice in children(interaction, "simplechoice"):
        text, names = flowing_text(choice, skip=ASIDE)
        feedback, _names = flowing_text(*children(choice, "feedbackinline"))
        options.append((text, FULL_MARK if choice.get("identifier") in keys else NO_MARK))
        found |= names
        said += [f"{text}: {feedback}"] if feedback else []
    item = replace(item, options=options)
    if said:
        rationale = "\n".join(part for part in (item.tags.get("rationale", ""), *said) if part)
        item = replace(item, tags={**item.tags, "rationale": rationale})
        item = item.changed(_("The feedback to options was moved to the rationale."))
    return item, found


def without_media(item: ParsedItem, found: set[str]) -> ParsedItem:
    if item.status is RowStatus.REFUSED:
        return item
    if found & MEDIA:
        return item.refused(_("It needs a recording or a formula, which the bank cannot hold."))
    meaningful = found - ASIDE - {"simplechoice", "feedbackinline"}
    return said_of_markup(item, meaningful)


def marks_of(declaration: etree._Element | None) -> tuple[set[str], bool]:
    """The identifiers of the right choices, and whether others get a part of the mark."""
    if declaration is None:
        return set(), False
    correct = {
        clean(value.text or "").strip()
        for response in children(declaration, "correctresponse")
        for value in children(response, "value")
    }
    mapped = {
        attribute(entry, "mapkey"): number(attribute(entry, "mappedvalue"))
        for mapping in children(declaration, "mapping")
        for entry in children(mapping, "mapentry")
    }
    best = max(mapped.values(), default=NO_MARK)
    correct = correct or {key for key, value in mapped.items() if value == best > NO_MARK}
    return correct, any(NO_MARK < value < best for value in mapped.values())


def declaration_of(root: etree._Element, interaction: etree._Element) -> etree._Element | None:
    wanted = attribute(interaction, "responseidentifier")
    return next((e for e in children(root, "responsedeclaration") if e.get("identifier") == wanted), None)


def shared_text(root: etree._Element, find_stimulus: FindStimulus) -> str:
    """The text of the stimuli that the item refers to. Raises RuleViolation when one is missing."""
    addresses = dict.fromkeys(reference.get("href", "") for reference in children(root, "assessmentstimulusref"))
    texts = []
    for address in list(addresses)[:MOST_STIMULI]:
        text = find_stimulus(address)
        if text is None:
            raise RuleViolation("The shared text it refers to is not there: %(file)s.", file=clean(address)[:200])
        texts.append(text)
    return "\n\n".join(texts)


def outermost(elements: Iterable[etree._Element]) -> list[etree._Element]:
    """These elements in their order, without those inside another one of them."""
    found: dict[etree._Element, None] = {}
    for element in elements:
        if not any(ancestor in found for ancestor in element.iterancestors()):
            found[element] = None
    return list(found)


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if folded(child) == name)


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its folded name: mapKey in version 2, map-key in version 3."""
    return next((value for key, value in element.attrib.items() if key.replace("-", "").lower() == name), "")


def number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return NO_MARK
    return found if found.is_finite() else NO_MARK
