"""The list of the bank, and what its address asks for."""

from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from examapp.authoring.forms.items import tidy
from examapp.authoring.views.items import names_of
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right, has_right
from examapp.security import acting_user, requires
from question_bank import full_text
from question_bank.bulk_deeds import last_deed
from question_bank.framework import current_framework
from question_bank.item_search import ItemFilter, SpanishState, authors, count_by_area, find_items
from question_bank.items import CognitiveLevel, ItemKind, ItemVersion, ReviewState
from question_bank.saved_filters import filters_of

LONGEST = 200  # of what is searched for

SPANISH_LABELS = {
    SpanishState.WRITTEN: _l("Has a Spanish text"),
    SpanishState.OUTDATED: _l("Spanish out of date"),
    SpanishState.NONE: _l("English only"),
}
YES_NO = {"yes": True, "no": False}
# Where a word was found that the list does not show.
PLACES = {
    "stem": _l("Stem"),
    "stimulus": _l("Vignette"),
    "prompt": _l("Prompt"),
    "line": _l("Line to be matched"),
    "option": _l("Option"),
    "answer": _l("Accepted answer"),
    "spanish": _l("Spanish"),
    "rubric": _l("Rubric"),
    "rationale": _l("Rationale"),
    "reference": _l("Reference"),
    "notes": _l("Notes"),
}


def asked_filter() -> ItemFilter:
    """The filter in the address; what makes no sense asks for nothing."""
    args = request.args
    area, _slash, term = text_asked("term").partition("/")
    return ItemFilter(
        words=text_asked("words", LONGEST),
        state=args.get("state", type=ReviewState),
        area=text_asked("area"),
        level=args.get("level", type=int),
        kind=args.get("kind", type=ItemKind),
        term=(area, term) if term else None,
        track=text_asked("track"),
        responsibility_code=text_asked("responsibility_code"),
        competency=text_asked("competency"),
        cognitive_level=args.get("cognitive_level", type=CognitiveLevel),
        author=number_asked("author"),
        sample=YES_NO.get(args.get("sample", "")),
        spanish=args.get("spanish", type=SpanishState),
        used=YES_NO.get(args.get("used", "")),
    )


def text_asked(name: str, limit: int = 120) -> str:
    return tidy(request.args.get(name))[:limit]


def number_asked(name: str) -> int | None:
    """A number that a database can hold."""
    number = request.args.get(name, type=int)
    return number if number is not None and abs(number) < 2**31 else None


FILTERS = (
    "words", "state", "area", "level", "kind", "term", "track", "responsibility_code", "competency", "cognitive_level",
    "author", "sample", "spanish", "used",
)  # fmt: skip


def kept_filter() -> dict[str, Any]:
    """What the address says of the list, for an address that leads back to it."""
    return {name: request.args[name] for name in (*FILTERS, "page") if request.args.get(name)}


@bp.app_template_global()
def found_elsewhere(version: ItemVersion, shown: str, words: full_text.Words) -> tuple[str, str] | None:
    """Where a word was found and the text around it, when what is ``shown`` of the item has none."""
    if full_text.has_any(f"{version.item.code} {shown}", words):
        return None
    place = full_text.first_found(version, words)
    return (str(PLACES[place[0]]), place[1]) if place else None


@bp.get("/bank")
@requires(Right.SEE_BANK)
def items() -> str:
    session, user = db_session(), acting_user()
    wanted = asked_filter()
    filtered = wanted != ItemFilter()
    return render_template(
        "authoring/items.html",
        found=find_items(session, wanted, request.args.get("page", 1, type=int)),
        wanted=wanted,
        searched=full_text.asked(wanted.words),
        marked=full_text.marked,
        filtered=filtered,
        kept_filter=kept_filter(),
        counts={} if filtered else count_by_area(session),
        framework=current_framework(session),
        authors=sorted(names_of(authors(session)).items(), key=lambda entry: entry[1].casefold()),
        spanish_labels=SPANISH_LABELS,
        saved_filters=filters_of(session, user.id),
        last_deed=last_deed(session, user.id, now()),
        may_review=has_right(user, Right.REVIEW_ITEMS),
        may_write=has_right(user, Right.WRITE_ITEMS),
    )
