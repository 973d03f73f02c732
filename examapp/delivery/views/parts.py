"""The exam page of a part, and the page after it is handed in."""

from functools import lru_cache, partial

from flask import current_app, redirect, render_template, url_for
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.hand_in import code_of
from examapp.delivery.late import late_changes_of
from examapp.delivery.progress import Stage
from examapp.delivery.responses import responses_of
from examapp.delivery.views.entry import turned_away
from examapp.delivery.views.loading import (
    content_at_hand,
    content_for,
    own_registration,
    part_progress,
    settled_progress,
)
from examapp.delivery.views.routes import bp
from examapp.endorsements.signing import Signer
from examapp.policies import Right
from examapp.security import public, requires
from question_bank.exam_policy import PART_ONE


@bp.get("/exam/<code>/parts/<part>")
@requires(Right.SIT_EXAM)
def take_part(code: str, part: str) -> str | Response:
    progress = settled_progress(own_registration(code), now())
    mine = part_progress(progress, part)
    if mine.part is None or progress.stage is Stage.ENDED:
        return redirect(url_for("delivery.examination", code=code))
    if mine.closed:
        return redirect(url_for("delivery.handed_in", code=code, part=part))
    registration, locale = progress.registration, str(get_locale())
    if away := turned_away(registration):
        return away
    form_sha256 = mine.part.attempt.form_sha256
    return render_template(
        "delivery/part.html",
        progress=progress,
        mine=mine,
        content=content_for(mine.part),
        questions=typeset_questions(form_sha256, part, registration.level, registration.track, locale),
        typeset=partial(typeset_piece, part=part, locale=locale),
        multiple_choice=part == PART_ONE,
    )


@lru_cache(maxsize=64)
def typeset_questions(form_sha256: str, part: str, level: int, track: str, _locale: str) -> Markup:
    """The questions of a part. A sealed form never changes: each language of the page is typeset once for all."""
    content = content_at_hand(form_sha256, part, level, track)
    template = "delivery/part_choices.html" if part == PART_ONE else "delivery/part_essays.html"
    return Markup(render_template(template, content=content))  # noqa: S704  # nosec B704 # from our own template


@lru_cache(maxsize=64)
def typeset_piece(name: str, part: str, locale: str) -> Markup:
    """What is the same on every page of a part in one language, typeset once for all too."""
    piece = render_template(f"delivery/part_{name}.html", part=part, multiple_choice=part == PART_ONE)
    return Markup(piece)  # noqa: S704  # nosec B704 # from our own template


@bp.get("/exam/worker.js")
@public
def worker() -> Response:
    """The exam page's service worker. It stands under /exam, because it may serve pages only below its own address."""
    return current_app.send_static_file("js/exam/worker.js")


@bp.get("/exam/<code>/parts/<part>/handed-in")
@requires(Right.SIT_EXAM)
def handed_in(code: str, part: str) -> str | Response:
    session = db_session()
    progress = settled_progress(own_registration(code), now())
    mine = part_progress(progress, part)
    if not mine.closed or mine.part is None:
        return redirect(url_for("delivery.examination", code=code))
    content = content_for(mine.part)
    return render_template(
        "delivery/handed_in.html",
        progress=progress,
        mine=mine,
        expected=content.answers_expected,
        answered=content.answered(responses_of(session, [mine.part.id])[mine.part.id]),
        late=late_changes_of(session, [mine.part]).get(mine.part.id),
        hand_in_code=code_of(mine.part, Signer(current_app.config["EXAMAPP"])),
    )
