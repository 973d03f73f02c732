"""Reading the audit trail: filters, and the names of what its rows are about."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.admin.directory import named
from examapp.delivery.models import Attempt, AttemptPart
from examapp.paging import Page, paginate
from examapp.proctoring.models import Incident
from examapp.registration.models import Administration, Registration
from question_bank.audit import AuditEvent
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms.models import ExamForm
from question_bank.framework import current_framework

# Details that hold ids of people.
PEOPLE_DETAILS = ("raters", "candidate", "from_rater", "to_rater", "entered_by", "reviewer")

# Things that the trail names by id: that id, and what people know them by. Everything else is named by its code.
LABELS: dict[str, Select[int, str]] = {
    "user": select(User.id, User.name),
    "administration": select(Administration.id, Administration.title),
    "registration": select(Registration.id, Registration.code),
    "attempt_part": select(AttemptPart.id, Registration.code)
    .join(Attempt, Attempt.id == AttemptPart.attempt_id)
    .join(Registration, Registration.id == Attempt.registration_id),
    "incident": select(Incident.id, Administration.title).join(
        Administration, Administration.id == Incident.administration_id
    ),
    "exam_blueprint": select(ExamBlueprint.id, ExamBlueprint.title),
    "exam_form": select(ExamForm.id, ExamForm.title),
    "mail": select(OutboxMail.id, OutboxMail.subject),
}
CODED = ("registration",)  # named by its code in some rows, by its id in others


@dataclass(frozen=True)
class TrailFilter:
    """What to show of the trail; an empty value leaves everything in."""

    person: str = ""
    kind: str = ""
    thing: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Names:
    """The names behind the ids of some rows."""

    people: dict[int, str]
    things: dict[tuple[str, str], str]
    areas: dict[str, str]

    def thing(self, event: AuditEvent) -> str:
        return self.things.get((event.target_kind, event.target_id), event.target_id)


def find_events(session: Session, wanted: TrailFilter, page: int) -> Page[AuditEvent]:
    """A page of the trail, newest first."""
    query = select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    if wanted.person.strip():
        meant = select(User.id).where(named(wanted.person))
        about = select(cast(User.id, String)).where(named(wanted.person))
        concerns = (AuditEvent.target_kind == "user") & AuditEvent.target_id.in_(about)
        query = query.where(or_(AuditEvent.actor_id.in_(meant), concerns))
    if wanted.kind:
        query = query.where(AuditEvent.target_kind == wanted.kind)
    if wanted.thing.strip():
        query = query.where(about_thing(wanted.thing.strip().lower()))
    if wanted.since:
        query = query.where(AuditEvent.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEvent.at < wanted.until)
    return paginate(session, query, page)


def about_thing(words: str) -> ColumnElement[bool]:
    """Whether a row is about something with these words in its code, or in what people know it by."""
    code = func.lower(AuditEvent.target_id).contains(words, autoescape=True)
    conditions = [code & or_(AuditEvent.target_kind.not_in(LABELS), AuditEvent.target_kind.in_(CODED))]
    for kind, labels in LABELS.items():
        key, label = labels.selected_columns
        found = labels.where(func.lower(label).contains(words, autoescape=True))
        ids = found.with_only_columns(cast(key, String), maintain_column_froms=True)
        conditions.append((AuditEvent.target_kind == kind) & AuditEvent.target_id.in_(ids))
    return or_(*conditions)


def names_of(session: Session, events: Collection[AuditEvent]) -> Names:
    """Every name that these rows need, in a few queries."""
    ids = {event.actor_id for event in events if event.actor_id is not None}
    for event in events:
        ids |= set(people_in(event.details))
    people = dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())
    things: dict[tuple[str, str], str] = {}
    for kind, labels in LABELS.items():
        wanted = {int(event.target_id) for event in events if event.target_kind == kind and event.target_id.isdigit()}
        if wanted:
            found = session.execute(labels.where(labels.selected_columns[0].in_(wanted)))
            things |= {(kind, str(number)): label for number, label in found}
    return Names(people, things, areas_in(session, events))


def areas_in(session: Session, events: Collection[AuditEvent]) -> dict[str, str]:
    """The titles of the areas of expertise that the details name."""
    codes = {code for event in events for said in event.details.get("areas", {}).values() for code in said}
    if not codes:
        return {}
    framework = current_framework(session)
    return {code: framework.area_title(code) for code in codes}


def people_in(details: dict[str, Any]) -> Iterable[int]:
    for key in PEOPLE_DETAILS:
        value = details.get(key)
        yield from value if isinstance(value, list) else [value] if isinstance(value, int) else []
