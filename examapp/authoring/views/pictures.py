"""Pictures for items: adding one, and looking at it."""

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from examapp.authoring.forms.pictures import PictureForm
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.pictures import picture_response
from examapp.policies import Right
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation
from question_bank.item_text import picture_line
from question_bank.pictures import Picture, add_picture


@bp.app_template_global()
def bank_picture(sha256: str) -> str:
    """Where the committee's pages find a picture."""
    return url_for("authoring.picture", sha256=sha256)


@bp.app_template_global()
def empty_picture_form() -> PictureForm:
    """The form of the editor's dialog."""
    return PictureForm(formdata=None)


@bp.get("/bank/pictures/<sha256>")
@requires(Right.SEE_BANK)
def picture(sha256: str) -> Response:
    return picture_response(db_session().get(Picture, sha256) or abort(404))


@bp.post("/bank/pictures")
@requires(Right.WRITE_ITEMS)
def keep_picture() -> tuple[dict[str, object], int]:
    """For the editor's script: the Markdown of the picture, or what is wrong beside which field."""
    form = PictureForm()
    kept = kept_picture(form)
    if kept is None:
        return {"errors": {name: str(errors[0]) for name, errors in form.errors.items()}}, 422
    return {"line": picture_line(kept.sha256, form.description.data)}, 201


@bp.route("/bank/pictures/new", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def new_picture() -> str | Redirect | tuple[str, int]:
    form = PictureForm()
    if kept := kept_picture(form):
        address = url_for("authoring.added_picture", sha256=kept.sha256, description=form.description.data)
        return redirect(address)
    page = render_template("authoring/new_picture.html", form=form)
    return (page, 422) if request.method == "POST" else page


@bp.get("/bank/pictures/<sha256>/added")
@requires(Right.WRITE_ITEMS)
def added_picture(sha256: str) -> str:
    """The line to copy into the text of an item."""
    found = db_session().get(Picture, sha256) or abort(404)
    line = picture_line(found.sha256, request.args.get("description", ""))
    return render_template("authoring/added_picture.html", picture=found, line=line)


def kept_picture(form: PictureForm) -> Picture | None:
    """The picture that was posted; None when there is none that is accepted, and the form says why."""
    if not form.validate_on_submit():
        return None
    largest = current_app.config["EXAMAPP"].largest_picture
    try:
        kept = add_picture(db_session(), form.picture_file.data.read(), largest=largest, by=acting_user().id, at=now())
    except RuleViolation as violation:
        form.picture_file.errors = [sentence_of(violation)]
        return None
    db_session().commit()
    return kept
