"""The framework as it is edited: pure steps from one framework to the next, by what a page lets people write."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.framework import Area, Competency, Framework, Level, ResponsibilityCode, Term, Track


@dataclass(frozen=True)
class TermText:
    """A term as it is typed: a label for each level that has it. ``code`` is empty for a new one."""

    code: str
    labels: Mapping[int, str]


@dataclass(frozen=True)
class AreaText:
    """An area as it is typed. A term without labels, or a competency without statement, is not meant to be there.

    ``statements`` are (competency code, statement); a new one has an empty code.
    """

    title: str
    kind: str
    terms: list[TermText]
    responsibility_codes: list[str] = field(default_factory=list)
    statements: list[tuple[str, str]] = field(default_factory=list)


def with_area(framework: Framework, area: Area, text: AreaText) -> Framework:
    """The framework with one area rewritten."""
    refuse_taken_title(framework, text.title, area.code)
    return put(framework, rewritten(framework, area.code, area.prefix, text), text)


def with_new_area(framework: Framework, prefix: str, text: AreaText) -> Framework:
    """The framework with one more area, the last. Its items will have codes that begin with ``prefix``."""
    prefix = prefix.strip().upper()
    refuse_taken_title(framework, text.title)
    for other in framework.areas:
        if other.prefix == prefix:
            raise RuleViolation(
                "The letters %(prefix)s belong to “%(area)s”. Choose two others.", prefix=prefix, area=other.title
            )
    code = code_for(text.title, [area.code for area in framework.areas], framework.retired.areas)
    return put(framework, rewritten(framework, code, prefix, text), text)


def without_area(framework: Framework, area: Area) -> Framework:
    """The framework without an area, its terms and its competencies."""
    if len(framework.areas) == 1:
        raise RuleViolation("The framework needs at least one area.")
    return validated(
        framework,
        areas=[entry for entry in framework.areas if entry.code != area.code],
        competencies=[entry for entry in framework.competencies if entry.area != area.code],
    )


def put(framework: Framework, area: Area, text: AreaText) -> Framework:
    """The framework with this area in its place, or at the end, and its competencies as written."""
    own = {c.code: c for c in framework.competencies if c.area == area.code}
    changed = [
        Competency(
            code=code,
            area=area.code,
            statement=statement,
            responsibility_codes=(own.get(code) or area).responsibility_codes,
        )
        for code, statement in numbered(area.prefix, own, text.statements)
    ]
    known = framework.area(area.code) is not None
    areas = [area if entry.code == area.code else entry for entry in framework.areas] + ([] if known else [area])
    order = {entry.code: position for position, entry in enumerate(areas)}
    kept = [c for c in framework.competencies if c.area != area.code]
    competencies = sorted([*kept, *changed], key=lambda c: order[c.area])
    return validated(framework, areas=areas, competencies=competencies)


def rewritten(framework: Framework, code: str, prefix: str, text: AreaText) -> Area:
    """The area as typed; not validated yet, because the framework is, as a whole."""
    terms: list[Term] = []
    before = framework.area(code)
    taken = {term.code for term in before.terms} if before else set()
    retired = retired_terms(framework, code)
    for typed in text.terms:
        labels = {level: label.strip() for level, label in typed.labels.items() if label.strip()}
        if labels:
            own = typed.code or code_for(labels[max(labels)], taken, retired)
            taken.add(own)
            terms.append(Term(code=own, labels=labels))
    if not terms:
        raise RuleViolation("%(area)s needs at least one term.", area=text.title)
    letters = [c.code for c in framework.responsibility_codes if c.code in text.responsibility_codes]
    return Area.model_construct(
        code=code,
        prefix=prefix,
        title=text.title.strip(),
        kind=text.kind,
        responsibility_codes=letters,
        terms=terms,
    )


def retired_terms(framework: Framework, area: str) -> dict[str, str]:
    places = [(key.partition("/"), label) for key, label in framework.retired.terms.items()]
    return {term: label for (place, _slash, term), label in places if place == area}


def refuse_taken_title(framework: Framework, title: str, own: str = "") -> None:
    for area in framework.areas:
        if area.code != own and alike(area.title, title):
            raise RuleViolation("There is an area called “%(title)s” already.", title=area.title)


def alike(title: str, other: str) -> bool:
    return " ".join(title.casefold().split()) == " ".join(other.casefold().split())


def code_for(label: str, taken: Iterable[str], retired: Mapping[str, str]) -> str:
    """A code for something new, from its words; a number tells two alike apart. What comes back has its old code."""
    returning = next((code for code, title in retired.items() if alike(title, label) and code not in taken), "")
    if returning:
        return returning
    words = "".join(letter if letter.isalnum() and letter.isascii() else " " for letter in label.lower()).split()
    base = "-".join(words)[:50].strip("-") or "entry"
    codes = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    return next(code for code in codes if code not in taken and code not in retired)


def numbered(
    prefix: str, own: Mapping[str, Competency], statements: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Give new statements the next numbers after all the area has had; drop the emptied ones."""
    last = max((int(code.partition("-")[2]) for code in own), default=0)
    for code, statement in statements:
        if not statement.strip():
            continue
        last += not code
        yield code or f"{prefix}-{last:02}", statement.strip()


def with_tracks(framework: Framework, titles: Mapping[str, str], new: Iterable[tuple[int, str]]) -> Framework:
    """The framework with tracks renamed by code, and new ones of (level, title). An emptied title removes its track."""
    tracks = [
        track.model_copy(update={"title": titles[track.code].strip()})
        for track in framework.tracks
        if titles[track.code].strip()
    ]
    taken = {track.code for track in framework.tracks}
    for level, title in new:
        code = code_for(title, taken, framework.retired.tracks)
        taken.add(code)
        tracks.append(Track(code=code, level=level, title=title.strip()))
    for entry in framework.levels:
        refuse_impossible_tracks(framework, entry.level, [track for track in tracks if track.level == entry.level])
    return validated(framework, tracks=sorted(tracks, key=lambda track: track.level))


def refuse_impossible_tracks(framework: Framework, level: int, tracks: list[Track]) -> None:
    """Files, policies and forms of a level either all name a track or none does."""
    if bool(tracks) != bool(framework.tracks_of(level)):
        none = _("Level %(level)s has no tracks: its files and vignettes are for the whole level.")
        some = _("Level %(level)s keeps at least one track: its files and vignettes name one.")
        raise RuleViolation(none if tracks else some, level=level)
    for position, track in enumerate(tracks):
        if any(alike(track.title, other.title) for other in tracks[:position]):
            raise RuleViolation("Two tracks of a level are called “%(title)s”.", title=track.title)


def with_responsibility_codes(
    framework: Framework, titles: Mapping[str, str], new: Iterable[tuple[str, str]]
) -> Framework:
    """The framework with responsibility codes renamed, and new ones of (letter, title).

    An emptied title removes its letter, also from the areas and competencies that have it.
    """
    codes = [
        ResponsibilityCode(code=entry.code, title=titles[entry.code].strip())
        for entry in framework.responsibility_codes
        if titles[entry.code].strip()
    ]
    known = {entry.code for entry in framework.responsibility_codes}
    for typed, title in new:
        letter = typed.strip().upper()
        if letter in known:
            raise RuleViolation("The letter %(letter)s is taken. Choose another.", letter=letter)
        known.add(letter)
        codes.append(ResponsibilityCode(code=letter, title=title.strip()))
    kept = {entry.code for entry in codes}

    def only_kept(tagged: Area | Competency) -> dict[str, list[str]]:
        return {"responsibility_codes": [letter for letter in tagged.responsibility_codes if letter in kept]}

    return validated(
        framework,
        responsibility_codes=codes,
        areas=[area.model_copy(update=only_kept(area)) for area in framework.areas],
        competencies=[entry.model_copy(update=only_kept(entry)) for entry in framework.competencies],
    )


def with_levels(framework: Framework, levels: Mapping[int, tuple[str, bool]]) -> Framework:
    """The framework with titles of levels changed, and whether the association has confirmed their terms."""
    changed = [
        Level(level=entry.level, title=levels[entry.level][0], confirmed=levels[entry.level][1])
        for entry in framework.levels
    ]
    return validated(framework, levels=changed)


def validated(framework: Framework, **changes: object) -> Framework:
    try:
        return Framework.model_validate(framework.model_copy(update=changes).model_dump())
    except ValidationError as error:
        problem = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise RuleViolation("%(problem)s", problem=problem) from error
