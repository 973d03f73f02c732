"""What the pages of delivery share: the reader's own registration, its progress as it stands, and the content."""

from datetime import datetime
from typing import Any

from flask import abort, current_app, request
from sqlalchemy import select
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


def own_registration(code: str) -> Registration:
    found = db_session().scalars(
        select(Registration)
        .where(Registration.code == code)
        .options(
            joinedload(Registration.administration).joinedload(Administration.entry_rules),
            joinedload(Registration.accommodations),
            joinedload(Registration.policy).defer(RuleDocument.content),  # which the process has read before
            lazyload(Registration.candidate),  # who is at the screen, and known already
        )
    )
    registration = found.unique().one_or_none()
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
    document = sealed_document(db_session(), part.attempt.form_sha256)
    return content_of(document, part.part, registration.level, registration.track)


def posted_object() -> dict[str, Any]:
    posted = request.get_json(silent=True)
    return posted if isinstance(posted, dict) else {}


def shown_ticket() -> tokens.Ticket | None:
    """What the request's token says. It comes in a header: what stands in an address ends in logs and histories."""
    shown = request.authorization
    token = shown.token if shown and shown.type == "bearer" else None
    return tokens.read(token or "", current_app.config["SECRET_KEY"])
