"""What becomes of an approved item: tried out, put to use, released as a sample, retired."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from examapp.authoring.forms.review import RetireItemForm
from examapp.authoring.views.items import load_item
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right, may_put_to_use
from examapp.security import acting_user, requires
from question_bank import review
from question_bank.items import Item, ItemVersion
from question_bank.review import MOVES, Move


def load_version_for(step: Move, item: Item) -> ItemVersion:
    """The newest version that can take the step, if the reader may decide it."""
    able = (v for v in reversed(item.versions) if (v.state, step) in MOVES and not v.is_overtaken)
    found = next(able, None) or abort(404)
    if not may_put_to_use(acting_user(), found, review.barred(db_session(), found)):
        abort(403)
    return found


@bp.route("/bank/items/<code>/trial", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def try_out(code: str) -> str | Response:
    version = load_version_for(Move.TRY_OUT, load_item(code))
    if request.method == "POST":
        review.move(db_session(), version, Move.TRY_OUT, by=acting_user().id, comment="", at=now())
        db_session().commit()
        flash(_("%(code)s is tried out now.", code=code), "success")
        return redirect(url_for("authoring.item", code=code))
    return render_template(
        "confirm.html",
        title=_("Try out %(code)s?", code=code),
        consequences=[
            _("Where it stands on an exam form, candidates answer it, and it does not count in their result."),
            _("Afterwards its figures tell whether it can be put to use."),
        ],
        confirm_label=_("Try it out"),
        cancel_url=url_for("authoring.item", code=code),
        danger=False,
    )


@bp.route("/bank/items/<code>/use", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def put_to_use(code: str) -> str | Response:
    version = load_version_for(Move.PUT_TO_USE, load_item(code))
    if request.method == "POST":
        review.move(db_session(), version, Move.PUT_TO_USE, by=acting_user().id, comment="", at=now())
        db_session().commit()
        flash(_("%(code)s is in use now.", code=code), "success")
        return redirect(url_for("authoring.item", code=code))
    replaced = [
        _("Version %(number)s is retired. Forms that are already sealed keep it.", number=other.number)
        for other in review.replaced_by(version)
    ]
    return render_template(
        "confirm.html",
        title=_("Put %(code)s to use?", code=code),
        lead=_("Version %(number)s of %(count)s", number=version.number, count=len(version.item.versions)),
        consequences=[_("New exam forms may hold it, and it counts there."), *replaced],
        confirm_label=_("Put it to use"),
        cancel_url=url_for("authoring.item", code=code),
        danger=bool(replaced),
    )


@bp.route("/bank/items/<code>/sample", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def release_sample(code: str) -> str | Response:
    found = load_item(code)
    if request.method == "POST":
        review.release_as_sample(db_session(), found, by=acting_user().id, at=now())
        db_session().commit()
        flash(_("%(code)s is a sample now. Practice forms may hold it.", code=code), "success")
        return redirect(url_for("authoring.item", code=code))
    return render_template(
        "confirm.html",
        title=_("Release %(code)s as a sample?", code=code),
        consequences=[
            _("Practice forms may hold it. Candidates then see its key and rationale, or its rubric."),
            _("New exam forms leave out what stands on a practice form."),
            _("What candidates have seen cannot be taken back."),
        ],
        confirm_label=_("Release it as a sample"),
        cancel_url=url_for("authoring.item", code=code),
    )


@bp.route("/bank/items/<code>/retire", methods=["GET", "POST"])
@requires(Right.REVIEW_ITEMS)
def retire_item(code: str) -> str | Response | tuple[str, int]:
    found = load_item(code)
    if not found.standing:
        return redirect(url_for("authoring.item", code=code))
    form = RetireItemForm()
    if form.validate_on_submit():
        for version in found.standing:
            review.move(db_session(), version, Move.RETIRE, by=acting_user().id, comment=form.comment.data, at=now())
        db_session().commit()
        flash(_("%(code)s is retired.", code=code), "success")
        return redirect(url_for("authoring.item", code=code))
    page = render_template(
        "confirm.html",
        title=_("Retire %(code)s?", code=code),
        consequences=[
            _("It is offered for no new exam form. Forms that are already sealed keep it."),
            _("It stays in the bank with its history, and a new version can be written later."),
        ],
        confirm_label=_("Retire the item"),
        cancel_url=url_for("authoring.item", code=code),
        form=form,
    )
    return page, 422 if request.method == "POST" else 200
