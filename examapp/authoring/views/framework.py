"""Pages of the competency framework, read by everybody who has signed in."""

from collections import Counter

from flask import abort, render_template
from flask_babel import gettext as _
from sqlalchemy import select

from examapp.accounts.models import User
from examapp.authoring.views.routes import bp
from examapp.db import db_session
from examapp.policies import Right, has_right
from examapp.security import acting_user, signed_in
from examapp.shell import rule_text
from question_bank import rule_documents
from question_bank.framework import current_framework, framework_of
from question_bank.framework_changes import Change, changes_between
from question_bank.rule_documents import DocumentKind


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
        changes=[shown_change(c) for c in changes_between(framework_of(before), framework_of(shown))] if before else [],
    )


def shown_change(change: Change) -> dict[str, str]:
    """A difference as its reader's language has it: what it is, where, and the texts."""
    kinds = {
        "level": _("Level"),
        "confirmation": _("Confirmation"),
        "track": _("Track"),
        "code": _("Responsibility code"),
        "area": _("Title of an area"),
        "kind": _("What its terms are"),
        "letters": _("Responsibility codes of an area"),
        "term": _("Term"),
        "competency": _("Behavior"),
    }
    places = [_("Level %(level)s", level=p) if isinstance(p, int) else rule_text(p) for p in change.place]
    return {
        "what": kinds[change.what],
        "where": ", ".join(places),
        "before": shown_text(change.what, change.before),
        "after": shown_text(change.what, change.after),
    }


def shown_text(what: str, text: str) -> str:
    words = {
        "confirmation": {"confirmed": _("confirmed by NMAIMH"), "to be confirmed": _("to be confirmed by NMAIMH")},
        "kind": {"knowledge": _("Knowledge areas"), "skill": _("Skill areas")},
    }
    return words.get(what, {}).get(text) or rule_text(text)
