"""Page: the areas of expertise of a reviewer, said by an administrator for them."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from examapp.admin.views.people import person_or_404
from examapp.admin.views.routes import bp
from examapp.authoring.forms.assignments import SayAreasForm
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right, has_right
from examapp.security import acting_user, requires
from question_bank.expertise import areas_known, say_areas
from question_bank.framework import current_framework


@bp.route("/people/<int:user_id>/areas", methods=["GET", "POST"])
@requires(Right.MANAGE_PEOPLE)
def edit_areas(user_id: int) -> ResponseReturnValue:
    session, user = db_session(), person_or_404(user_id)
    if not has_right(user, Right.REVIEW_ITEMS):
        abort(404)
    framework, form = current_framework(session), SayAreasForm(areas=sorted(areas_known(session, [user.id])[user.id]))
    form.offer(framework)
    if form.validate_on_submit():
        say_areas(session, user.id, form.areas.data, framework, by=acting_user().id, at=now())
        session.commit()
        flash(_("The areas of %(name)s are saved.", name=user.name), "success")
        return redirect(url_for("admin.person", user_id=user.id))
    page = render_template("admin/edit_areas.html", form=form, user=user)
    return page, 422 if form.is_submitted() else 200
