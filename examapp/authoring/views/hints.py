"""What the editor says while somebody is typing: advice, similar items, and what a candidate would see."""

from dataclasses import dataclass

from flask import abort, current_app, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from examapp.authoring.views.items import editor, load_item, what_is_missing
from examapp.authoring.views.routes import bp
from examapp.db import db_session, only_reads
from examapp.policies import Right, may_edit_item
from examapp.security import acting_user, requires
from examapp.word_changes import Piece, word_changes
from question_bank.framework import current_framework
from question_bank.item_kinds import CONTENT_OF
from question_bank.item_sets import set_of
from question_bank.item_writing import as_typed
from question_bank.items import ItemKind, ItemVersion
from question_bank.lint import Finding, Severity, findings
from question_bank.similar_items import SimilarItems, text_of_version


@dataclass(frozen=True)
class Similar:
    """An item that says nearly the same, and what is different in the one that is looked at."""

    version: ItemVersion
    percent: int
    changes: list[Piece]


@bp.app_template_global()
def similar_items(version: ItemVersion) -> list[Similar]:
    """The items of the bank that are most similar to this version, the most similar first."""
    index: SimilarItems = current_app.extensions["similar_items"]
    text = text_of_version(version)
    # What is found for an essay says its vignette too, which in a set is the same one.
    travelling = set_of(db_session(), version.item) if version.item.kind is ItemKind.ESSAY else []
    found = index.near(db_session(), text, besides={version.item_id, *(item.id for item in travelling)})
    return [Similar(item.version, round(100 * item.similarity), word_changes(item.text, text)) for item in found]


@bp.post("/bank/items/<code>/hints")
@requires(Right.WRITE_ITEMS)
@only_reads
def hints(code: str) -> str:
    """About the form as it stands: nothing is written."""
    session, version = db_session(), load_item(code).latest
    if not may_edit_item(acting_user(), version):
        abort(403)
    form = editor(version)
    if not form.validate():
        return render_template("authoring/no_hints.html", form=form)
    typed = as_typed(session, version, form.draft(version))
    found = findings(CONTENT_OF[version.item.kind].model_validate(typed.content), typed.reference)
    similar = similar_items(typed)
    return render_template(
        "authoring/hints.html",
        version=typed,
        findings=found,
        similar=similar,
        missing=what_is_missing(typed, current_framework(session)),
        summary=in_short(found, similar),
    )


def in_short(found: list[Finding], similar: list[Similar]) -> str:
    """The hints as one sentence, for those who hear them and for the line at the edge of the page."""
    grave = sum(finding.severity is Severity.BLOCK for finding in found)
    rest = len(found) - grave
    parts = (
        (grave, ngettext("%(num)s thing must be mended", "%(num)s things must be mended", grave)),
        (rest, ngettext("%(num)s piece of advice", "%(num)s pieces of advice", rest)),
        (len(similar), ngettext("%(num)s similar item", "%(num)s similar items", len(similar))),
    )
    return ", ".join(text for count, text in parts if count) or _("No remarks")
