"""Texts that items of QTI share: stimuli they refer to, and passages in the rubric blocks of items and sections."""

from collections.abc import Callable
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
    blocks = (block for body in children(root, "itembody") for block in children(body, "rubricblock"))
    return "\n\n".join(filter(None, [*texts, *map(passage, blocks)]))


def passage(block: etree._Element) -> str:
    """The text of a rubric block that is one to read; else nothing."""
    words = f"{block.get('class', '')} {block.get('use', '')}".split()
    return flowing_text(block)[0] if PASSAGE & set(map(squeezed, words)) else ""


def passages_of_sections(test: etree._Element) -> dict[str, str]:
    """Address of each item whose section has a passage for all of its items -> that passage."""
    found = dict[str, str]()
    for section in test.iter():
        if folded(section) == "assessmentsection":
            text = "\n\n".join(filter(None, map(passage, children(section, "rubricblock"))))
            found |= {ref.get("href", ""): text for ref in children(section, "assessmentitemref") if text}
    return found


def in_set(item: ParsedItem, shared: str) -> ParsedItem:
    """Items with one shared text and none of their own are a set; a label of ours names it already."""
    if not shared or item.stimulus != shared:
        return item
    return replace(item, tags={SET: sha256(shared.encode()).hexdigest()[:12], **item.tags})
