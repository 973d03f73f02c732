"""What the pages of delivery share: the reader's own registration, its progress as it stands, and the content."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import abort, current_app, request
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, lazyload

from examapp.db import db_session, get_database
from examapp.delivery import attempts, clock_stops, tokens
from examapp.delivery.models import AttemptPart
from examapp.delivery.part_content import PartContent, content_of
from examapp.delivery.progress import PartProgress, Progress, progress_of
from examapp.policies import may_sit
from examapp.registration.models import Administration, Registration
from examapp.registration.real import real_administration
from examapp.security import acting_user
from question_bank.exam_forms import sealed_document
from question_bank.rule_documents import RuleDocument

# Built once: building it costs as much as carrying it out.
BY_CODE = (
    select(Registration)
    .where(Registration.code == bindparam("of_code"))
    .options(
        joinedload(Registration.administration).joinedload(Administration.entry_rules),
        joinedload(Registration.accommodations),
        joinedload(Registration.policy).defer(RuleDocument.content),  # which the process has read before
        lazyload(Registration.candidate),  # who is at the screen, and known already
    )
)


def own_registration(code: str) -> Registration:
    registration = db_session().scalars(BY_CODE, {"of_code": code}).unique().one_or_none()
    if registration is None or not may_sit(acting_user(), registration):
        abort(404)
    return registration


def administration_or_404(administration_id: int) -> Administration:
    return real_administration(db_session(), administration_id) or abort(404)


def settled_progress(registration: Registration, at: datetime) -> Progress:
    """The progress after what is overdue has been closed and a used-up break ended: who reads is told the truth."""
    session = db_session()
    progress = progress_of(session, registration, at)
    open_parts = [mine.part for mine in progress.parts if mine.part and mine.open]
    if any(attempts.is_overdue(part, at) or clock_stops.is_unsettled(session, part, at) for part in open_parts):
        ids = [part.id for part in open_parts]
        session.rollback()  # a reading transaction would neither write nor see what another one has written
        with get_database().transaction() as writing:
            attempts.close_overdue(writing, at)
            clock_stops.settle(writing, ids, at=at)
        progress = progress_of(session, registration, at)
    return progress


def part_progress(progress: Progress, part: str) -> PartProgress:
    return next((mine for mine in progress.parts if mine.rules.code == part), None) or abort(404)


def content_for(part: AttemptPart) -> PartContent:
    """The part as its candidate gets it, of the form the attempt began with."""
    registration = part.attempt.registration
    return content_at_hand(part.attempt.form_sha256, part.part, registration.level, registration.track)


@lru_cache(maxsize=64)
def content_at_hand(form_sha256: str, part: str, level: int, track: str) -> PartContent:
    """What a part asks at this level and track. A sealed form never changes: it is read and sorted once for all."""
    with get_database().reading() as session:
        return content_of(sealed_document(session, form_sha256), part, level, track)


def posted_object() -> dict[str, Any]:
    posted = request.get_json(silent=True)
    return posted if isinstance(posted, dict) else {}


def shown_ticket() -> tokens.Ticket | None:
    """What the request's token says. It comes in a header: what stands in an address ends in logs and histories."""
    shown = request.authorization
    token = shown.token if shown and shown.type == "bearer" else None
    return tokens.read(token or "", current_app.config["SECRET_KEY"])
