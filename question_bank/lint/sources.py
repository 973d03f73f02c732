"""Where the rules come from."""

from typing import Final

from question_bank.errors import sentence as _

HALADYNA: Final = "Haladyna, Downing & Rodriguez 2002"
NBME: Final = _("NBME item-writing guide")
TARRANT: Final = "Tarrant et al. 2009"
# Not from the literature on items: how this field speaks of people, and what it has replaced.
FIELD: Final = _("usage of the field")

SOURCES: Final = {
    "all-of-the-above": HALADYNA,
    "both-a-and-b": HALADYNA,
    "k-type": HALADYNA,
    "none-of-the-above": NBME,
    "negative-stem": HALADYNA,
    "negative-option": HALADYNA,
    "absolute-distractor": NBME,
    "absolute-term": NBME,
    "absolute-statement": NBME,
    "vague-frequency": NBME,
    "longest-key": NBME,
    "grammar-cue": NBME,
    "clang": NBME,
    "convergence": NBME,
    "overlapping-ranges": HALADYNA,
    "contained-option": HALADYNA,
    "unfocused": HALADYNA,
    "opinion": HALADYNA,
    "blank-in-middle": HALADYNA,
    "uneven-length": TARRANT,
    "uneven-style": HALADYNA,
    "unordered-numbers": HALADYNA,
    "long-stem": HALADYNA,
    "undefined-acronym": HALADYNA,
    "outdated-reference": FIELD,
    "person-first": FIELD,
    "long-sentence": HALADYNA,
    "picture-without-description": "WCAG 2.2, 1.1.1",
    "unreadable-formula": FIELD,
}
