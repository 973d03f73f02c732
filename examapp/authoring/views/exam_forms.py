"""Pages of exam forms: drafting, checking, exchanging, sealing."""

import secrets

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from examapp.accounts.models import User
from examapp.authoring.forms.exam_forms import (
    LARGEST_SEED,
    AddTrialForm,
    ConfirmForm,
    DraftExamForm,
    ExchangeEntryForm,
)
from examapp.authoring.pictures import composition, key_letters, picture
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.security import acting_user, requires
from question_bank import rule_documents
from question_bank.assembly import Missing
from question_bank.blueprint_plans import newest_blueprints
from question_bank.errors import RuleViolation
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms import (
    ExamForm,
    FormEntry,
    FormPurpose,
    NotEnoughItems,
    add_trial,
    discard,
    document_of,
    draft_form,
    exchange,
    newest_forms,
    notes_of,
    problems_of,
    remove_trial,
    replacements_for,
    seal,
    sealed_document,
    shared_with,
    spanish_shares,
    trials_for,
)
from question_bank.exam_policy import policy_of
from question_bank.framework import current_framework
from question_bank.items import ItemVersion
from question_bank.rule_documents import DocumentKind, RuleDocument
from question_bank.sealed_documents import SealedDocument, told_together


def load_form(number: int) -> ExamForm:
    whole = selectinload(ExamForm.entries).joinedload(FormEntry.item_version).joinedload(ItemVersion.item)
    return db_session().get(ExamForm, number, options=[whole]) or abort(404)


def load_entry(form: ExamForm, number: int) -> FormEntry:
    return next((entry for entry in form.entries if entry.id == number), None) or abort(404)


@bp.get("/bank/forms")
@requires(Right.ASSEMBLE_FORMS)
def forms() -> str:
    return render_template("authoring/exam_forms.html", forms=newest_forms(db_session()))


@bp.route("/bank/forms/new", methods=["GET", "POST"])
@requires(Right.ASSEMBLE_FORMS)
def new_form() -> str | Response:
    session = db_session()
    page = DraftExamForm(seed=secrets.randbelow(LARGEST_SEED + 1), blueprint=request.args.get("blueprint", type=int))
    missing: list[Missing] = []
    policies = rule_documents.versions(session, DocumentKind.EXAM_POLICY)
    page.offer(newest_blueprints(session), policies, newest_forms(session))
    if page.validate_on_submit():
        try:
            drafted = draft_as_asked(page)
            session.commit()
        except RuleViolation as violation:
            missing = violation.missing if isinstance(violation, NotEnoughItems) else []
            if not missing:
                page.form_errors.append(sentence_of(violation))
        else:
            flash(_("The form is drafted. Look through it, then seal it."), "success")
            return redirect(url_for("authoring.form", number=drafted.id))
    framework = current_framework(session)
    return render_template("authoring/new_exam_form.html", form=page, missing=missing, framework=framework)


def draft_as_asked(page: DraftExamForm) -> ExamForm:
    session = db_session()
    return draft_form(
        session,
        title=page.title.data.strip(),
        purpose=FormPurpose(page.purpose.data),
        blueprint=session.get_one(ExamBlueprint, page.blueprint.data),
        policy=session.get_one(RuleDocument, page.policy.data),
        seed=page.seed.data,
        differ_from=session.scalars(select(ExamForm).where(ExamForm.id.in_(page.differ_from.data))).all(),
        by=acting_user().id,
        at=now(),
    )


@bp.get("/bank/forms/<int:number>")
@requires(Right.ASSEMBLE_FORMS)
def form(number: int) -> str:
    session = db_session()
    shown = load_form(number)
    framework = current_framework(session)
    trials = trials_for(session, shown) if not shown.sealed else []
    add = AddTrialForm(formdata=None)
    add.offer(trials)
    return render_template(
        "authoring/exam_form.html",
        form=shown,
        add_trial=add if trials else None,
        framework=framework,
        policy=policy_of(shown.policy),
        areas=picture(shown.blueprint, framework, composition(shown)),
        letters=key_letters(shown),
        problems=[] if shown.sealed else [sentence_of(problem) for problem in problems_of(session, shown)],
        notes=[sentence_of(note) for note in notes_of(session, shown)],
        shared=shared_with(session, shown),
        spanish=spanish_shares(shown),
        others=session.scalars(select(ExamForm).where(ExamForm.id.in_(shown.differs_from))).all(),
        people={person.id: person.name for person in people_of(shown)},
    )


@bp.post("/bank/forms/<int:number>/trials")
@requires(Right.ASSEMBLE_FORMS)
def add_trial_to_form(number: int) -> Response:
    session = db_session()
    changed, page = load_form(number), AddTrialForm()
    trials = trials_for(session, changed)
    page.offer(trials)
    if not page.validate_on_submit():
        flash(_("Choose a question."), "error")
        return redirect(url_for("authoring.form", number=number, _anchor="trials"))
    version = next(version for version in trials if version.id == page.version.data)
    add_trial(session, changed, version, by=acting_user().id, at=now())
    session.commit()
    flash(_("%(code)s is tried out on this form. It does not count.", code=version.item.code), "success")
    return redirect(url_for("authoring.form", number=number, _anchor="trials"))


@bp.post("/bank/forms/<int:number>/entries/<int:entry>/take-off")
@requires(Right.ASSEMBLE_FORMS)
def remove_trial_from_form(number: int, entry: int) -> Response:
    changed = load_form(number)
    removed = load_entry(changed, entry)
    code = removed.item_version.item.code
    remove_trial(db_session(), changed, removed, by=acting_user().id, at=now())
    db_session().commit()
    flash(_("%(code)s is off the form.", code=code), "success")
    return redirect(url_for("authoring.form", number=number, _anchor="trials"))


def people_of(shown: ExamForm) -> list[User]:
    ids = [shown.created_by_id, shown.sealed_by_id]
    return list(db_session().scalars(select(User).where(User.id.in_(number for number in ids if number))))


@bp.get("/bank/forms/<int:number>/preview")
@requires(Right.ASSEMBLE_FORMS)
def preview_form(number: int) -> str:
    shown = load_form(number)
    document = document_shown(shown)
    kinds = list(dict.fromkeys((group.level, group.track) for group in document.slot_groups))
    asked = (request.args.get("level", type=int), request.args.get("track") or None)
    level, track = next((kind for kind in kinds if kind == asked), kinds[0] if kinds else (None, None))
    groups = document.slot_groups_for(level, track) if level else []
    essays = [document.essays[code] for group in groups for code in group.essays]
    return render_template(
        "authoring/preview_exam_form.html",
        form=shown,
        document=document,
        essays=essays,
        numbers={essay.code: number for number, essay in enumerate(essays, start=1)},
        told_together=told_together,
        framework=current_framework(db_session()),
        policy=policy_of(shown.policy),
        kinds=kinds,
        kind=(level, track),
        groups=groups,
        said=next((code for code in document.translations if code == request.args.get("language")), document.language),
    )


def document_shown(shown: ExamForm) -> SealedDocument:
    """What was sealed; of a draft, what would be sealed now."""
    return sealed_document(db_session(), shown.sealed_sha256) if shown.sealed_sha256 else document_of(shown)


@bp.route("/bank/forms/<int:number>/entries/<int:entry>/exchange", methods=["GET", "POST"])
@requires(Right.ASSEMBLE_FORMS)
def exchange_entry(number: int, entry: int) -> str | Response:
    session = db_session()
    changed = load_form(number)
    old = load_entry(changed, entry)
    offered = replacements_for(session, changed, old)
    page = ExchangeEntryForm()
    page.offer(offered)
    if page.validate_on_submit():
        new = next(version for version in offered if version.id == page.replacement.data)
        removed = old.item_version.item.code
        exchange(session, changed, old, new, by=acting_user().id, at=now())
        session.commit()
        flash(_("%(new)s stands in place of %(old)s.", new=new.item.code, old=removed), "success")
        return redirect(url_for("authoring.form", number=number))
    return render_template(
        "authoring/exchange_entry.html",
        form=page,
        exam_form=changed,
        entry=old,
        offered=offered,
        framework=current_framework(session),
    )


@bp.route("/bank/forms/<int:number>/seal", methods=["GET", "POST"])
@requires(Right.ASSEMBLE_FORMS)
def seal_form(number: int) -> str | Response:
    session = db_session()
    sealed = load_form(number)
    page = ConfirmForm()
    if page.validate_on_submit():
        seal(session, sealed, by=acting_user().id, at=now())
        session.commit()
        flash(_("“%(title)s” is sealed. It can be given from now on.", title=sealed.title), "success")
        return redirect(url_for("authoring.form", number=number))
    return render_template(
        "confirm.html",
        title=_("Seal “%(title)s”?", title=sealed.title),
        lead=_("A sealed form is what candidates will see, word for word, in every administration that uses it."),
        consequences=sealing_consequences(sealed),
        confirm_label=_("Seal the form"),
        cancel_url=url_for("authoring.form", number=number),
        form=page,
        danger=False,
    )


def sealing_consequences(sealed: ExamForm) -> list[str]:
    return [
        _("Nothing in it can change any more: no item, no wording, no order."),
        _("Its keys are kept apart from it. A key found wrong later is corrected by a new version of the keys."),
        _("It can be chosen for an administration."),
        *(sentence_of(note) for note in notes_of(db_session(), sealed)),
    ]


@bp.route("/bank/forms/<int:number>/discard", methods=["GET", "POST"])
@requires(Right.ASSEMBLE_FORMS)
def discard_form(number: int) -> str | Response:
    session = db_session()
    draft = load_form(number)
    page = ConfirmForm()
    if page.validate_on_submit():
        discard(session, draft, by=acting_user().id, at=now())
        session.commit()
        flash(_("The draft is discarded."), "success")
        return redirect(url_for("authoring.forms"))
    return render_template(
        "confirm.html",
        title=_("Discard “%(title)s”?", title=draft.title),
        consequences=[
            _("The draft and every exchange made in it are gone."),
            _("Its items and vignettes stay in the bank."),
        ],
        confirm_label=_("Discard the draft"),
        cancel_url=url_for("authoring.form", number=number),
        form=page,
    )
