"""Pages of the competency framework: read by everybody who has signed in, changed by administrators."""

from collections import Counter

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from examapp.accounts.models import User
from examapp.authoring.forms.framework import ChangeFrameworkForm, area_form, levels_form, statements
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right, has_right
from examapp.security import acting_user, requires, signed_in
from examapp.shell import day_here
from question_bank import rule_documents
from question_bank.errors import RuleViolation
from question_bank.framework import Framework, current_framework
from question_bank.framework_changes import change_framework, changes_between, uses_of_terms
from question_bank.rule_documents import DocumentKind, RuleDocument


@bp.get("/framework")
@signed_in
def framework() -> str:
    session = db_session()
    current = current_framework(session)
    return render_template(
        "authoring/framework.html",
        framework=current,
        level_terms=Counter(level for area in current.areas for term in area.terms for level in term.labels),
        titles={code.code: code.title for code in current.responsibility_codes},
        document=rule_documents.newest(session, DocumentKind.FRAMEWORK),
        may_change=has_right(acting_user(), Right.CHANGE_RULES),
        may_see_bank=has_right(acting_user(), Right.SEE_BANK),
    )


@bp.get("/framework/versions")
@signed_in
def framework_versions() -> str:
    session = db_session()
    documents = rule_documents.versions(session, DocumentKind.FRAMEWORK)
    people = session.scalars(select(User).where(User.id.in_({d.created_by_id for d in documents if d.created_by_id})))
    names = {person.id: person.name for person in people}
    return render_template("authoring/framework_versions.html", documents=documents, names=names)


@bp.get("/framework/versions/<int:number>")
@signed_in
def framework_version(number: int) -> str:
    documents = {d.version: d for d in rule_documents.versions(db_session(), DocumentKind.FRAMEWORK)}
    shown = documents.get(number) or abort(404)
    before = documents.get(number - 1)
    return render_template(
        "authoring/framework_version.html",
        document=shown,
        framework=framework_of(shown),
        before=before,
        changes=changes_between(framework_of(before), framework_of(shown)) if before else [],
    )


def framework_of(document: RuleDocument) -> Framework:
    return Framework.model_validate(document.content)


@bp.route("/framework/areas/<code>/edit", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def edit_area(code: str) -> str | Response:
    session = db_session()
    current = current_framework(session)
    area = current.area(code) or abort(404)
    form = area_form(current, area)
    begin(form)
    if form.validate_on_submit():
        try:
            return save(form, form.changed(current, area))
        except RuleViolation as violation:
            form.form_errors.append(sentence_of(violation))
    return render_template(
        "authoring/edit_area.html",
        form=form,
        framework=current,
        area=area,
        statements=statements(current, area),
        uses=uses_of_terms(session),
    )


@bp.route("/framework/levels/edit", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def edit_levels() -> str | Response:
    current = current_framework(db_session())
    form = levels_form(current)
    begin(form)
    if form.validate_on_submit():
        try:
            return save(form, form.changed(current))
        except RuleViolation as violation:
            form.form_errors.append(sentence_of(violation))
    return render_template("authoring/edit_levels.html", form=form, framework=current)


def begin(form: ChangeFrameworkForm) -> None:
    if request.method == "GET":
        newest = rule_documents.newest(db_session(), DocumentKind.FRAMEWORK)
        form.begin(newest.version if newest else 0, day_here(now()))


def save(form: ChangeFrameworkForm, changed: Framework) -> Response:
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
