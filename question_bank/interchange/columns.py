"""What the columns of a sheet are: by their headings, by the look of their values, or as somebody chose."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from question_bank.interchange.labels import KIND_OF_WORD, TAGS, column_named, squeezed
from question_bank.interchange.parsed import TRUTHS
from question_bank.item_kinds import OPTION_IDS

# What a column may be beside the fields of a question: kept word by word as a note, or not read at all.
NOTE: Final = "note"
LEFT_OUT: Final = "leave out"
OPTIONS = tuple(f"option {letter}" for letter in OPTION_IDS)
IN_SPANISH = " (es)"
SPANISH = tuple(f"{role}{IN_SPANISH}" for role in ("stem", *OPTIONS, "stimulus", "title"))
FIELDS = ("stem", *OPTIONS, "key", "kind", "stimulus", "vignette_set", *(t for t in TAGS if t != "vignette_set"))
ROLES = (*FIELDS, "title", "code", *SPANISH, NOTE, LEFT_OUT)

OPTION = re.compile(
    r"(?:option|answer|choice|opt|response|distractor|opcion|respuesta|alternativa|inciso)?([a-h]|[1-8])"
)
SPANISH_HEADING = re.compile(r"(.+?)\s*[(\[]\s*(?:es|spanish|español|espanol)\s*[)\]]\s*", re.IGNORECASE)
LONGEST_HEADING = 200
LOOKED_AT = 200  # rows that a guess is made from
SAMPLES = 3
LETTERS, DIGITS = frozenset(OPTION_IDS), frozenset("12345678")


@dataclass
class Columns:
    """Where things stand in a row."""

    places: dict[str, int] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)  # column -> its heading
    width: int = 0

    @property
    def options(self) -> dict[int, int]:
        """Number of the option -> column."""
        return {number: self.places[role] for number, role in enumerate(OPTIONS) if role in self.places}

    @property
    def usable(self) -> bool:
        return "stem" in self.places and ("key" in self.places or not self.options)


def headings_of(header: Sequence[str]) -> list[str]:
    """The name of each column: its heading; with its number where it has none, or that of another."""
    names: list[str] = []
    for number, heading in enumerate(header, start=1):
        name = " ".join(heading.split())[:LONGEST_HEADING] or f"Column {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return names


def columns_of(header: Sequence[str], chosen: Mapping[str, str] | None = None) -> Columns:
    """The columns as somebody chose them, by heading, and the others by what their headings say."""
    chosen, names = chosen or {}, headings_of(header)
    columns = Columns(width=len(header))
    roles = {name: role for name in names if (role := chosen.get(name))}
    for name, heading in zip(names, header, strict=True):
        role = role_named(heading)
        if name not in roles:
            roles[name] = role if role and role not in roles.values() else NOTE
    for place, name in enumerate(names):
        if roles[name] == NOTE:
            columns.notes[place] = name
        elif roles[name] != LEFT_OUT:
            columns.places.setdefault(roles[name], place)
    return columns


def role_named(heading: str) -> str | None:
    """What a heading stands for, in English or Spanish, however it is written."""
    heading = " ".join(heading.split())[:LONGEST_HEADING]
    if spanish := SPANISH_HEADING.fullmatch(heading):
        role = f"{role_named(spanish[1])}{IN_SPANISH}"
        return role if role in SPANISH else None
    if option := OPTION.fullmatch(squeezed(heading)):
        return OPTIONS[option_number(option[1])]
    return column_named(heading)


def option_number(label: str) -> int:
    """0 for "a" or "1"."""
    return int(label) - 1 if label.isdigit() else OPTION_IDS.index(label)


def role_chosen(text: str) -> str | None:
    """The role that somebody names, by its own name or by one of the headings that are known."""
    plain = " ".join(text.casefold().split())
    return plain if plain in ROLES else role_named(text)


def twice_chosen(header: Sequence[str], chosen: Mapping[str, str]) -> set[str]:
    """The roles that two columns of one sheet were given, and only one can have."""
    roles = [role for name in headings_of(header) if (role := chosen.get(name, LEFT_OUT)) not in (NOTE, LEFT_OUT)]
    return {role for role in roles if roles.count(role) > 1}


@dataclass(frozen=True)
class Column:
    """A column as it is shown to somebody who says what it is."""

    name: str
    samples: list[str]
    role: str


def columns_in(
    tables: Iterable[tuple[Sequence[str], Sequence[Sequence[str]]]], vocabulary: Mapping[str, AbstractSet[str]]
) -> list[Column]:
    """The columns of these headers and rows, each heading once, with our guess."""
    found: dict[str, Column] = {}
    for header, rows in tables:
        guess = guessed(header, rows[:LOOKED_AT], vocabulary)
        for place, name in enumerate(headings_of(header)):
            cells = [row[place].strip() for row in rows[:LOOKED_AT] if place < len(row) and row[place].strip()]
            found.setdefault(name, Column(name, cells[:SAMPLES], guess[name]))
    return list(found.values())


def all_known(header: Sequence[str]) -> bool:
    """Whether its headings leave nothing to ask."""
    columns = columns_of(header)
    return columns.usable and not columns.notes


def guessed(
    header: Sequence[str], rows: Sequence[Sequence[str]], vocabulary: Mapping[str, AbstractSet[str]]
) -> dict[str, str]:
    """What each column may be: by its heading, else by its values. ``vocabulary`` has what a tag may say, squeezed."""
    names = headings_of(header)
    roles = {name: role for role, place in columns_of(header).places.items() for name in [names[place]]}
    values = {
        name: [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        for place, name in enumerate(names)
    }
    for name in names:
        looks = (role for role in looks_like(values[name], vocabulary) if role not in roles.values())
        if name not in roles and (role := next(looks, None)):
            roles[name] = role
    if "stem" not in roles.values() and (stem := likely_stem({n: values[n] for n in names if n not in roles})):
        roles[stem] = "stem"
    if "key" not in roles.values() and "stem" in roles.values():
        numbered = [n for n in after_stem(names, roles) if n not in roles and counts_options(values[n])]
        roles |= dict.fromkeys(numbered[-1:], "key")
    if "key" in roles.values() and "stem" in roles.values() and not set(OPTIONS) & set(roles.values()):
        beside = takewhile(lambda name: name not in roles, after_stem(names, roles))
        roles |= dict(zip(beside, OPTIONS, strict=False))
    return {name: roles.get(name, NOTE) for name in names}


def looks_like(values: list[str], vocabulary: Mapping[str, AbstractSet[str]]) -> Iterator[str]:
    """What a column with these values may be, the likeliest first."""
    said = {squeezed(value) for value in values}
    if not said:
        return
    if said <= LETTERS or said <= TRUTHS.keys():
        yield "key"
    yield from (role for role, known in vocabulary.items() if said <= known)
    if said <= KIND_OF_WORD.keys():
        yield "kind"


def likely_stem(values: Mapping[str, list[str]]) -> str | None:
    """The column that asks most questions; where none asks, the one with the longest texts."""

    def score(name: str) -> tuple[int, float]:
        return sum(v.endswith("?") for v in values[name]), sum(map(len, values[name])) / max(1, len(values[name]))

    return max((name for name in values if values[name]), key=score, default=None)


def after_stem(names: Sequence[str], roles: Mapping[str, str]) -> Sequence[str]:
    return names[names.index(next(name for name, role in roles.items() if role == "stem")) + 1 :]


def counts_options(values: list[str]) -> bool:
    """Whether these may be the numbers of keys; where every number stands once, they count the rows."""
    return bool(values) and set(values) <= DIGITS and len(set(values)) < len(values)
