"""The office's pages of the practice examination: what there is, opening one, ending it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.endorsements.forms import choices_from
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.registration.administrations import form_title, phase_of, sealed_forms
from examapp.registration.forms.administrations import OpenPracticeForm
from examapp.registration.local_times import moment
from examapp.registration.models import Administration
from examapp.registration.practice import end_practice, open_practice, practices, rounds_by_practice
from examapp.registration.real import practice_administrations
from examapp.registration.views.routes import bp
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation
from question_bank.exam_forms import FormPurpose


@bp.get("/practice-examinations")
@requires(Right.MANAGE_EXAMS)
def practice_examinations() -> str:
    session, found = db_session(), practices(db_session())
    return render_template(
        "registration/practice_examinations.html",
        practices=found,
        phases={practice.id: phase_of(practice, now()).value for practice in found},
        titles={practice.id: form_title(session, practice.form_sha256) for practice in found},
        rounds=rounds_by_practice(session),
    )


@bp.route("/practice-examinations/open", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def open_practice_examination() -> str | Response | tuple[str, int]:
    form = OpenPracticeForm()
    forms = sealed_forms(db_session(), FormPurpose.PRACTICE)
    form.form_sha256.choices = choices_from((entry.sealed_sha256, entry.title) for entry in forms)
    if form.validate_on_submit():
        try:
            made = opened_from(form)
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            db_session().commit()
            flash(_("“%(title)s” is open to every registered candidate.", title=made.title), "success")
            return redirect(url_for("registration.practice_examinations"))
    page = render_template("registration/open_practice.html", form=form, has_forms=bool(forms))
    return (page, 422) if request.method == "POST" else page


def opened_from(form: OpenPracticeForm) -> Administration:
    return open_practice(
        db_session(),
        title=form.title.data,
        form_sha256=form.form_sha256.data,
        closes_at=moment(form.closes_at.data, form.time_zone.data),
        time_zone=form.time_zone.data,
        by=acting_user().id,
        at=now(),
    )


@bp.route("/practice-examinations/<int:practice_id>/end", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def end_practice_examination(practice_id: int) -> str | Response:
    wanted = practice_administrations().where(Administration.id == practice_id)
    found = db_session().scalar(wanted) or abort(404)
    if request.method == "POST":
        end_practice(db_session(), found, by=acting_user().id, at=now())
        db_session().commit()
        flash(_("“%(title)s” is ended.", title=found.title), "success")
        return redirect(url_for("registration.practice_examinations"))
    return render_template(
        "confirm.html",
        title=_("End “%(title)s”?", title=found.title),
        consequences=[
            _("Candidates can begin no part of it any more. Who is writing goes on until their time is up."),
            _("This cannot be taken back, but another practice examination can be opened with the same form."),
        ],
        confirm_label=_("End the practice examination"),
        cancel_url=url_for("registration.practice_examinations"),
    )
