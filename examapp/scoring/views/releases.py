"""Releasing a run: the preview of what would be written, and the two people's steps."""

from collections import Counter

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session
from examapp.endorsements.signing import Signer
from examapp.policies import Right, may_confirm_release
from examapp.scoring import release as releasing
from examapp.scoring.models import ResultRelease, ScoringRun
from examapp.scoring.runs import latest_run, pending, results_of
from examapp.scoring.views.routes import administration_or_404, bp, page_of, policy_with, run_or_404
from examapp.security import acting_user, requires

ADDRESS = "/scoring/<int:administration_id>/runs/<int:number>/release"


@bp.get(ADDRESS)
@requires(Right.RELEASE_RESULTS)
def release(administration_id: int, number: int) -> str:
    administration, run = administration_or_404(administration_id), run_or_404(administration_id, number)
    results = results_of(db_session(), run)
    changes = releasing.changes_of(db_session(), run, results) if not pending(results) else []
    proposal = releasing.release_of(db_session(), run)
    people = {proposal.proposed_by_id, proposal.confirmed_by_id} if proposal else set()
    latest = latest_run(db_session(), administration)
    return render_template(
        "scoring/release.html",
        administration=administration,
        run=run,
        page=page_of(changes),
        changing=sum(change.changes for change in changes),
        counts=Counter(rows.decision.outcome.value for rows in results),
        pending=pending(results),
        parts=policy_with(administration.policy_id).parts,
        release=proposal,
        is_latest=latest is not None and latest.id == run.id,
        may_confirm=proposal is not None and may_confirm_release(acting_user(), proposal),
        names={user.id: user.name for user in db_session().scalars(select(User).where(User.id.in_(people)))},
    )


@bp.post(f"{ADDRESS}/propose")
@requires(Right.RELEASE_RESULTS)
def propose(administration_id: int, number: int) -> Response:
    run = run_or_404(administration_id, number)
    releasing.propose(db_session(), run, by=acting_user().id, at=now())
    db_session().commit()
    flash(_("The release is proposed. Another administrator has to confirm it."), "success")
    return to_release(run)


@bp.post(f"{ADDRESS}/withdraw")
@requires(Right.RELEASE_RESULTS)
def withdraw(administration_id: int, number: int) -> Response:
    run = run_or_404(administration_id, number)
    releasing.withdraw(db_session(), proposal_or_404(run), by=acting_user().id, at=now())
    db_session().commit()
    flash(_("The proposal is withdrawn. Nothing was released."), "success")
    return to_release(run)


@bp.get(f"{ADDRESS}/confirm")
@requires(Right.RELEASE_RESULTS)
def ask_to_confirm(administration_id: int, number: int) -> str:
    run = run_or_404(administration_id, number)
    proposal_to_confirm(run)
    changes = releasing.changes_of(db_session(), run, results_of(db_session(), run))
    count = sum(change.changes for change in changes)
    return render_template(
        "confirm.html",
        title=_("Release these results?"),
        consequences=[
            ngettext(
                "%(num)s result is signed and kept for ever.", "%(num)s results are signed and kept for ever.", count
            ),
            _("Each of these candidates gets a letter by mail and can read the result."),
            _("A correction later needs another scoring run and another release."),
        ],
        confirm_label=_("Release the results"),
        cancel_url=url_for("scoring.release", administration_id=administration_id, number=number),
        danger=False,
    )


@bp.post(f"{ADDRESS}/confirm")
@requires(Right.RELEASE_RESULTS)
def confirm(administration_id: int, number: int) -> Response:
    run = run_or_404(administration_id, number)
    config = current_app.config["EXAMAPP"]
    count = releasing.confirm(
        db_session(), proposal_to_confirm(run), by=acting_user().id, at=now(), signer=Signer(config),
        public_url=config.public_url,
    )  # fmt: skip
    db_session().commit()
    flash(ngettext("%(num)s result is released.", "%(num)s results are released.", count), "success")
    return to_release(run)


def proposal_or_404(run: ScoringRun) -> ResultRelease:
    return releasing.release_of(db_session(), run) or abort(404)


def proposal_to_confirm(run: ScoringRun) -> ResultRelease:
    """The proposal, for an administrator who may confirm it: not the one who proposed it."""
    proposal = proposal_or_404(run)
    return proposal if may_confirm_release(acting_user(), proposal) else abort(403)


def to_release(run: ScoringRun) -> Response:
    return redirect(url_for("scoring.release", administration_id=run.administration_id, number=run.number))
