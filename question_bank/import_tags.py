"""What the cells of an imported row mean in the framework."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from question_bank.errors import RuleViolation
from question_bank.framework import Area, Competency, Framework, ResponsibilityCode, Track
from question_bank.interchange.labels import squeezed
from question_bank.items import CognitiveLevel

WORD = re.compile(r"\w+")
BEHAVIOR = re.compile(r"([a-z]{2})\W*([0-9]{1,2})")
COGNITIVE_NAMES = {
    CognitiveLevel.RECALL: "recall remember knowledge",
    CognitiveLevel.APPLICATION: "application apply applying",
    CognitiveLevel.ANALYSIS: "analysis analyze analyse analyzing",
}


def folded(text: str) -> str:
    """A text as it is compared: letters and digits only, without regard to case, accents' coding or punctuation."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


# The names of a framework are compared with every row of a file.
folded_name = lru_cache(maxsize=10_000)(folded)


def vocabulary(framework: Framework) -> dict[str, set[str]]:
    """What the cells of a column may say when it holds a tag, squeezed, by the tag."""
    levels = "".join(str(entry.level) for entry in framework.levels)
    said = {
        "levels": [levels[start:end] for start in range(len(levels)) for end in range(start + 1, len(levels) + 1)],
        "area": [name for area in framework.areas for name in (area.code, area.title, area.prefix)],
        "tracks": [name for track in framework.tracks for name in (track.code, track.title)],
        "responsibility_codes": [
            name for entry in framework.responsibility_codes for name in (entry.code, entry.title)
        ],
        "competency": [entry.code for entry in framework.competencies],
        "cognitive_level": [word for words in COGNITIVE_NAMES.values() for word in words.split()],
        "term": [
            name for area in framework.areas for term in area.terms for name in (term.code, *term.labels.values())
        ],
    }
    return {tag: set(map(squeezed, names)) for tag, names in said.items()}


def find_area(framework: Framework, name: str) -> Area | None:
    wanted = folded(name)
    return next(
        (
            area
            for area in framework.areas
            if wanted and wanted in map(folded_name, (area.code, area.title, area.prefix))
        ),
        None,
    )


def find_terms(area: Area, names: str) -> list[str]:
    """The terms a cell names, in its order: the first is the primary one."""
    codes = {folded_name(name): term.code for term in area.terms for name in (term.code, *term.labels.values())}
    wanted = [folded(name) for name in (names, *re.split(r"[;|]", names))]
    return list(dict.fromkeys(codes[name] for name in wanted if name in codes))


def find_levels(framework: Framework, text: str) -> list[int]:
    known = {entry.level for entry in framework.levels}
    return sorted(known & {int(digit) for digit in re.findall(r"[0-9]", text)})


def tags_of_the_framework(
    framework: Framework, area: Area | None, levels: list[int], cells: dict[str, str]
) -> dict[str, Any]:
    """Tracks, responsibility codes, competency and cognitive level of a row, as fields of a draft.

    Raises RuleViolation, naming what there is, when a cell names something that the framework does not have.
    """
    return {
        "tracks": find_tracks(framework, levels, cells.get("tracks", "")),
        "responsibility_codes": find_codes(framework, area, cells.get("responsibility_codes", "")),
        "competency": find_competency(framework, area, cells.get("competency", "")),
        "cognitive_level": find_cognitive_level(cells.get("cognitive_level", "")),
    }


def find_tracks(framework: Framework, levels: list[int], text: str) -> list[str]:
    """The tracks a cell names by title or code, separated by commas or semicolons."""
    known = [track for track in framework.tracks if not levels or track.level in levels]
    wanted = [part.strip() for part in re.split(r"[;|,]", text) if part.strip()]
    if wanted and not known:
        raise RuleViolation("“%(value)s” is given as its track, but its level has none. Empty the cell.", value=text)
    found = {name: next((t.code for t in known if names(name, t)), None) for name in wanted}
    for name, code in found.items():
        if code is None:
            raise RuleViolation(
                "“%(value)s” is not a track of its level. Tracks: %(known)s.",
                value=name,
                known=", ".join(track.title for track in known),
            )
    return [track.code for track in known if track.code in found.values()]


def names(text: str, entry: Track | ResponsibilityCode) -> bool:
    return folded(text) in map(folded_name, (entry.code, entry.code.replace("_", " "), entry.title))


def find_codes(framework: Framework, area: Area | None, text: str) -> list[str]:
    """The responsibility codes a cell names: letters, with or without anything between them, or titles."""
    known = [c for c in framework.responsibility_codes if area is None or c.code in area.responsibility_codes]
    found = set()
    for part in (part.strip() for part in re.split(r"[;|]", text)):
        titled = next((entry.code for entry in known if part and names(part, entry)), None)
        found |= {titled} if titled else set(letters_in(part))
    unknown = sorted(found - {entry.code for entry in known})
    if unknown:
        raise RuleViolation(
            "“%(value)s” is not a responsibility code of its area. Codes: %(known)s.",
            value=", ".join(unknown),
            known=", ".join(entry.code for entry in known) or "–",
        )
    return [entry.code for entry in known if entry.code in found]


def letters_in(text: str) -> Iterable[str]:
    """Both "C, S" and "CS" are two letters; any other word stays what it is."""
    if text.isalpha() and text.isupper():
        return list(text)
    return [word.upper() if len(word) == 1 else word for word in WORD.findall(text)]


def find_competency(framework: Framework, area: Area | None, text: str) -> str | None:
    """The competency a cell names, by code or by its statement."""
    if not text.strip():
        return None
    known = [entry for entry in framework.competencies if area is None or entry.area == area.code]
    found = next((entry.code for entry in known if is_competency(text, entry)), None)
    if found:
        return found
    if area is None:
        raise RuleViolation(
            "“%(value)s” is not a behavior of the framework. The page Competencies lists them.", value=text
        )
    raise RuleViolation(
        "“%(value)s” is not a behavior of %(area)s. Behaviors: %(known)s.",
        value=text,
        area=area.title,
        known=", ".join(entry.code for entry in known) or "–",
    )


def is_competency(text: str, entry: Competency) -> bool:
    code = BEHAVIOR.fullmatch(text.strip().casefold())
    if code:
        return entry.code == f"{code[1].upper()}-{int(code[2]):02}"
    return folded(text) == folded_name(entry.statement)


def find_cognitive_level(text: str) -> CognitiveLevel | None:
    if not text.strip():
        return None
    for level, words in COGNITIVE_NAMES.items():
        if folded(text) in words.split():
            return level
    raise RuleViolation(
        "“%(value)s” is not a cognitive level. Write one of: %(known)s.",
        value=text,
        known=", ".join(level.value for level in CognitiveLevel),
    )
