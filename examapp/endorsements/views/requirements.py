"""The requirements of each level and track: read by everybody, changed by administrators, compared by version."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.endorsements.forms import ChangeRequirementsForm, level_and_track, level_choices, shown_amount
from examapp.endorsements.requirements import (
    LevelRequirements,
    RequirementTable,
    change_requirements,
    changes_between,
    requirements_of,
)
from examapp.endorsements.views.routes import bp, framework
from examapp.errors import sentence_of
from examapp.policies import Right, has_right
from examapp.security import acting_user, requires, signed_in
from examapp.shell import day_here
from question_bank import rule_documents
from question_bank.errors import RuleViolation
from question_bank.rule_documents import DocumentKind, RuleDocument


@bp.get("/requirements")
@signed_in
def requirements() -> str:
    newest = rule_documents.newest(db_session(), DocumentKind.REQUIREMENTS)
    version = rule_documents.in_force(db_session(), DocumentKind.REQUIREMENTS, day_here(now()))
    if version is None:
        return render_template("endorsements/no_requirements.html")
    level, track = chosen_place(requirements_of(version))
    coming = newest if newest and newest.version > version.version else None
    return render_template(
        "endorsements/requirements.html",
        document=version,
        place=f"{level}/{track}",
        table=requirements_of(version).find(level, track),
        coming=coming,
        places=level_choices(framework()),
        may_change=has_right(acting_user(), Right.CHANGE_RULES),
    )


@bp.get("/requirements/versions")
@signed_in
def requirement_versions() -> str:
    found = rule_documents.versions(db_session(), DocumentKind.REQUIREMENTS)
    return render_template(
        "endorsements/requirement_versions.html",
        versions=found,
        names=names_of(db_session(), found),
        in_force=rule_documents.in_force(db_session(), DocumentKind.REQUIREMENTS, day_here(now())),
    )


@bp.get("/requirements/versions/<int:version>")
@signed_in
def requirement_version(version: int) -> str:
    found = {entry.version: entry for entry in rule_documents.versions(db_session(), DocumentKind.REQUIREMENTS)}
    shown = found.get(version) or abort(404)
    previous = found.get(version - 1)
    return render_template(
        "endorsements/requirement_version.html",
        document=shown,
        name=names_of(db_session(), [shown]).get(shown.id),
        tables=requirements_of(shown).tables,
        changes=changes_of(requirements_of(previous), requirements_of(shown)) if previous else [],
        previous=previous,
        fields=field_names(),
    )


@bp.route("/requirements/change", methods=["GET", "POST"])
@requires(Right.CHANGE_RULES)
def change_the_requirements() -> str | Response | tuple[str, int]:
    newest = rule_documents.newest(db_session(), DocumentKind.REQUIREMENTS) or abort(404)
    tables = requirements_of(newest)
    place = chosen_place(tables)
    table = tables.find(*place) or tables.begun(*place)
    form = ChangeRequirementsForm()
    form.offer_kinds(table)
    if request.method == "GET":
        form.based_on.data, form.effective_from.data = str(newest.version), day_here(now())
        form.show(table)
        form.offer_kinds(table)
    elif form.validate() and (edited := form.table(table)):
        try:
            made = save_change(form, edited)
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            db_session().commit()
            flash(_("Version %(version)s of the requirements is saved.", version=made.version), "success")
            return redirect(url_for("endorsements.requirement_version", version=made.version))
    page = render_template("endorsements/change_requirements.html", form=form, table=table)
    return (page, 422) if request.method == "POST" else page


def save_change(form: ChangeRequirementsForm, edited: LevelRequirements) -> RuleDocument:
    return change_requirements(
        db_session(),
        edited,
        based_on=int(form.based_on.data) if (form.based_on.data or "").isdigit() else 0,
        effective_from=form.effective_from.data,
        note=form.reason.data.strip(),
        by=acting_user().id,
        at=now(),
    )


def chosen_place(all_tables: RequirementTable) -> tuple[int, str]:
    """The level and track named in the address, else the first."""
    place = request.args.get("place", "")
    if not place:
        return all_tables.tables[0].level, all_tables.tables[0].track
    if place not in dict(level_choices(framework())):
        abort(404)
    return level_and_track(place)


def changes_of(old: RequirementTable, new: RequirementTable) -> list[tuple[LevelRequirements, list[Any]]]:
    """The differences of each level and track that has any; of a new one, every row is a difference."""
    before = {(table.level, table.track): table for table in old.tables}
    pairs = [(table, before.get((table.level, table.track))) for table in new.tables]
    found = [
        (table, changes_between(earlier or table.model_copy(update={"requirements": []}), table))
        for table, earlier in pairs
    ]
    return [(table, changes) for table, changes in found if changes]


def field_names() -> dict[str, str]:
    """What the columns of a requirement are called where versions are compared."""
    return {
        "title": _("Title"),
        "kind": _("Kind"),
        "amount": _("Amount needed"),
        "unit": _("Unit"),
        "who": _("Who gives it"),
        "optional": _("Optional"),
        "help": _("Explanation"),
    }


def names_of(session: Session, documents: list[RuleDocument]) -> dict[int, str]:
    """Who wrote each version, by the version's row; none for those shipped with the product."""
    found = {document.id: session.get(User, document.created_by_id) for document in documents if document.created_by_id}
    return {document: person.name for document, person in found.items() if person}


bp.add_app_template_filter(shown_amount, "amount")
