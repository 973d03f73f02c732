"""Many drafts to review at once: chosen in the list of items, or all of an import."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.authoring.views.bulk import chosen_items
from examapp.authoring.views.item_list import kept_filter
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.paging import paginate
from examapp.policies import Right
from examapp.security import acting_user, requires
from question_bank import item_import
from question_bank.framework import current_framework
from question_bank.item_import import items_of_import
from question_bank.item_pictures import pictures_here
from question_bank.item_search import imported
from question_bank.items import ItemVersion, ReviewState
from question_bank.review import SUBMITTED_AT_ONCE, Submission, left_out, submit_all

MOMENT = "%Y%m%dT%H%M%S%f"  # of an import, in UTC: its name in addresses
PAGE_SIZE = 50
NAMED = 30


def name_of_moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime(MOMENT)


def moment_named(name: str) -> datetime:
    try:
        return datetime.strptime(name, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        abort(404)


@bp.post("/bank/submit")
@requires(Right.WRITE_ITEMS)
def submit_chosen() -> Response:
    """What was ticked in the list of items; it leads back to the list as it was filtered."""
    drafts = [version for version in chosen_items() if version.state is ReviewState.DRAFT]
    if drafts:
        say(submit_all(db_session(), drafts, by=acting_user().id, at=now()))
        db_session().commit()
    else:
        flash(_("Nothing was chosen. Tick the drafts that you want to send to review."), "error")
    return redirect(url_for("authoring.items", **kept_filter()))


@bp.get("/bank/imported/<moment>")
@requires(Right.WRITE_ITEMS)
def imported_items(moment: str) -> str:
    """What an import made, and what each item still needs."""
    session = db_session()
    everything = imported(acting_user().id, moment_named(moment))
    found = paginate(session, everything, request.args.get("page", 1, type=int), PAGE_SIZE)
    if not found.total:
        abort(404)
    drafts = paginate(session, everything.where(ItemVersion.state == ReviewState.DRAFT), 1, 1).total
    framework, pictures = current_framework(session), pictures_here(session, found.rows)
    return render_template(
        "authoring/imported_items.html",
        moment=moment,
        found=found,
        drafts=min(drafts, SUBMITTED_AT_ONCE),
        framework=framework,
        missing={version.id: left_out(session, framework, version, pictures) for version in found.rows},
        may_undo=drafts == found.total,
    )


@bp.route("/bank/imported/<moment>/undo", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def undo_import(moment: str) -> str | Response:
    session, at = db_session(), moment_named(moment)
    count = len(session.scalars(items_of_import(acting_user().id, at)).all()) or abort(404)
    if request.method == "POST":
        item_import.undo_import(session, at, by=acting_user().id, at=now())
        session.commit()
        flash(ngettext("%(num)s item was removed again.", "%(num)s items were removed again.", count), "success")
        return redirect(url_for("authoring.import_items"))
    return render_template(
        "confirm.html",
        title=ngettext("Undo the import of %(num)s item?", "Undo the import of %(num)s items?", count),
        consequences=[
            _("The drafts of this import are removed. Their codes are not given again."),
            _("If somebody has changed one of them or sent it to review, nothing is removed."),
            _("The audit trail keeps that they were imported and removed."),
        ],
        confirm_label=_("Undo this import"),
        cancel_url=url_for("authoring.imported_items", moment=moment),
    )


@bp.post("/bank/imported/<moment>/submit")
@requires(Right.WRITE_ITEMS)
def submit_imported(moment: str) -> Response:
    drafts = imported(acting_user().id, moment_named(moment)).where(ItemVersion.state == ReviewState.DRAFT)
    found = db_session().scalars(drafts).all()
    say(submit_all(db_session(), found, by=acting_user().id, at=now()))
    db_session().commit()
    return redirect(url_for("authoring.imported_items", moment=moment))


def say(result: Submission) -> None:
    count = len(result.submitted)
    if count:
        flash(ngettext("%(num)s item is in review now.", "%(num)s items are in review now.", count), "success")
    if result.unfinished:
        codes = ", ".join(result.unfinished[:NAMED]) + (", …" if len(result.unfinished) > NAMED else "")
        flash(
            ngettext(
                "%(num)s item stays a draft: something in it is missing, must be mended or needs a reason: %(codes)s.",
                "%(num)s items stay drafts: something in them is missing, must be mended or needs a reason: %(codes)s.",
                len(result.unfinished),
                codes=codes,
            ),
            "warning",
        )
