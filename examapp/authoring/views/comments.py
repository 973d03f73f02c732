"""Comments at the places of an item: said beside a text, answered there, and settled."""

from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from examapp.authoring.forms.review import CommentForm
from examapp.authoring.views.items import load_item, names_of
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right, may_settle_comment
from examapp.security import acting_user, requires
from question_bank import review_comments
from question_bank.item_kinds import content_of
from question_bank.item_writing import writers
from question_bank.items import Item, ItemVersion, ReviewState
from question_bank.review_comments import ReviewComment, Thread, anchor_of
from question_bank.translations import source_texts

PLACES = {
    "title": _l("Title"),
    "stem": _l("Stem"),
    "stimulus": _l("Vignette"),
    "prompt": _l("Prompt"),
    "key": _l("Key"),
    "rationale": _l("Rationale"),
    "reference": _l("Reference"),
    "tags": _l("Tags"),
    "general": _l("The item as a whole"),
}
# The pages on which comments stand, and to which a comment leads back.
PAGES = ("authoring.item", "authoring.review_item", "authoring.edit_item")


@dataclass(frozen=True)
class Place:
    """A place of an item, what stands there, and what was said of it."""

    anchor: str
    label: str
    text: str
    threads: list[Thread]

    @property
    def id(self) -> str:
        return f"at-{self.anchor.replace(':', '-')}"

    @property
    def open(self) -> list[Thread]:
        return [thread for thread in self.threads if thread.is_open]

    @property
    def settled(self) -> list[Thread]:
        return [thread for thread in self.threads if not thread.is_open]


@dataclass(frozen=True)
class Remarks:
    """What is shown beside one version. A draft is not remarked on, but what was said before is answered there."""

    places: list[Place]
    names: dict[int, str]
    settlers: set[int]
    open_count: int


@bp.app_template_global()
def remarks_on(version: ItemVersion) -> Remarks:
    """The places of a version, each with its threads."""
    session = db_session()
    threads = review_comments.shown_with(review_comments.threads_of(session, version.item), version)
    texts = source_texts(content_of(version.item.kind, version.content), version.title)
    text_at = {anchor_of(place): text for place, text in texts.items()}
    anchors = [] if version.state is ReviewState.DRAFT else review_comments.anchors_of(version)
    anchors = list(dict.fromkeys([*anchors, *(thread.first.anchor for thread in threads)]))
    places = [
        Place(
            anchor, label_of(anchor, version), text_at.get(anchor, ""), [t for t in threads if t.first.anchor == anchor]
        )
        for anchor in anchors
    ]
    said_by = {comment.author_id for thread in threads for comment in thread.comments}
    settled_by = {thread.first.settled_by_id or 0 for thread in threads}
    open_count = sum(len(place.open) for place in places)
    return Remarks(places, names_of(said_by | settled_by), writers(session, version.item), open_count)


def label_of(anchor: str, version: ItemVersion | None = None) -> str:
    """A place as people call it; a dimension of a rubric by its title, which its version knows."""
    kind, _colon, name = anchor.partition(":")
    if kind == "option":
        return _("Option %(letter)s", letter=name.upper())
    if kind == "premise":
        return _("Line %(number)s", number=name)
    if kind == "rubric":
        dimensions = version.content.get("rubric", {}).get("dimensions", []) if version else []
        title = next((entry["title"] for entry in dimensions if entry["code"] == name), name)
        return _("Rubric: %(dimension)s", dimension=title)
    return str(PLACES.get(anchor, anchor))


@bp.app_template_global()
def may_settle(comment: ReviewComment, remarks: Remarks) -> bool:
    return may_settle_comment(acting_user(), comment, remarks.settlers)


@bp.post("/bank/items/<code>/comments")
@requires(Right.SEE_BANK)
def comment_on_item(code: str) -> Response:
    """Begin a thread at one place of one version."""
    found, form = load_item(code), CommentForm()
    number = request.form.get("version", type=int)
    version = next((v for v in found.versions if v.number == number), None) or abort(404)
    anchor = request.form.get("anchor", "")
    if form.validate_on_submit():
        review_comments.remark(db_session(), version, anchor, form.text.data, by=acting_user().id, at=now())
        db_session().commit()
    else:
        flash(form.text.errors[0], "error")
    return back_to_place(found, anchor)


@bp.post("/bank/comments/<int:number>/answers")
@requires(Right.SEE_BANK)
def answer_comment(number: int) -> Response:
    thread, form = load_thread(number), CommentForm()
    if form.validate_on_submit():
        review_comments.answer(db_session(), thread, form.text.data, by=acting_user().id, at=now())
        db_session().commit()
    else:
        flash(form.text.errors[0], "error")
    return back_to_place(item_of(thread), thread.anchor)


@bp.post("/bank/comments/<int:number>/settle")
@requires(Right.SEE_BANK)
def settle_comment(number: int) -> Response:
    thread = load_thread(number)
    if not may_settle_comment(acting_user(), thread, writers(db_session(), item_of(thread))):
        abort(403)
    review_comments.settle(db_session(), thread, by=acting_user().id, at=now())
    db_session().commit()
    return back_to_place(item_of(thread), thread.anchor)


def load_thread(number: int) -> ReviewComment:
    found = db_session().get(ReviewComment, number)
    if found is None or found.parent_id is not None:
        abort(404)
    return found


def item_of(thread: ReviewComment) -> Item:
    return db_session().get_one(ItemVersion, thread.item_version_id).item


def back_to_place(item: Item, anchor: str) -> Response:
    page = request.form.get("page", "")
    place = f"at-{anchor.replace(':', '-')}"
    return redirect(url_for(page if page in PAGES else PAGES[0], code=item.code, _anchor=place))
