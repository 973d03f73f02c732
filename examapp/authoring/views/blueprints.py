"""Pages of exam blueprints."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from examapp.authoring.forms.blueprints import SaveBlueprintForm, blueprint_form
from examapp.authoring.pictures import forms_possible, picture
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.security import acting_user, requires
from question_bank.blueprint_plans import (
    availability,
    change_blueprint,
    create_blueprint,
    followed_by_sealed_form,
    newest_blueprints,
)
from question_bank.blueprint_progress import progress_by_level
from question_bank.errors import RuleViolation
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms import ExamForm
from question_bank.framework import Framework, current_framework


def load_blueprint(number: int) -> ExamBlueprint:
    return db_session().get(ExamBlueprint, number) or abort(404)


@bp.get("/bank/blueprints")
@requires(Right.ASSEMBLE_FORMS)
def blueprints() -> str:
    session = db_session()
    framework = current_framework(session)
    rows = [
        (blueprint, forms_possible(picture(blueprint, framework, availability(session, blueprint.levels))))
        for blueprint in newest_blueprints(session)
    ]
    return render_template("authoring/blueprints.html", rows=rows)


@bp.get("/bank/blueprints/<int:number>")
@requires(Right.ASSEMBLE_FORMS)
def blueprint(number: int) -> str:
    session = db_session()
    shown = load_blueprint(number)
    framework = current_framework(session)
    areas = picture(shown, framework, availability(session, shown.levels))
    return render_template(
        "authoring/blueprint.html",
        blueprint=shown,
        framework=framework,
        areas=areas,
        possible=forms_possible(areas),
        sealed=followed_by_sealed_form(session, shown),
        forms=session.scalars(select(ExamForm).where(ExamForm.blueprint_id == number).order_by(ExamForm.id.desc())),
    )


@bp.get("/bank/blueprints/<int:number>/progress")
@requires(Right.ASSEMBLE_FORMS)
def blueprint_progress(number: int) -> str:
    """What the committee has, needs and lacks at one level of a blueprint."""
    session, shown = db_session(), load_blueprint(number)
    asked, framework = request.args.get("level", type=int), current_framework(session)
    level = asked if asked in shown.levels else shown.levels[0]
    progress = progress_by_level(session, [level])[level]
    return render_template(
        "authoring/blueprint_progress.html",
        blueprint=shown,
        level=level,
        areas=picture(shown, framework, progress.approved, progress.in_use),
    )


@bp.route("/bank/blueprints/new", methods=["GET", "POST"])
@requires(Right.ASSEMBLE_FORMS)
def new_blueprint() -> str | Response:
    session = db_session()
    framework = current_framework(session)
    form = blueprint_form(framework)
    copied = request.args.get("copy", type=int)
    if request.method == "GET" and copied:
        source = load_blueprint(copied)
        form.show(_("Copy of %(title)s", title=source.title), source, framework)
    if form.validate_on_submit():
        try:
            made = create_blueprint(session, form.plan(framework), by=acting_user().id, at=now())
            session.commit()
        except RuleViolation as violation:
            form.form_errors.append(sentence_of(violation))
        else:
            flash(_("The blueprint is saved."), "success")
            return redirect(url_for("authoring.blueprint", number=made.id))
    return blueprint_page(form, framework, _("New blueprint"), url_for("authoring.blueprints"))


@bp.route("/bank/blueprints/<int:number>/edit", methods=["GET", "POST"])
@requires(Right.ASSEMBLE_FORMS)
def edit_blueprint(number: int) -> str | Response:
    session = db_session()
    framework = current_framework(session)
    changed = load_blueprint(number)
    form = blueprint_form(framework)
    shown = url_for("authoring.blueprint", number=number)
    if request.method == "GET":
        form.show(changed.title, changed, framework)
    if form.validate_on_submit():
        try:
            change_blueprint(session, changed, form.plan(framework), by=acting_user().id, at=now())
            session.commit()
        except RuleViolation as violation:
            form.form_errors.append(sentence_of(violation))
        else:
            flash(_("The blueprint is saved."), "success")
            return redirect(shown)
    return blueprint_page(form, framework, _("Edit blueprint"), shown)


def blueprint_page(form: SaveBlueprintForm, framework: Framework, title: str, back: str) -> str:
    return render_template("authoring/edit_blueprint.html", form=form, framework=framework, title=title, back=back)
