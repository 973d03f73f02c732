"""Late changes: what came, what it would alter, and the decision of two administrators."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.late import LateChanges, late_changes_of, parts_with_late_changes, undecided
from examapp.delivery.late_effects import effects_of
from examapp.delivery.models import Attempt, AttemptPart, LateAcceptance
from examapp.delivery.numbering import numbering_of
from examapp.delivery.part_content import PartContent, content_of
from examapp.delivery.responses import logged_responses_of
from examapp.errors import sentence_of
from examapp.paging import paginate
from examapp.policies import Right, may_read_answers
from examapp.registration.models import Registration
from examapp.scoring import late_decisions
from examapp.scoring.forms import DecideOnLateChangesForm, DeclineLateChangesForm
from examapp.scoring.views.routes import bp, requested_page
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation
from question_bank.exam_forms import sealed_document

ADDRESS = "/late-changes/<code>/<part>"
Page = str | Response | tuple[str, int]


@bp.get("/late-changes")
@requires(Right.MANAGE_EXAMS)
def late_changes() -> str:
    waiting = undecided(db_session())
    others = parts_with_late_changes().where(AttemptPart.id.not_in([changes.part.id for changes in waiting]))
    page = paginate(db_session(), others, requested_page())
    found = late_changes_of(db_session(), page.rows)
    return render_template("scoring/late_changes.html", waiting=waiting, page=page, found=found)


@bp.get(ADDRESS)
@requires(Right.MANAGE_EXAMS)
def late_changes_of_part(code: str, part: str) -> str:
    changes = changes_or_404(code, part)
    registration = changes.part.attempt.registration
    numbering = numbering_of(registration, content_for(changes.part))
    logged = logged_responses_of(db_session(), [changes.part.id])[changes.part.id]
    return render_template(
        "scoring/late_changes_of_part.html",
        changes=changes,
        registration=registration,
        effects=effects_of(changes, logged, numbering),
        names=names_of(db_session(), changes.decisions),
        may_settle=changes.proposal is not None and changes.proposal.proposed_by_id != acting_user().id,
    )


@bp.route(f"{ADDRESS}/propose", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def propose_late_changes(code: str, part: str) -> Page:
    changes, by, at = changes_or_404(code, part), acting_user().id, now()
    form = decision_form(changes)

    def propose() -> None:
        late_decisions.propose(db_session(), changes.part, up_to=form.up_to.data, reason=form.reason.data, by=by, at=at)

    done = _("The decision is proposed. Another administrator has to confirm it.")
    return carry_out("propose", changes, form, propose, done)


@bp.route(f"{ADDRESS}/leave-out", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def leave_out_late_changes(code: str, part: str) -> Page:
    changes, by, at = changes_or_404(code, part), acting_user().id, now()
    form = decision_form(changes)

    def leave_out() -> None:
        late_decisions.leave_out(
            db_session(), changes.part, up_to=form.up_to.data, reason=form.reason.data, by=by, at=at
        )

    return carry_out("leave_out", changes, form, leave_out, _("The changes stay out, and the candidate is told."))


@bp.get(f"{ADDRESS}/confirm")
@requires(Right.MANAGE_EXAMS)
def ask_to_confirm_late_changes(code: str, part: str) -> str:
    changes = changes_or_404(code, part)
    proposal_or_409(changes)
    return question("confirm", changes, None)


@bp.post(f"{ADDRESS}/confirm")
@requires(Right.MANAGE_EXAMS)
def confirm_late_changes(code: str, part: str) -> Response:
    changes = changes_or_404(code, part)
    late_decisions.confirm(db_session(), proposal_or_409(changes), by=acting_user().id, at=now())
    db_session().commit()
    flash(_("From now on these changes count. The candidate is told."), "success")
    return back(changes)


@bp.route(f"{ADDRESS}/decline", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def decline_late_changes(code: str, part: str) -> Page:
    changes, by, at = changes_or_404(code, part), acting_user().id, now()
    proposal, form = proposal_or_409(changes), DeclineLateChangesForm()

    def decline() -> None:
        late_decisions.decline(db_session(), proposal, reason=form.reason.data, by=by, at=at)

    return carry_out("decline", changes, form, decline, _("The changes stay out, and the candidate is told."))


# What the pages share


def changes_or_404(code: str, part: str) -> LateChanges:
    """What came late in a part, for an administrator who may read what its candidate wrote."""
    found = db_session().scalar(
        select(AttemptPart)
        .join(AttemptPart.attempt)
        .join(Attempt.registration)
        .where(Registration.code == code, Registration.practice_round == 0, AttemptPart.part == part)
    )
    changes = late_changes_of(db_session(), [found]).get(found.id) if found else None
    if changes is None:
        abort(404)
    essays = bool(content_for(changes.part).groups)
    if not may_read_answers(acting_user(), changes.part.attempt.registration, essays=essays):
        abort(403)
    return changes


def content_for(part: AttemptPart) -> PartContent:
    registration = part.attempt.registration
    document = sealed_document(db_session(), part.attempt.form_sha256)
    return content_of(document, part.part, registration.level, registration.track)


def proposal_or_409(changes: LateChanges) -> LateAcceptance:
    if changes.proposal is None:
        raise RuleViolation("This has been decided meanwhile.")
    return changes.proposal


def names_of(session: Session, decisions: list[LateAcceptance]) -> dict[int, str]:
    ids = {d.proposed_by_id for d in decisions} | {d.confirmed_by_id for d in decisions}
    ids |= {d.declined_by_id for d in decisions}
    return {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(ids - {None})))}


def decision_form(changes: LateChanges) -> DecideOnLateChangesForm:
    return DecideOnLateChangesForm(up_to=max((event.id for event in changes.open_events), default=0))


def carry_out(deed: str, changes: LateChanges, form: FlaskForm, rule: Callable[[], None], done: str) -> Page:
    """Decide, and go back to the changes; or ask again, with what was wrong beside it."""
    if not form.validate_on_submit():
        return question(deed, changes, form), 422 if request.method == "POST" else 200
    try:
        rule()
    except RuleViolation as violation:
        db_session().rollback()
        flash(sentence_of(violation), "error")
        return question(deed, changes, form), 409
    db_session().commit()
    flash(done, "success")
    return back(changes)


def question(deed: str, changes: LateChanges, form: FlaskForm | None) -> str:
    registration = changes.part.attempt.registration
    return render_template(
        "scoring/decide_on_late_changes.html", deed=deed, changes=changes, registration=registration, form=form
    )


def back(changes: LateChanges) -> Response:
    registration = changes.part.attempt.registration
    return redirect(url_for("scoring.late_changes_of_part", code=registration.code, part=changes.part.part))
