"""Exam policies: the rules in force, every version, and changing them by real fields."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.endorsements.forms import level_choices
from examapp.endorsements.views.requirements import names_of
from examapp.errors import sentence_of
from examapp.policies import Right, has_right
from examapp.registration.exam_policies import change_exam_policy, changes_between
from examapp.registration.forms.policies import CONFIRMABLE, ChangePolicyForm
from examapp.registration.views.policy_labels import ShownChange, shown_change
from examapp.registration.views.routes import bp
from examapp.security import acting_user, requires, signed_in
from examapp.shell import day_here
from question_bank import rule_documents
from question_bank.errors import RuleViolation
from question_bank.exam_policy import ExamPolicy, policy_of
from question_bank.framework import current_framework
from question_bank.rule_documents import DocumentKind, RuleDocument


@bp.get("/policies")
@signed_in
def policies() -> str:
    newest = rule_documents.newest(db_session(), DocumentKind.EXAM_POLICY)
    version = rule_documents.in_force(db_session(), DocumentKind.EXAM_POLICY, day_here(now()))
    if version is None:
        return render_template("registration/no_policy.html")
    return render_template(
        "registration/policy.html",
        document=version,
        policy=policy_of(version),
        coming=newest if newest and newest.version > version.version else None,
        may_change=has_right(acting_user(), Right.CHANGE_RULES),
    )


@bp.get("/policies/versions")
@signed_in
def policy_versions() -> str:
    found = rule_documents.versions(db_session(), DocumentKind.EXAM_POLICY)
    return render_template(
        "registration/policy_versions.html",
        versions=found,
        names=names_of(db_session(), found),
        in_force=rule_documents.in_force(db_session(), DocumentKind.EXAM_POLICY, day_here(now())),
    )


@bp.get("/policies/versions/<int:version>")
@signed_in
def policy_version(version: int) -> str:
    found = {entry.version: entry for entry in rule_documents.versions(db_session(), DocumentKind.EXAM_POLICY)}
    shown = found.get(version) or abort(404)
    previous = found.get(version - 1)
    return render_template(
        "registration/policy_version.html",
        document=shown,
        name=names_of(db_session(), [shown]).get(shown.id),
        policy=policy_of(shown),
        previous=previous,
        changes=shown_changes(policy_of(previous), policy_of(shown)) if previous else [],
    )


def shown_changes(old: ExamPolicy, new: ExamPolicy) -> list[ShownChange]:
    framework = current_framework(db_session())
    return [shown_change(change, old, new, framework) for change in changes_between(old, new)]


@bp.route("/policies/change", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def change_the_policy() -> str | Response | tuple[str, int]:
    newest = rule_documents.newest(db_session(), DocumentKind.EXAM_POLICY) or abort(404)
    before = policy_of(newest)
    form, places = ChangePolicyForm(), level_choices(current_framework(db_session()))
    if request.method == "GET":
        form.based_on.data, form.effective_from.data = str(newest.version), day_here(now())
        form.show(before, places)
    form.offer_places(places)
    confirmed = (
        set(request.form.getlist("confirmed")) if request.form else set(CONFIRMABLE) - set(before.to_be_confirmed)
    )
    if request.method == "POST" and form.validate() and (policy := form.policy(before, confirmed)):
        try:
            made = save_change(form, policy)
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            return saved(made)
    page = render_template(
        "registration/change_policy.html", form=form, policy=before, confirmed=confirmed, confirmable=CONFIRMABLE
    )
    return (page, 422) if request.method == "POST" else page


def save_change(form: ChangePolicyForm, policy: ExamPolicy) -> RuleDocument:
    return change_exam_policy(
        db_session(),
        policy,
        based_on=int(form.based_on.data) if (form.based_on.data or "").isdigit() else 0,
        effective_from=form.effective_from.data,
        note=form.reason.data.strip(),
        by=acting_user().id,
        at=now(),
    )


def saved(made: RuleDocument) -> Response:
    db_session().commit()
    flash(_("Version %(version)s of the exam policy is saved.", version=made.version), "success")
    return redirect(url_for("registration.policy_version", version=made.version))
