"""The versions of an item: what changed between any two, word by word, and on which exam forms they stand."""

from flask import render_template, request
from flask_babel import gettext as _

from examapp.authoring.views.comparison import differences
from examapp.authoring.views.items import load_item, names_of
from examapp.authoring.views.routes import bp
from examapp.db import db_session
from examapp.policies import Right
from examapp.security import requires
from examapp.word_changes import word_changes
from question_bank.exam_forms import forms_with
from question_bank.framework import current_framework
from question_bank.item_writing import ItemDraft
from question_bank.items import Item, ItemVersion


@bp.get("/bank/items/<code>/versions")
@requires(Right.SEE_BANK)
def versions(code: str) -> str:
    session, shown = db_session(), load_item(code)
    before, after = asked_pair(shown)
    changed = differences(shown.kind, ItemDraft.of(before), ItemDraft.of(after), current_framework(session))
    uses = forms_with(session, shown)
    return render_template(
        "authoring/versions.html",
        item=shown,
        before=before,
        after=after,
        choices=[(version.number, _("Version %(number)s", number=version.number)) for version in shown.versions],
        changes=[(entry.label, word_changes(entry.stored, entry.typed)) for entry in changed],
        uses=uses,
        names=names_of([before.editor_id, after.editor_id, *(form.sealed_by_id or 0 for _version, form in uses)]),
    )


def asked_pair(item: Item) -> tuple[ItemVersion, ItemVersion]:
    """The two versions named in the address, the older first; else the last two."""
    by_number = {version.number: version for version in item.versions}
    last = item.latest.number
    numbers = (request.args.get("from", last - 1, type=int), request.args.get("to", last, type=int))
    first, second = sorted(number if number in by_number else last for number in numbers)
    return by_number[first], by_number[second]
