"""Texts that items of QTI share: stimuli they refer to, and passages in the rubric blocks of items and sections."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from lxml import etree

from question_bank.errors import RuleViolation
from question_bank.interchange.labels import squeezed
from question_bank.interchange.parsed import ParsedItem, clean
from question_bank.interchange.vignette_sets import SET
from question_bank.interchange.xml import children, flowing_text, folded

MOST_STIMULI = 20  # that one item refers to
# What the class or the use of a rubric block says when it is a text to read; others instruct or help to mark.
PASSAGE = frozenset({"passage", "stimulus", "sharedstimulus", "sharedpassage", "sourcematerial"})

# The text of a shared stimulus by the address an item gives; None when it is not there.
FindStimulus = Callable[[str], str | None]


def shared_text(root: etree._Element, find_stimulus: FindStimulus) -> str:
    """What the item shares with others. Raises RuleViolation when a stimulus it refers to is missing."""
    addresses = dict.fromkeys(reference.get("href", "") for reference in children(root, "assessmentstimulusref"))
    texts = []
    for address in list(addresses)[:MOST_STIMULI]:
        text = find_stimulus(address)
        if text is None:
            raise RuleViolation("The shared text it refers to is not there: %(file)s.", file=clean(address)[:200])
        texts.append(text)
    blocks = (block for body in children(root, "itembody") for block in passages(body))
    return "\n\n".join(filter(None, [*texts, text_of(blocks)]))


def passages(element: etree._Element) -> list[etree._Element]:
    """The rubric blocks in an element that are texts to read."""
    words = ((block, f"{block.get('class', '')} {block.get('use', '')}") for block in children(element, "rubricblock"))
    return [block for block, said in words if PASSAGE & set(map(squeezed, said.split()))]


def text_of(blocks: Iterable[etree._Element]) -> str:
    return "\n\n".join(filter(None, (flowing_text(block)[0] for block in blocks)))


def passages_of_sections(test: etree._Element) -> Iterator[tuple[list[etree._Element], list[str]]]:
    """The passages of each section, with the addresses of all of its items."""
    for section in test.iter():
        if folded(section) == "assessmentsection":
            yield passages(section), [ref.get("href", "") for ref in children(section, "assessmentitemref")]


def in_set(item: ParsedItem, shared: str) -> ParsedItem:
    """Items with one shared text and none of their own are a set; a label of ours names it already."""
    if not shared or item.stimulus != shared:
        return item
    return replace(item, tags={SET: sha256(shared.encode()).hexdigest()[:12], **item.tags})
