"""Formulas: TeX as authors type it, turned into MathML, which browsers typeset and screen readers read. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from typing import Any

from latex2mathml.converter import convert_to_element

LONGEST = 1_000

# Everything that formulas are made of, with how many parts each needs; None for any number.
PARTS: dict[str, int | None] = {
    "math": None, "mrow": None, "mi": None, "mn": None, "mo": None, "mtext": None, "mspace": None, "mstyle": None,
    "mpadded": None, "mphantom": None, "menclose": None, "msqrt": None, "mtable": None, "mtr": None, "mtd": None,
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3,
}  # fmt: skip
ATTRIBUTES = frozenset(
    "accent accentunder columnalign depth display displaystyle fence form height linethickness lspace mathvariant "
    "maxsize minsize movablelimits notation rspace scriptlevel separator stretchy symmetric voffset width".split()
)
# What is drawn for paper is made once more for each of these that it stands in: their nesting doubles the time.
MADE_TWICE = frozenset({"mrow", "mtd", "mpadded", "mphantom"})
# Half a second's work. What people write has some hundreds.
MOST_DRAWN = 4_000
# What the converter leaves standing where it does not know a command or misses a brace.
LEFTOVERS = ("\\", "{", "}")


class UnreadableFormula(Exception):
    """This is not TeX, or not of the kind that is understood here."""


@lru_cache(maxsize=2048)
def mathml(tex: str, *, block: bool = False) -> str:
    """A formula as MathML; on a line of its own when it is a ``block``. Raises UnreadableFormula."""
    if len(tex) > LONGEST:
        raise UnreadableFormula
    try:
        root = convert_to_element(tex, display="block" if block else "inline")
        if parts_drawn(root) > MOST_DRAWN:
            raise UnreadableFormula
        return "".join(written(root))
    except Exception as error:  # the converter raises whatever it stumbles over
        raise UnreadableFormula from error


def written(element: Any) -> Iterator[str]:
    """The element as text. The converter's own writer leaves marks of HTML in it as they are."""
    tag, text = element.tag, element.text or ""
    if tag not in PARTS or PARTS[tag] not in (None, len(element)) or any(mark in text for mark in LEFTOVERS):
        raise UnreadableFormula
    known = ((name, unescape(value)) for name, value in element.attrib.items() if name in ATTRIBUTES)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in known)
    yield f"<{tag}{attributes}>{escape(unescape(text))}"
    for child in element:
        yield from written(child)
    yield f"</{tag}>"


def parts_drawn(element: Any) -> int:
    """How many signs are made to draw the element."""
    within = sum(map(parts_drawn, element)) if len(element) else 1
    return within * 2 if element.tag in MADE_TWICE else within


def is_readable(tex: str) -> bool:
    """Whether a page can show this formula, and paper without long work."""
    try:
        mathml(tex)
    except UnreadableFormula:
        return False
    return True
