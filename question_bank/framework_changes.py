"""Changing the framework: every change is a new version, with a reason and a readable comparison."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.errors import RuleViolation
from question_bank.framework import (
    Area,
    Competency,
    Framework,
    Level,
    Term,
    current_framework,
    save_framework,
)
from question_bank.items import ItemTerm, ItemVersion, ReviewState
from question_bank.rule_documents import DocumentKind, RuleDocument, newest


@dataclass(frozen=True)
class Change:
    """One difference between two versions. ``what`` is a kind, ``place`` where, ``before`` and ``after`` the texts."""

    what: str
    place: str
    before: str
    after: str


def change_framework(
    session: Session,
    framework: Framework,
    *,
    based_on: int,
    effective_from: date,
    reason: str,
    by: int,
    at: datetime,
) -> RuleDocument:
    """Make this the next version of the framework. It was made from version ``based_on``."""
    current = current_framework(session)
    latest = newest(session, DocumentKind.FRAMEWORK)
    if latest is not None and latest.version != based_on:
        raise RuleViolation(
            "Somebody else saved version %(version)s meanwhile. Copy what you wrote, then reload the page.",
            version=latest.version,
        )
    if framework == current:
        raise RuleViolation("Nothing was changed, so there is no new version.")
    refuse_removal_of_used_terms(session, current, framework)
    return save_framework(session, framework, effective_from=effective_from, note=reason, by=by, at=at)


def refuse_removal_of_used_terms(session: Session, old: Framework, new: Framework) -> None:
    removed = places_of(old).keys() - places_of(new).keys()
    uses = uses_of_terms(session) if removed else Counter()
    for area, term, level in sorted(removed):
        if uses[area, term, level]:
            raise RuleViolation(
                "“%(term)s” cannot be removed from Level %(level)s: %(count)s items are about it. Change them first.",
                term=old.term_label(area, term, level),
                level=level,
                count=uses[area, term, level],
            )


def places_of(framework: Framework) -> dict[tuple[str, str, int], str]:
    """(area, term, level) -> label, for every term of every level."""
    return {
        (area.code, term.code, level): label
        for area in framework.areas
        for term in area.terms
        for level, label in term.labels.items()
    }


def uses_of_terms(session: Session) -> Counter[tuple[str, str, int]]:
    """How many items that are not retired cite a term at a level: (area, term, level) -> items."""
    rows = session.execute(
        select(ItemVersion.item_id, ItemVersion.area, ItemTerm.term, ItemVersion.levels)
        .join(ItemTerm, ItemTerm.item_version_id == ItemVersion.id)
        .where(ItemVersion.state != ReviewState.RETIRED)
    )
    cited = {(row.item_id, row.area, row.term, level) for row in rows for level in row.levels}
    return Counter((area, term, level) for _, area, term, level in cited)


@dataclass(frozen=True)
class TermText:
    """A term as it is typed: a label for each level that has it. ``code`` is empty for a new one."""

    code: str
    labels: Mapping[int, str]


def with_area(
    framework: Framework, area: Area, *, title: str, terms: Iterable[TermText], statements: Iterable[tuple[str, str]]
) -> Framework:
    """The framework with one area rewritten. A term without labels, or a competency without statement, goes away.

    ``statements`` are (competency code, statement); a new one has an empty code.
    """
    own = {c.code: c for c in framework.competencies if c.area == area.code}
    changed = [
        Competency(code=code, area=area.code, statement=statement, responsibility_codes=own[code].responsibility_codes)
        if code in own
        else Competency(code=code, area=area.code, statement=statement, responsibility_codes=area.responsibility_codes)
        for code, statement in numbered(area.prefix, own, statements)
    ]
    kept = [c for c in framework.competencies if c.area != area.code]
    areas = [entry if entry.code != area.code else rewritten(area, title, terms) for entry in framework.areas]
    order = {entry.code: position for position, entry in enumerate(areas)}
    competencies = sorted([*kept, *changed], key=lambda c: order[c.area])
    return validated(framework, areas=areas, competencies=competencies)


def rewritten(area: Area, title: str, texts: Iterable[TermText]) -> Area:
    terms: list[Term] = []
    taken = {term.code for term in area.terms}
    for text in texts:
        labels = {level: label.strip() for level, label in text.labels.items() if label.strip()}
        if labels:
            code = text.code or code_for(labels[max(labels)], taken)
            taken.add(code)
            terms.append(Term(code=code, labels=labels))
    if not terms:
        raise RuleViolation("%(area)s needs at least one term.", area=area.title)
    return area.model_copy(update={"title": title.strip() or area.title, "terms": terms})


def code_for(label: str, taken: Iterable[str]) -> str:
    """A code for a new term, from its words; a number tells two alike apart."""
    words = "".join(letter if letter.isalnum() and letter.isascii() else " " for letter in label.lower()).split()
    base = "-".join(words)[:50].strip("-") or "term"
    codes = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    return next(code for code in codes if code not in taken)


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
        raise RuleViolation("%(problem)s", problem=str(error.errors()[0]["msg"])) from error


def changes_between(old: Framework, new: Framework) -> list[Change]:
    """What a reader should know of a new version, place by place."""
    titles = {area.code: area.title for area in [*old.areas, *new.areas]}
    pairs = (
        ("level", level_texts(old), level_texts(new)),
        ("area", {(a.code,): a.title for a in old.areas}, {(a.code,): a.title for a in new.areas}),
        ("term", places_of(old), places_of(new)),
        ("competency", competency_texts(old), competency_texts(new)),
    )
    return [
        Change(what, place_name(what, key, titles), before.get(key, ""), after.get(key, ""))
        for what, before, after in pairs
        for key in [*before, *(key for key in after if key not in before)]
        if before.get(key) != after.get(key)
    ]


def level_texts(framework: Framework) -> dict[tuple[str | int, ...], str]:
    words = {True: "confirmed", False: "to be confirmed"}
    return {(entry.level,): f"{entry.title}, {words[entry.confirmed]}" for entry in framework.levels}


def competency_texts(framework: Framework) -> dict[tuple[str | int, ...], str]:
    return {(entry.area, entry.code): entry.statement for entry in framework.competencies}


def place_name(what: str, key: tuple[str | int, ...], titles: Mapping[str, str]) -> str:
    if what == "level":
        return f"Level {key[0]}"
    title = titles[str(key[0])]
    return {"area": title, "term": f"{title}, Level {key[-1]}", "competency": f"{title}, {key[-1]}"}[what]
