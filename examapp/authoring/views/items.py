"""The pages of items: one item, and the editor."""

from collections.abc import Iterable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from examapp import policies
from examapp.accounts.models import User
from examapp.authoring.forms.items import (
    COGNITIVE_LABELS,
    EDITORS,
    KIND_LABELS,
    MARKING_LABELS,
    BeginItemForm,
    SaveItemForm,
    key_shown,
)
from examapp.authoring.views.comparison import differences
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right, has_right, may_edit_item, may_put_to_use, may_review_item
from examapp.security import acting_user, requires
from question_bank import review, review_conflicts, rule_documents
from question_bank.exam_forms.composition import question_of
from question_bank.exam_policy import policy_of
from question_bank.framework import Framework, current_framework
from question_bank.item_kinds import CONTENT_OF
from question_bank.item_pictures import picture_problems, pictures_here
from question_bank.item_sets import set_problems
from question_bank.item_writing import ItemDraft, StaleDraft, new_item, new_version, problems, save_draft
from question_bank.items import WRITTEN_HERE, Item, ItemKind, ItemVersion, ReviewState
from question_bank.lint import Severity, findings
from question_bank.review import Move
from question_bank.review_checklists import CHECKS
from question_bank.review_conflicts import ReviewConflict
from question_bank.rule_documents import DocumentKind
from question_bank.sealed_documents import LANGUAGE

STATE_LABELS = {
    ReviewState.DRAFT: ("draft", _l("Draft")),
    ReviewState.CONTENT_REVIEW: ("waiting", _l("Content review")),
    ReviewState.EDITORIAL_REVIEW: ("waiting", _l("Editorial review")),
    ReviewState.SENT_BACK: ("warning", _l("Sent back")),
    ReviewState.APPROVED: ("info", _l("Approved")),
    ReviewState.PRETEST: ("progress", _l("Tried out")),
    ReviewState.OPERATIONAL: ("success", _l("In use")),
    ReviewState.RETIRED: ("locked", _l("Retired")),
}
MOVE_LABELS = {
    Move.SUBMIT: _l("Sent to review"),
    Move.PASS_CONTENT: _l("Content passed"),
    Move.SEND_BACK: _l("Sent back"),
    Move.APPROVE: _l("Approved"),
    Move.TRY_OUT: _l("To be tried out"),
    Move.PUT_TO_USE: _l("Came into use"),
    Move.TAKE_BACK: _l("Taken back"),
    Move.RETIRE: _l("Retired"),
    Move.RESTORE: _l("Retirement undone"),
}
SEVERITY_LABELS = {
    Severity.BLOCK: ("error", _l("Must be mended")),
    Severity.WARN: ("warning", _l("Look again")),
    Severity.NOTE: ("info", _l("Note")),
}


@bp.app_context_processor
def item_words() -> dict[str, object]:
    """The names of states and kinds, for every page that shows items."""
    return {
        "item_language": LANGUAGE,
        "state_labels": STATE_LABELS,
        "kind_labels": KIND_LABELS,
        "cognitive_labels": COGNITIVE_LABELS,
        "severity_labels": SEVERITY_LABELS,
        "move_labels": MOVE_LABELS,
        "check_texts": {code: check.text for code, check in CHECKS.items()},
    }


@bp.app_template_global()
def may_read_conflict(conflict: ReviewConflict) -> bool:
    """Whether the reader is told why somebody is too near to an item."""
    return policies.may_read_conflict(acting_user(), conflict)


@bp.app_template_global()
def writes_items() -> bool:
    """Whether the reader is an author."""
    return has_right(acting_user(), Right.WRITE_ITEMS)


@bp.app_template_global()
def source_shown(source: str) -> str:
    """Where an item came from, in the reader's language."""
    if source == WRITTEN_HERE:
        return _("written here")
    file, _comma, row = source.rpartition(", row ")
    return _("%(file)s, row %(row)s", file=file, row=row) if row.isdigit() else source


@bp.app_template_global()
def key_of(version: ItemVersion) -> str:
    """The key of a question as people read it; "" when it has none yet."""
    return key_shown(question_of(version))


@bp.app_template_global()
def marking_of(version: ItemVersion) -> str:
    """How answers to a question are marked, in words."""
    return str(MARKING_LABELS[question_of(version).rule])


def load_item(code: str) -> Item:
    return db_session().scalar(select(Item).where(Item.code == code)) or abort(404)


def names_of(ids: Iterable[int]) -> dict[int, str]:
    return {user.id: user.name for user in db_session().scalars(select(User).where(User.id.in_(set(ids))))}


@bp.get("/bank/items/<code>")
@requires(Right.SEE_BANK)
def item(code: str) -> str:
    session, shown = db_session(), load_item(code)
    number = request.args.get("version", shown.latest.number, type=int)
    version = next((v for v in shown.versions if v.number == number), None) or abort(404)
    content = CONTENT_OF[shown.kind].model_validate(version.content)
    framework = current_framework(session)
    history, declared = review.history(session, shown), review_conflicts.declared(session, shown)
    people = [shown.author_id, *(v.editor_id for v in shown.versions), *(action.actor_id for action in history)]
    return render_template(
        "authoring/item.html",
        item=shown,
        version=version,
        framework=framework,
        missing=what_is_missing(version, framework) if version.state is ReviewState.DRAFT else [],
        findings=findings(content, version.reference),
        history=history,
        declared=declared,
        names=names_of([*people, *(entry.reviewer_id for entry in declared)]),
        **what_is_offered(version),
    )


def what_is_offered(version: ItemVersion) -> dict[str, bool]:
    """Which buttons the reader sees on the page of an item."""
    user, barred = acting_user(), review.barred(db_session(), version)
    reviews = has_right(user, Right.REVIEW_ITEMS)
    return {
        "may_write": has_right(user, Right.WRITE_ITEMS),
        "may_edit": may_edit_item(user, version) and version is version.item.latest,
        "may_review": may_review_item(user, version, barred),
        "may_put_to_use": may_put_to_use(user, version, barred),
        "may_declare": reviews and user.id not in barred,
        "may_decide": reviews,
    }


def what_is_missing(version: ItemVersion, framework: Framework) -> list[str]:
    """What keeps a draft from review, besides the rules of item writing."""
    return [
        *problems(version, framework),
        *picture_problems(version, pictures_here(db_session(), [version])),
        *set_problems(db_session(), version),
    ]


@bp.route("/bank/items/new", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def begin_item() -> str | Response | tuple[str, int]:
    form = BeginItemForm(kind=request.args.get("kind"))
    form.offer(current_framework(db_session()))
    if form.validate_on_submit():
        made = new_item(
            db_session(),
            ItemKind(form.kind.data),
            source=WRITTEN_HERE,
            area=form.area.data,
            by=acting_user().id,
            at=now(),
        )
        db_session().commit()
        return redirect(url_for("authoring.edit_item", code=made.code))
    page = render_template("authoring/begin_item.html", form=form)
    return (page, 422) if request.method == "POST" else page


@bp.post("/bank/items/<code>/versions")
@requires(Right.WRITE_ITEMS)
def begin_version(code: str) -> Response:
    found = load_item(code)
    version = new_version(db_session(), found, by=acting_user().id, at=now())
    db_session().commit()
    flash(_("Version %(number)s is a draft now. Change what is needed.", number=version.number), "success")
    return redirect(url_for("authoring.edit_item", code=code))


@bp.route("/bank/items/<code>/edit", methods=["GET", "POST"])
@requires(Right.WRITE_ITEMS)
def edit_item(code: str) -> str | Response | tuple[str, int]:
    found = load_item(code)
    version = found.latest
    if not may_edit_item(acting_user(), version):
        return redirect(url_for("authoring.item", code=code))
    form = editor(version)
    if request.method == "GET" or form.rearrange(request.form.get("action", "")):
        form.offer(current_framework(db_session()), known_slots())
        return render_template("authoring/edit_item.html", item=found, version=version, form=form)
    if not form.validate_on_submit():
        return render_template("authoring/edit_item.html", item=found, version=version, form=form), 422
    try:
        save_draft(
            db_session(),
            version,
            form.draft(version),
            edit_count=form.edit_count.data,
            by=acting_user().id,
            at=now(),
        )
    except StaleDraft:
        return conflict(version, form), 409
    db_session().commit()
    flash(_("The draft is saved."), "success")
    return redirect(url_for("authoring.item", code=code))


def editor(version: ItemVersion) -> SaveItemForm:
    """The form of the version's kind: as posted, or else as stored."""
    form = EDITORS[version.item.kind]()
    if request.method == "GET":
        form.show(version)
    form.offer(current_framework(db_session()), known_slots())
    return form


def known_slots() -> list[str]:
    """The kinds of vignettes that the newest exam policy asks for."""
    document = rule_documents.newest(db_session(), DocumentKind.EXAM_POLICY)
    groups = policy_of(document).slot_groups if document else []
    return list(dict.fromkeys(group.slot for group in groups))


def conflict(version: ItemVersion, form: SaveItemForm) -> str:
    """Both texts beside each other; what was typed goes along in hidden fields until its writer has decided."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in KEPT_APART]
    return render_template(
        "authoring/edit_conflict.html",
        item=version.item,
        version=version,
        typed=typed,
        differences=differences(
            version.item.kind, ItemDraft.of(version), form.draft(version), current_framework(db_session())
        ),
        names=names_of([version.editor_id]),
    )


KEPT_APART = ("csrf_token", "edit_count", "action")
