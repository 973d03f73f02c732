"""Changing the framework: every change is a new version, with a reason and a readable comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank.errors import RuleViolation
from question_bank.framework import Framework, Retired, current_framework, save_framework
from question_bank.framework_uses import places_of, refuse_removal_of_used
from question_bank.rule_documents import DocumentKind, RuleDocument, newest


@dataclass(frozen=True)
class Change:
    """One difference between two versions. ``what`` is a kind, ``before`` and ``after`` are the texts.

    ``place`` names where: titles and codes, and the number of a level.
    """

    what: str
    place: tuple[str | int, ...]
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
    check_change(session, framework, based_on)
    framework = remembering(current_framework(session), framework)
    try:
        with session.begin_nested():
            return save_framework(session, framework, effective_from=effective_from, note=reason, by=by, at=at)
    except IntegrityError:
        raise stale(based_on + 1) from None


def check_change(session: Session, framework: Framework, based_on: int) -> None:
    """Raises RuleViolation when this cannot be the next version, made from version ``based_on``."""
    current = current_framework(session)
    latest = newest(session, DocumentKind.FRAMEWORK)
    if latest is not None and latest.version != based_on:
        raise stale(latest.version)
    if framework == current:
        raise RuleViolation("Nothing was changed, so there is no new version.")
    refuse_removal_of_used(session, current, framework)


def stale(version: int) -> RuleViolation:
    return RuleViolation(
        "Somebody else saved version %(version)s meanwhile. Copy what you wrote, then reload the page.",
        version=version,
    )


def remembering(old: Framework, new: Framework) -> Framework:
    """The new framework with the titles of what was taken out of the old one; what came back is forgotten there."""
    terms = {
        f"{area.code}/{term.code}": old.term_label(area.code, term.code) for area in old.areas for term in area.terms
    }
    kept = {f"{area.code}/{term.code}" for area in new.areas for term in area.terms}
    areas = {area.code: area.title for area in old.areas}
    tracks = {track.code: track.title for track in old.tracks}
    retired = Retired(
        areas=without({**old.retired.areas, **areas}, {area.code for area in new.areas}),
        terms=without({**old.retired.terms, **terms}, kept),
        tracks=without({**old.retired.tracks, **tracks}, {track.code for track in new.tracks}),
    )
    return new.model_copy(update={"retired": retired})


def without(titles: Mapping[str, str], codes: set[str]) -> dict[str, str]:
    return {code: title for code, title in titles.items() if code not in codes}


def removals(old: Framework, new: Framework) -> list[Change]:
    """What the new framework no longer has."""
    return [change for change in changes_between(old, new) if not change.after]


def changes_between(old: Framework, new: Framework) -> list[Change]:
    """What a reader should know of a new version, place by place."""
    titles = {area.code: area.title for area in [*old.areas, *new.areas]}
    pairs = (
        ("level", level_texts(old), level_texts(new)),
        ("confirmation", confirmations(old), confirmations(new)),
        ("track", track_texts(old), track_texts(new)),
        ("code", code_texts(old), code_texts(new)),
        ("area", {(a.code,): a.title for a in old.areas}, {(a.code,): a.title for a in new.areas}),
        ("kind", kind_texts(old, new), kind_texts(new, old)),
        ("letters", letter_texts(old, new), letter_texts(new, old)),
        ("term", places_of(old), places_of(new)),
        ("competency", competency_texts(old), competency_texts(new)),
    )
    return [
        Change(what, place_of(what, key, titles), before.get(key, ""), after.get(key, ""))
        for what, before, after in pairs
        for key in [*before, *(key for key in after if key not in before)]
        if before.get(key) != after.get(key)
    ]


def level_texts(framework: Framework) -> dict[tuple[str | int, ...], str]:
    return {(entry.level,): entry.title for entry in framework.levels}


def confirmations(framework: Framework) -> dict[tuple[str | int, ...], str]:
    words = {True: "confirmed", False: "to be confirmed"}
    return {(entry.level,): words[entry.confirmed] for entry in framework.levels}


def track_texts(framework: Framework) -> dict[tuple[str | int, ...], str]:
    return {(track.level, track.code): track.title for track in framework.tracks}


def code_texts(framework: Framework) -> dict[tuple[str | int, ...], str]:
    return {(entry.code,): entry.title for entry in framework.responsibility_codes}


def kind_texts(framework: Framework, other: Framework) -> dict[tuple[str | int, ...], str]:
    """The kinds of the areas that both have; of others the title says enough."""
    return {(area.code,): area.kind for area in framework.areas if other.area(area.code)}


def letter_texts(framework: Framework, other: Framework) -> dict[tuple[str | int, ...], str]:
    return {(a.code,): ", ".join(a.responsibility_codes) for a in framework.areas if other.area(a.code)}


def competency_texts(framework: Framework) -> dict[tuple[str | int, ...], str]:
    return {(entry.area, entry.code): entry.statement for entry in framework.competencies}


def place_of(what: str, key: tuple[str | int, ...], titles: Mapping[str, str]) -> tuple[str | int, ...]:
    if what in ("level", "confirmation", "track", "code"):
        return key[:1]
    title = titles[str(key[0])]
    return (title, key[-1]) if what in ("term", "competency") else (title,)
