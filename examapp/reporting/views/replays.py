"""The replay of an attempt: its timeline, and the answers at any moment. That somebody looked is kept."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flask import abort, current_app, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from examapp.accounts.models import User
from examapp.clock import now
from examapp.db import db_session, get_database
from examapp.delivery.device_time import device_time
from examapp.delivery.hand_in import code_of
from examapp.delivery.models import Attempt, AttemptPart
from examapp.delivery.numbering import Numbering, numbering_of
from examapp.delivery.part_content import content_of
from examapp.delivery.verification import check_parts
from examapp.endorsements.signing import Signer
from examapp.paging import Page
from examapp.policies import Right, may_read_answers
from examapp.registration.models import Registration
from examapp.reporting.replay.moments import changes_of, moment_of
from examapp.reporting.replay.timeline import Entry, Group, Row, Timeline, bursts, timeline_of, transferred_entries
from examapp.reporting.views.routes import bp
from examapp.security import acting_user, requires
from question_bank import audit
from question_bank.audit import AuditEvent
from question_bank.exam_forms import sealed_document

ROWS_A_PAGE = 25
# Who turns pages in a replay is one reader, not fifty.
ONE_READING = timedelta(minutes=30)


@bp.get("/replays/<code>")
@requires(Right.MANAGE_EXAMS)
def replay(code: str) -> Response:
    part = next(iter(parts_of(code)), None) or abort(404)
    return redirect(url_for("reporting.replay_part", code=code, part=part.part))


@bp.get("/replays/<code>/<part>")
@requires(Right.MANAGE_EXAMS)
def replay_part(code: str, part: str) -> str:
    parts = parts_of(code)
    found, numbering = readable_part(parts, part)
    timeline = timeline_of(db_session(), found)
    group, item = asked_group(), asked_item(numbering)
    entries = timeline.showing(group, item)
    step = max(0, min(request.args.get("step", len(timeline.log), type=int), len(timeline.log)))
    page = page_of(entries, step)
    return render_template(
        "reporting/replay.html",
        **common(found, numbering, timeline, page.rows),
        parts=parts,
        typed_in_by=list(names_of([e.entered_by_id for e in transferred_entries(db_session(), found)]).values()),
        page=page,
        group=group,
        item=numbering.numbers.get(item or ""),
        moment=moment_of(db_session(), found, timeline.log, step),
        check=next(check_parts(db_session(), found.id)),
        hand_in_code=code_of(found, Signer(current_app.config["EXAMAPP"])),
    )


@bp.get("/replays/<code>/<part>/print")
@requires(Right.MANAGE_EXAMS)
def print_replay(code: str, part: str) -> str:
    found, numbering = readable_part(parts_of(code), part)
    timeline = timeline_of(db_session(), found)
    typed = {item for item in numbering.numbers if not numbering.letters.get(item)}
    rows = bursts(timeline.showing(asked_group(), asked_item(numbering)), typed)
    return render_template(
        "reporting/print_replay.html",
        **common(found, numbering, timeline, rows),
        rows=rows,
        moment=moment_of(db_session(), found, timeline.log, len(timeline.log)),
    )


# What the pages share


def parts_of(code: str) -> Sequence[AttemptPart]:
    """The parts of a registration that were started, in order."""
    return db_session().scalars(
        select(AttemptPart)
        .join(AttemptPart.attempt)
        .join(Attempt.registration)
        .where(Registration.code == code, Registration.practice_round == 0)
        .order_by(AttemptPart.id)
    ).all()  # fmt: skip


def readable_part(parts: Sequence[AttemptPart], code: str) -> tuple[AttemptPart, Numbering]:
    """The part, for somebody who may read what its candidate wrote; that they do is written down."""
    part = next((part for part in parts if part.part == code), None) or abort(404)
    registration = part.attempt.registration
    document = sealed_document(db_session(), part.attempt.form_sha256)
    content = content_of(document, part.part, registration.level, registration.track)
    if not may_read_answers(acting_user(), registration, essays=bool(content.groups)):
        abort(403)
    with get_database().transaction() as session:
        note_reading(session, part, by=acting_user().id, at=now())
    return part, numbering_of(registration, content)


def note_reading(session: Session, part: AttemptPart, *, by: int, at: datetime) -> None:
    lately = select(AuditEvent.id).where(
        AuditEvent.target_kind == "attempt_part",
        AuditEvent.target_id == str(part.id),
        AuditEvent.action == "attempt.replayed",
        AuditEvent.actor_id == by,
        AuditEvent.at > at - ONE_READING,
    )
    if session.scalar(lately.limit(1)) is None:
        audit.record(session, "attempt.replayed", "attempt_part", part.id, by=by, at=at)


def asked_group() -> Group | None:
    wanted = request.args.get("show", "")
    return Group(wanted) if wanted in set(Group) else None


def asked_item(numbering: Numbering) -> str | None:
    number = request.args.get("item", type=int)
    return next((code for code, found in numbering.numbers.items() if found == number), None)


def page_of(entries: list[Entry], step: int) -> Page[Row]:
    """The page asked for, else the one with the change that is looked at."""
    pages = max(1, -(-len(entries) // ROWS_A_PAGE))
    place = next((place for place, entry in enumerate(entries) if (entry.seq or 0) >= step > 0), 0)
    page = max(1, min(request.args.get("page", place // ROWS_A_PAGE + 1, type=int), pages))
    shown = entries[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    return Page([Row(entry, entry) for entry in shown], page, pages, len(entries))


def common(part: AttemptPart, numbering: Numbering, timeline: Timeline, rows: Collection[Row]) -> dict[str, object]:
    """What both pages show of a part."""
    people = {row.last.by for row in rows if row.last.by is not None}
    return {
        "part": part,
        "registration": part.attempt.registration,
        "numbering": numbering,
        "timeline": timeline,
        "device_time": device_time,
        "changes": changes_of(db_session(), part, timeline.log, rows),
        "names": names_of(people),
    }


def names_of(people: Collection[int]) -> dict[int, str]:
    return {user.id: user.name for user in db_session().scalars(select(User).where(User.id.in_(people)))}
