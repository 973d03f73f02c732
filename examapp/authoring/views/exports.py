"""Taking items away as a file."""

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from examapp.authoring.downloads import FORMATS, items_file, left_out_of
from examapp.authoring.forms.imports import ExportItemsForm
from examapp.authoring.views.item_list import asked_filter, kept_filter
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right
from examapp.security import acting_user, requires
from question_bank.framework import current_framework
from question_bank.item_search import all_items


@bp.route("/bank/export", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def export_items() -> str | Response | tuple[str, int]:
    """The items of the list as it was filtered, in a format of choice."""
    session, at = db_session(), now()
    found, framework = all_items(session, asked_filter()), current_framework(session)
    if not found:
        flash(_("There is no item in this list."), "error")
        return redirect(url_for("authoring.items", **kept_filter()))
    form = ExportItemsForm()
    form.offer({name: left_out_of(found, framework, name) for name in FORMATS})
    if not form.validate_on_submit():
        page = render_template("authoring/export_items.html", form=form, count=len(found), kept_filter=kept_filter())
        return (page, 422) if request.method == "POST" else page
    made = items_file(session, found, form.format.data, str(get_locale()), by=acting_user().id, at=at)
    session.commit()
    kind = FORMATS[form.format.data]
    name = f"items-{at:%Y-%m-%d}{kind.suffix}"
    return send_file(BytesIO(made.data), kind.media_type, as_attachment=True, download_name=name)
