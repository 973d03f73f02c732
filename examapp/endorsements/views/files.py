"""Endorsement files: the list, one file, recording a requirement, and the candidate's own."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from examapp.accounts.models import Role, User, UserRole
from examapp.clock import now
from examapp.db import db_session
from examapp.endorsements.components import (
    Component,
    component_of,
    components_by_file,
    components_of,
    progress_of,
    record_component,
)
from examapp.endorsements.files import (
    file_numbered,
    files_of,
    find_files,
    open_file,
    people_without_file,
    requirements_for,
)
from examapp.endorsements.forms import OpenFileForm, RecordComponentForm, choices_from, level_and_track, level_choices
from examapp.endorsements.gate import Eligibility, eligibility
from examapp.endorsements.models import ComponentState, EndorsementFile
from examapp.endorsements.requirements import RequirementKind
from examapp.endorsements.views.routes import bp, framework
from examapp.errors import sentence_of
from examapp.policies import Right, has_right, may_keep_file, may_see_file
from examapp.security import acting_user, requires, signed_in
from examapp.shell import chosen_time_zone, rule_text
from examapp.waiting import WaitingItem
from question_bank import rule_documents
from question_bank.errors import RuleViolation
from question_bank.exam_policy import ExamPolicy, policy_of
from question_bank.rule_documents import DocumentKind, RuleDocument

VERIFIERS = (Role.REVIEWER, Role.AUTHOR, Role.RATER, Role.ADMINISTRATOR)


@bp.get("/files")
@requires(Right.KEEP_FILES)
def files() -> str:
    choices = level_choices(framework())
    place = request.args.get("place", "")
    level, track = level_and_track(place) if place in dict(choices) else (None, None)
    words = request.args.get("words", "")[:100]
    found = find_files(db_session(), words=words, level=level, track=track, page=request.args.get("page", 1, type=int))
    components = components_by_file(db_session(), found.files)
    progress = {file.id: progress_of(components[file.id]) for file in found.files}
    return render_template(
        "endorsements/files.html", found=found, progress=progress, places=choices, place=place, words=words
    )


@bp.route("/files/open", methods=["GET", "POST"])
@requires(Right.KEEP_FILES)
def open_new_file() -> str | Response | tuple[str, int]:
    form = OpenFileForm(candidate=request.args.get("candidate", type=int))
    form.candidate.choices = choices_from((user.id, f"{user.name} ({user.email})") for user in candidates(db_session()))
    form.place.choices = choices_from(level_choices(framework()))
    if form.validate_on_submit():
        level, track = level_and_track(form.place.data)
        user = db_session().get_one(User, form.candidate.data)
        try:
            file = open_file(db_session(), user, level, track, by=acting_user().id, at=now())
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            db_session().commit()
            flash(_("The file %(number)s is open.", number=file.number), "success")
            return redirect(url_for("endorsements.file", number=file.number))
    page = render_template("endorsements/open_file.html", form=form)
    return (page, 422) if request.method == "POST" else page


def candidates(session: Session) -> list[User]:
    query = select(User).where(User.role_rows.any(role=Role.CANDIDATE), User.deactivated_at.is_(None))
    return list(session.scalars(query.order_by(User.name, User.id)))


@bp.get("/files/mine")
@signed_in
def my_files() -> str:
    files = files_of(db_session(), acting_user())
    components = components_by_file(db_session(), files)
    mine = [(file, components[file.id], gate_of(file)) for file in files]
    return render_template("endorsements/my_files.html", mine=mine, progress_of=progress_of)


@bp.get("/files/<number>")
@signed_in
def file(number: str) -> str:
    found = visible_file(number)
    components = components_of(db_session(), found)
    return render_template(
        "endorsements/file.html",
        file=found,
        components=components,
        progress=progress_of(components),
        gate=gate_of(found),
        keeps=may_keep_file(acting_user(), found),
        requirements=db_session().get_one(RuleDocument, found.requirements_id),
    )


@bp.get("/files/<number>/<requirement>")
@signed_in
def component(number: str, requirement: str) -> str:
    found = visible_file(number)
    shown = component_or_404(found, requirement)
    recorders = {
        record.recorded_by_id: person.name
        for record in shown.history
        if record.recorded_by_id and (person := db_session().get(User, record.recorded_by_id))
    }
    return render_template(
        "endorsements/component.html",
        file=found,
        component=shown,
        keeps=may_keep_file(acting_user(), found),
        recorders=recorders,
    )


@bp.route("/files/<number>/<requirement>/record", methods=["GET", "POST"])
@requires(Right.KEEP_FILES)
def record(number: str, requirement: str) -> str | Response | tuple[str, int]:
    found = visible_file(number)
    shown = component_or_404(found, requirement)
    if shown.requirement.kind == RequirementKind.WRITTEN_EXAMINATION:
        abort(404)
    form = RecordComponentForm(obj=shown.latest)
    form.fit(shown.requirement, [(user.id, user.name) for user in verifiers(db_session(), found)])
    if form.validate_on_submit():
        try:
            save_component(found, shown, form)
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            db_session().commit()
            flash(_("“%(title)s” is recorded.", title=rule_text(shown.requirement.title)), "success")
            return redirect(url_for("endorsements.file", number=found.number, _anchor=shown.requirement.code))
    page = render_template("endorsements/record.html", file=found, component=shown, form=form)
    return (page, 422) if request.method == "POST" else page


def save_component(file: EndorsementFile, shown: Component, form: RecordComponentForm) -> None:
    record_component(
        db_session(),
        file,
        shown.requirement.code,
        state=ComponentState(form.state.data),
        amount=form.amount.data if "amount" in form else None,
        occurred_on=form.occurred_on.data,
        evidence=form.evidence.data or "",
        verified_by=form.verified_by.data or "",
        verifier_id=form.verifier_id.data or None,
        by=acting_user().id,
        at=now(),
    )


def visible_file(number: str) -> EndorsementFile:
    """The file if the reader may see it; to anybody else it does not exist."""
    found = file_numbered(db_session(), number)
    if found is None or not may_see_file(acting_user(), found):
        abort(404)
    return found


def component_or_404(file: EndorsementFile, code: str) -> Component:
    requirement = requirements_for(db_session(), file).requirement(code)
    return component_of(file, requirement) if requirement else abort(404)


def verifiers(session: Session, file: EndorsementFile) -> list[User]:
    """Who may have verified something: the people of the association, but not the candidate."""
    people = select(User).where(
        User.role_rows.any(UserRole.role.in_(VERIFIERS)), User.deactivated_at.is_(None), User.id != file.user_id
    )
    return list(session.scalars(people.order_by(User.name, User.id)))


def policy_today(today: date) -> ExamPolicy | None:
    document = rule_documents.in_force(db_session(), DocumentKind.EXAM_POLICY, today)
    return policy_of(document) if document else None


def gate_of(file: EndorsementFile) -> Eligibility | None:
    """How the file stands at the gate today, where the reader is; None before there is an exam policy."""
    here = now().astimezone(ZoneInfo(chosen_time_zone()))
    policy = policy_today(here.date())
    return eligibility(file, policy, here) if policy else None


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """Candidates without a file, for those who open files; what is still to be met, for the candidate."""
    items = []
    without = len(people_without_file(session)) if has_right(user, Right.KEEP_FILES) else 0
    if without:
        text = ngettext("%(num)s candidate has no file yet", "%(num)s candidates have no file yet", without)
        items.append(WaitingItem(text, url_for("endorsements.open_new_file"), without))
    progress = [progress_of(components) for components in components_by_file(session, files_of(session, user)).values()]
    open_rows = sum(entry.needed - entry.done for entry in progress)
    if open_rows:
        text = ngettext("%(num)s requirement still to be met", "%(num)s requirements still to be met", open_rows)
        items.append(WaitingItem(text, url_for("endorsements.my_files"), open_rows))
    return items
