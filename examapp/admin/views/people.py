"""Pages: the people of this site, invitations, and closing accounts."""

from enum import StrEnum
from typing import TypeVar

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from examapp.accounts import invitations, people, sign_in
from examapp.accounts.forms import ROLE_NAMES
from examapp.accounts.models import Role, SignIn, User
from examapp.admin.directory import AccountState, find_people, open_invitation, state_of
from examapp.admin.forms import SavePersonForm
from examapp.admin.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right, has_right
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation
from question_bank.expertise import areas_known
from question_bank.framework import current_framework

Kind = TypeVar("Kind", bound=StrEnum)


def asked_for(name: str, kind: type[Kind]) -> Kind | None:
    """A filter of the address; None when it is absent or unknown."""
    value = request.args.get(name, "")
    return kind(value) if value in [member.value for member in kind] else None


def person_or_404(user_id: int) -> User:
    return db_session().get(User, user_id) or abort(404)


@bp.get("/people", endpoint="people")
@requires(Right.MANAGE_PEOPLE)
def list_people() -> ResponseReturnValue:
    words = request.args.get("words", "")[:100]
    role, state = asked_for("role", Role), asked_for("state", AccountState)
    number = request.args.get("page", 1, type=int)
    found = find_people(db_session(), words=words, role=role, state=state, page=number)
    return render_template(
        "admin/people.html", found=found, words=words, role=role, state=state, roles=ROLE_NAMES, state_of=state_of
    )


@bp.route("/people/invite", methods=["GET", "POST"])
@requires(Right.MANAGE_PEOPLE)
def invite() -> ResponseReturnValue:
    config = current_app.config["EXAMAPP"]
    form = SavePersonForm(data={"time_zone": config.default_time_zone})
    if form.validate_on_submit():
        try:
            user = invitations.invite(
                db_session(), email=form.email.data, name=form.name.data, roles=form.chosen_roles(),
                locale=form.locale.data, time_zone=form.time_zone.data, config=config,
                by=acting_user().id, at=now(),
            )  # fmt: skip
        except RuleViolation as violation:
            form.email.errors = [sentence_of(violation)]
        else:
            db_session().commit()
            flash(_("%(name)s is invited.", name=user.name), "success")
            return redirect(url_for("admin.person", user_id=user.id))
    return render_template("admin/invite.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/people/<int:user_id>")
@requires(Right.MANAGE_PEOPLE)
def person(user_id: int) -> ResponseReturnValue:
    user, at = person_or_404(user_id), now()
    return render_template(
        "admin/person.html",
        user=user,
        state=state_of(user),
        invitation=open_invitation(db_session(), user),
        sign_ins=sign_in.open_sign_ins(db_session(), user, at),
        areas=areas_of(user) if has_right(user, Right.REVIEW_ITEMS) else None,
    )


def areas_of(user: User) -> list[str]:
    """The titles of the areas that a reviewer knows."""
    known = areas_known(db_session(), [user.id])[user.id]
    return [area.title for area in current_framework(db_session()).areas if area.code in known]


@bp.route("/people/<int:user_id>/edit", methods=["GET", "POST"])
@requires(Right.MANAGE_PEOPLE)
def edit_person(user_id: int) -> ResponseReturnValue:
    user = person_or_404(user_id)
    shown = {"email": user.email, "name": user.name, "locale": user.locale, "time_zone": user.time_zone}
    form = SavePersonForm(data={**shown, "roles": [role.value for role in user.roles]})
    if form.validate_on_submit():
        try:
            people.change_person(
                db_session(), user, email=form.email.data, name=form.name.data, roles=form.chosen_roles(),
                locale=form.locale.data, time_zone=form.time_zone.data, by=acting_user(), at=now(),
            )  # fmt: skip
        except RuleViolation as violation:
            form.form_errors.append(sentence_of(violation))
        else:
            db_session().commit()
            flash(_("The account of %(name)s is saved.", name=user.name), "success")
            return redirect(url_for("admin.person", user_id=user.id))
    page = render_template("admin/edit_person.html", form=form, user=user, shown=shown)
    return page, 422 if form.is_submitted() else 200


@bp.post("/people/<int:user_id>/invitation")
@requires(Right.MANAGE_PEOPLE)
def send_invitation(user_id: int) -> ResponseReturnValue:
    user = person_or_404(user_id)
    config = current_app.config["EXAMAPP"]
    invitations.send_invitation(db_session(), user, config=config, by=acting_user().id, at=now())
    db_session().commit()
    flash(_("A new invitation is on its way to %(email)s.", email=user.email), "success")
    return redirect(url_for("admin.person", user_id=user.id))


@bp.route("/people/<int:user_id>/deactivate", methods=["GET", "POST"])
@requires(Right.MANAGE_PEOPLE)
def deactivate(user_id: int) -> ResponseReturnValue:
    user = person_or_404(user_id)
    if request.method == "POST":
        people.deactivate(db_session(), user, by=acting_user(), at=now())
        db_session().commit()
        flash(_("The account of %(name)s is deactivated.", name=user.name), "success")
        return redirect(url_for("admin.person", user_id=user.id))
    return render_template(
        "confirm.html",
        title=_("Deactivate the account of %(name)s?", name=user.name),
        consequences=[
            _("They are signed out everywhere and cannot sign in."),
            _("Invitations and addresses to choose a password stop working."),
            _("Everything they did stays. You can reactivate the account at any time."),
        ],
        confirm_label=_("Deactivate the account"),
        cancel_url=url_for("admin.person", user_id=user.id),
    )


@bp.post("/people/<int:user_id>/reactivate")
@requires(Right.MANAGE_PEOPLE)
def reactivate(user_id: int) -> ResponseReturnValue:
    user = person_or_404(user_id)
    people.reactivate(db_session(), user, by=acting_user(), at=now())
    db_session().commit()
    flash(_("The account of %(name)s is active again.", name=user.name), "success")
    return redirect(url_for("admin.person", user_id=user.id))


@bp.post("/people/<int:user_id>/sign-ins/<int:sign_in_id>/end")
@requires(Right.MANAGE_PEOPLE)
def end_sign_in(user_id: int, sign_in_id: int) -> ResponseReturnValue:
    user, row = person_or_404(user_id), db_session().get(SignIn, sign_in_id)
    if row is None or row.user_id != user.id:
        abort(404)
    sign_in.end(db_session(), row, by=acting_user().id, at=now())
    db_session().commit()
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("admin.person", user_id=user.id))
