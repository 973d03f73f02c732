"""Pages on which administrators change the framework: each change a new version; what removes something asks first."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.authoring.forms.framework import (
    NewVersionForm,
    add_area_form,
    area_form,
    codes_form,
    levels_form,
    statements,
    tracks_form,
)
from examapp.authoring.views.framework import shown_change
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.security import acting_user, requires
from examapp.shell import day_here, rule_text
from question_bank import rule_documents
from question_bank.errors import RuleViolation
from question_bank.framework import Area, Framework, current_framework
from question_bank.framework_changes import Change, change_framework, check_change, removals
from question_bank.framework_edits import without_area
from question_bank.framework_uses import uses_of_terms
from question_bank.rule_documents import DocumentKind

NOT_TYPED = ("csrf_token", "answer")


@bp.route("/framework/areas/new", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def add_area() -> str | Response:
    current = current_framework(db_session())
    form = add_area_form(current)
    return change(form, current, form.changed) or render_template(
        "authoring/add_area.html", form=form, framework=current
    )


@bp.route("/framework/areas/<code>/edit", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def edit_area(code: str) -> str | Response:
    current = current_framework(db_session())
    area = current.area(code) or abort(404)
    form = area_form(current, area)
    return change(form, current, form.changed) or render_template(
        "authoring/edit_area.html",
        form=form,
        framework=current,
        area=area,
        statements=statements(current, area),
        uses=uses_of_terms(db_session()),
    )


@bp.route("/framework/areas/<code>/remove", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def remove_area(code: str) -> str | Response:
    current = current_framework(db_session())
    area = current.area(code) or abort(404)
    form = NewVersionForm()
    begin(form)
    try:
        remaining = without_area(current, area)
        check_change(db_session(), remaining, form.based_on)
        if form.validate_on_submit():
            return save(form, remaining)
    except RuleViolation as violation:
        flash(sentence_of(violation), "error")
        return redirect(url_for("authoring.edit_area", code=code))
    return render_template(
        "confirm.html",
        title=_("Remove %(area)s from the framework?", area=rule_text(area.title)),
        consequences=consequences(current, area),
        form=form,
        confirm_label=_("Remove the area"),
        cancel_url=url_for("authoring.edit_area", code=code),
    )


def consequences(framework: Framework, area: Area) -> list[str]:
    shown = len(statements(framework, area))
    return [
        ngettext("Its %(num)s term goes with it.", "Its %(num)s terms go with it.", len(area.terms)),
        *(
            [ngettext("Its %(num)s behavior goes with it.", "Its %(num)s behaviors go with it.", shown)]
            if shown
            else []
        ),
        _("Nobody can choose it for an item or a blueprint any more."),
        _("Retired items, sealed forms and results that name it keep its name."),
        _("The versions before this one can always be read."),
    ]


@bp.route("/framework/levels/edit", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def edit_levels() -> str | Response:
    current = current_framework(db_session())
    form = levels_form(current)
    return change(form, current, form.changed) or render_template(
        "authoring/edit_levels.html", form=form, framework=current
    )


@bp.route("/framework/tracks/edit", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def edit_tracks() -> str | Response:
    current = current_framework(db_session())
    form = tracks_form(current)
    return change(form, current, form.changed) or render_template(
        "authoring/edit_tracks.html", form=form, framework=current
    )


@bp.route("/framework/codes/edit", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def edit_codes() -> str | Response:
    current = current_framework(db_session())
    form = codes_form(current)
    return change(form, current, form.changed) or render_template(
        "authoring/edit_codes.html", form=form, framework=current
    )


def change(
    form: NewVersionForm, current: Framework, changed_by_fields: Callable[[Framework], Framework]
) -> str | Response | None:
    """Save what was posted, or ask first when that removes something; None when the page is to be shown."""
    begin(form)
    answer = request.form.get("answer")
    if not form.validate_on_submit() or answer == "back":
        return None
    try:
        changed = changed_by_fields(current)
        check_change(db_session(), changed, form.based_on)
        gone = removals(current, changed)
        return ask(gone) if gone and answer != "remove" else save(form, changed)
    except RuleViolation as violation:
        form.form_errors.append(sentence_of(violation))
        return None


def ask(gone: list[Change]) -> str:
    typed: list[tuple[str, Any]] = [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED
    ]
    return render_template("authoring/confirm_removal.html", gone=[shown_change(c) for c in gone], typed=typed)


def begin(form: NewVersionForm) -> None:
    if request.method == "GET":
        newest = rule_documents.newest(db_session(), DocumentKind.FRAMEWORK)
        form.begin(newest.version if newest else 0, day_here(now()))


def save(form: NewVersionForm, changed: Framework) -> Response:
    session = db_session()
    document = change_framework(
        session,
        changed,
        based_on=form.based_on,
        effective_from=form.effective_from.data,
        reason=form.reason.data.strip(),
        by=acting_user().id,
        at=now(),
    )
    session.commit()
    flash(_("Version %(version)s of the framework is saved.", version=document.version), "success")
    return redirect(url_for("authoring.framework_version", number=document.version))
