"""Filters of the list that a person keeps: under a name, for themselves."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from examapp.authoring.forms.filters import NameFilterForm
from examapp.authoring.views.item_list import kept_filter
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right, may_change_filter
from examapp.security import acting_user, requires
from question_bank import saved_filters
from question_bank.errors import RuleViolation
from question_bank.saved_filters import SavedFilter

Page = str | Response | tuple[str, int]


def load_filter(number: int) -> SavedFilter:
    """One of the reader's own; nobody else's exists for them."""
    saved = db_session().get(SavedFilter, number)
    if saved is None or not may_change_filter(acting_user(), saved):
        abort(404)
    return saved


@bp.get("/bank/filters")
@requires(Right.SEE_BANK)
def filters() -> str:
    saved = saved_filters.filters_of(db_session(), acting_user().id)
    return render_template("authoring/filters.html", filters=saved)


@bp.post("/bank/filters")
@requires(Right.SEE_BANK)
def keep_filter() -> Page:
    """Keep what the address asks for; it leads back to the list as it was."""
    form = NameFilterForm()
    asked = {name: value for name, value in kept_filter().items() if name != "page"}
    back = url_for("authoring.items", **asked)
    if form.validate_on_submit():
        try:
            saved_filters.keep(db_session(), form.name.data, asked, by=acting_user().id, at=now())
        except RuleViolation as violation:
            form.name.errors = [*form.name.errors, sentence_of(violation)]
        else:
            db_session().commit()
            flash(_("“%(name)s” is kept. You find it above the list.", name=form.name.data), "success")
            return redirect(back)
    return name_page(form, _("Keep this filter under a name"), _("Keep the filter"), back)


@bp.route("/bank/filters/<int:number>/rename", methods=["GET", "POST"])
@requires(Right.SEE_BANK)
def rename_filter(number: int) -> Page:
    saved = load_filter(number)
    form = NameFilterForm(name=saved.name)
    if form.validate_on_submit():
        try:
            saved_filters.rename(db_session(), saved, form.name.data, by=acting_user().id, at=now())
        except RuleViolation as violation:
            form.name.errors = [*form.name.errors, sentence_of(violation)]
        else:
            db_session().commit()
            flash(_("The filter is called “%(name)s” now.", name=form.name.data), "success")
            return redirect(url_for("authoring.filters"))
    return name_page(form, _("Rename “%(name)s”", name=saved.name), _("Rename"), url_for("authoring.filters"))


def name_page(form: NameFilterForm, title: str, label: str, cancel_url: str) -> Page:
    page = render_template("authoring/name_filter.html", form=form, title=title, label=label, cancel_url=cancel_url)
    return (page, 422) if request.method == "POST" else page


@bp.route("/bank/filters/<int:number>/remove", methods=["GET", "POST"])
@requires(Right.SEE_BANK)
def remove_filter(number: int) -> str | Response:
    saved = load_filter(number)
    if request.method == "POST":
        saved_filters.remove(db_session(), saved, by=acting_user().id, at=now())
        db_session().commit()
        flash(_("“%(name)s” is removed.", name=saved.name), "success")
        return redirect(url_for("authoring.filters"))
    return render_template(
        "confirm.html",
        title=_("Remove “%(name)s”?", name=saved.name),
        consequences=[_("The filter disappears from your list. The items stay as they are.")],
        confirm_label=_("Remove the filter"),
        cancel_url=url_for("authoring.filters"),
    )
