"""Reading the audit trail: filters, and the names of what its rows are about."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from examapp.accounts.models import OutboxMail, User
from examapp.admin.directory import named
from examapp.delivery.models import Attempt, AttemptPart
from examapp.paging import Page, paginate
from examapp.registration.models import Administration, Registration
from question_bank.audit import AuditEvent
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms.models import ExamForm

# Details that hold ids of people.
PEOPLE_DETAILS = ("raters", "candidate", "from_rater", "to_rater")

# Things that the trail names by id, and the column that people know them by. Everything else is named by its code.
TITLES: dict[str, tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]]] = {
    "user": (User.id, User.name),
    "administration": (Administration.id, Administration.title),
    "registration": (Registration.id, Registration.code),
    "exam_blueprint": (ExamBlueprint.id, ExamBlueprint.title),
    "exam_form": (ExamForm.id, ExamForm.title),
    "mail": (OutboxMail.id, OutboxMail.subject),
}


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


def about_thing(words: str) -> Any:
    """Whether a row is about something with these words in its code, or in the title that people know it by."""
    coded = AuditEvent.target_kind.not_in(TITLES.keys() - {"registration"}) & func.lower(AuditEvent.target_id).contains(
        words, autoescape=True
    )
    titled = [
        (AuditEvent.target_kind == kind)
        & AuditEvent.target_id.in_(select(cast(key, String)).where(func.lower(title).contains(words, autoescape=True)))
        for kind, (key, title) in TITLES.items()
    ]
    return or_(coded, *titled)


def names_of(session: Session, events: Collection[AuditEvent]) -> Names:
    """Every name that these rows need, in a few queries."""
    ids = {event.actor_id for event in events if event.actor_id is not None}
    for event in events:
        ids |= set(people_in(event.details))
    people = dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).tuples().all())
    things: dict[tuple[str, str], str] = {}
    for kind, (key, title) in TITLES.items():
        wanted = {int(event.target_id) for event in events if event.target_kind == kind and event.target_id.isdigit()}
        if wanted:
            found = session.execute(select(key, title).where(key.in_(wanted))).tuples()
            things |= {(kind, str(number)): name for number, name in found}
    return Names(people, things | parts_of(session, events))


def people_in(details: dict[str, Any]) -> Iterable[int]:
    for key in PEOPLE_DETAILS:
        value = details.get(key)
        yield from value if isinstance(value, list) else [value] if isinstance(value, int) else []


def parts_of(session: Session, events: Collection[AuditEvent]) -> dict[tuple[str, str], str]:
    """Parts of attempts, by the code of their registration."""
    wanted = {int(event.target_id) for event in events if event.target_kind == "attempt_part"}
    if not wanted:
        return {}
    found = session.execute(
        select(AttemptPart.id, Registration.code)
        .join(Attempt, Attempt.id == AttemptPart.attempt_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .where(AttemptPart.id.in_(wanted))
    ).tuples()
    return {("attempt_part", str(number)): code for number, code in found}
