"""Two administrations: one long past, sat, rated and released; one open now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import leases, log, tokens
from examapp.delivery.attempts import accept_honour, close_part, start_part
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import ClosedBy, EventKind
from examapp.demo.answers import choose_option, essay_answer, essay_texts
from examapp.demo.files import add_file
from examapp.demo.people import CURRENT, PAST, WAITING, PastCandidate
from examapp.registration import accommodations
from examapp.registration.administrations import open_administration
from examapp.registration.models import Administration, Registration
from examapp.registration.registrations import register, void
from question_bank.exam_forms import SealedForm, key_document, newest_key, sealed_document
from question_bank.exam_policy import PART_ONE, PART_TWO
from question_bank.sealed_documents import KeyDocument, SealedDocument

ZONE = "America/Denver"
EVENTS_A_BATCH = 6


@dataclass(frozen=True)
class Cast:
    """The accounts by mailbox, and the refs of the shipped vignettes by item code."""

    users: dict[str, User]
    refs: dict[str, str]

    def id(self, mailbox: str) -> int:
        return self.users[mailbox].id


def give_past(session: Session, cast: Cast, form: SealedForm, *, at: datetime) -> Administration:
    """The administration that ended about ten weeks before ``at``: registered, sat, one voided, one absent."""
    opens = morning(at - timedelta(days=75))
    admin = cast.id("admin")
    administration = open_administration(
        session, title=f"{opens:%B %Y}", opens_at=opens, closes_at=opens + timedelta(days=3, hours=9),
        time_zone=ZONE, form_sha256=form.sha256, proctored=True, by=admin, at=opens - timedelta(days=60),
    )  # fmt: skip
    document = sealed_document(session, form.sha256)
    keys = key_document(newest_key(session, form.sha256))
    texts = essay_texts()
    for place, past in enumerate(PAST):
        user = cast.users[past.person.mailbox]
        file = add_file(session, user, past.level, past.track, reviewed_on=opens - timedelta(days=50 + place), by=admin)
        registration = register(session, administration, file, by=admin, at=opens - timedelta(days=30))
        if past.fate == "no_show":
            continue
        begins = opens + timedelta(days=place % 3, minutes=20 * (place % 9))
        registration.admitted_at, registration.admitted_by_id = begins, cast.id("proctor")
        sit_part_one(session, registration, past, document, keys, at=begins)
        sit_part_two(session, registration, past, document, cast, texts, at=begins + timedelta(minutes=115))
        if past.fate == "void":
            void(
                session, registration, reason="The building lost power during Part Two; the candidate asked for it.",
                by=admin, at=begins + timedelta(hours=5),
            )  # fmt: skip
    return administration


def morning(day: datetime) -> datetime:
    """That day at eight or nine in the morning in Denver."""
    return day.replace(hour=15, minute=0, second=0, microsecond=0)


def sit_part_one(
    session: Session,
    registration: Registration,
    past: PastCandidate,
    document: SealedDocument,
    keys: KeyDocument,
    *,
    at: datetime,
) -> None:
    answers = [(item.code, choose_option(past, item, keys.items[item.code])) for item in document.part_one]
    write_part(session, registration, PART_ONE, [answer_event(code, value) for code, value in answers if value], at=at)


def sit_part_two(
    session: Session,
    registration: Registration,
    past: PastCandidate,
    document: SealedDocument,
    cast: Cast,
    texts: dict[tuple[str, str], str],
    *,
    at: datetime,
) -> None:
    events = []
    for place, group in enumerate(document.slot_groups_for(past.level, past.track)):
        # Not everybody takes the first vignettes offered.
        start = (len(past.name) + place) % len(group.essays)
        for code in (group.essays[start:] + group.essays[:start])[: group.choose]:
            events.append(Event(EventKind.CHOOSE, code, "1", "0"))
            events.append(answer_event(code, essay_answer(past, cast.refs[code], texts)))
    write_part(session, registration, PART_TWO, events, at=at)


def answer_event(code: str, value: str) -> Event:
    return Event(EventKind.ANSWER, code, value, "0")


def write_part(
    session: Session, registration: Registration, part_code: str, events: Sequence[Event], *, at: datetime
) -> None:
    """Start a part, save the events through the log in batches over an hour and a quarter, and hand it in."""
    accept_honour(session, registration, at=at)
    part = start_part(session, registration, part_code, at=at)
    leases.acquire(session, part, "demonstration", take_over=False, at=at)
    ticket = tokens.Ticket(
        part_id=part.id, epoch=part.lease_epoch, holder=part.lease_holder, part=part_code,
        form_sha256=part.attempt.form_sha256, level=registration.level, track=registration.track,
    )  # fmt: skip
    batches = [list(events[first : first + EVENTS_A_BATCH]) for first in range(0, len(events), EVENTS_A_BATCH)]
    after, chain = part.last_seq, part.chain
    for number, batch in enumerate(batches, start=1):
        answer = log.save(
            session, ticket, Batch(after, chain, batch), at=at + timedelta(minutes=75 * number / len(batches))
        )
        after, chain = answer.body["seq"], answer.body["chain"]
    session.refresh(part)
    close_part(session, part, closed_by=ClosedBy.CANDIDATE, at=at + timedelta(minutes=78))


def open_current(session: Session, cast: Cast, form: SealedForm, *, at: datetime) -> Administration:
    """The administration a newcomer can sit at once: unproctored, open since two days, for two months."""
    admin = cast.id("admin")
    announced = at - timedelta(days=40)
    administration = open_administration(
        session, title=f"{at:%B %Y}",
        opens_at=morning(at - timedelta(days=2)), closes_at=morning(at + timedelta(days=60)),
        time_zone=ZONE, form_sha256=form.sha256, proctored=False, by=admin, at=announced,
    )  # fmt: skip
    for place, (person, level, track) in enumerate(CURRENT):
        file = add_file(
            session, cast.users[person.mailbox], level, track, reviewed_on=at - timedelta(days=60 + place), by=admin
        )
        registration = register(session, administration, file, by=admin, at=announced + timedelta(days=1))
        if person.mailbox == "candidate4":
            accommodations.grant(
                session, registration, factor=Decimal("1.5"), break_minutes=15, reason="Letter of August, on file.",
                by=admin, at=announced + timedelta(days=3),
            )  # fmt: skip
    for person, level, track, complete in WAITING:
        add_file(
            session, cast.users[person.mailbox], level, track, reviewed_on=at - timedelta(days=30), by=admin,
            complete=complete,
        )  # fmt: skip
    return administration
