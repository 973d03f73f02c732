"""Two administrations, one long past, sat, rated and released, one open now; and a practice examination."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import leases
from examapp.delivery.attempts import close_part
from examapp.delivery.models import AttemptPart, ClosedBy, EventKind
from examapp.delivery.time_ledger import give_time
from examapp.demo.answers import choose_option, essay_answer, essay_texts
from examapp.demo.files import add_file
from examapp.demo.people import CURRENT, LATE, PAST, WAITING, PastCandidate
from examapp.demo.writing import begin_part, change, choose_options, hand_in, minute_of, save, write, write_essays
from examapp.proctoring.incidents import record_incident
from examapp.proctoring.models import IncidentCategory
from examapp.registration import accommodations
from examapp.registration.administrations import open_administration
from examapp.registration.models import Administration, Registration
from examapp.registration.practice import open_practice
from examapp.registration.registrations import register, void
from question_bank.exam_forms import SealedForm, key_document, newest_key, sealed_document
from question_bank.exam_policy import PART_ONE, PART_TWO
from question_bank.sealed_documents import KeyDocument, SealedDocument

ZONE = "America/Denver"

# How many changes of Part One are saved before a laptop freezes.
HALF = 30


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
        sit_part_one(session, registration, past, document, keys, cast, at=begins)
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
    cast: Cast,
    *,
    at: datetime,
) -> None:
    answers = [(item, choose_option(past, item, keys.items[item.code])) for item in document.part_one]
    part = begin_part(session, registration, PART_ONE, at=at)
    moments = sorted(choose_options(past.name, answers), key=minute_of)
    if past.fate == "laptop":
        write(session, part, moments[:HALF])
        change_computer(session, cast, part, at=at + timedelta(minutes=moments[HALF][0]))
    write(session, part, moments[HALF:] if past.fate == "laptop" else moments)
    hand_in(session, part)


def change_computer(session: Session, cast: Cast, part: AttemptPart, *, at: datetime) -> None:
    """The laptop freezes; the candidate goes on at another one, and the proctor gives five minutes back."""
    registration, proctor = part.attempt.registration, cast.id("proctor")
    leases.acquire(session, part, "another computer", take_over=True, at=at - timedelta(seconds=40))
    record_incident(
        session, registration.administration, registration=registration, category=IncidentCategory.TECHNICAL,
        description="The laptop froze. The candidate went on at a spare one after about four minutes.",
        by=proctor, at=at - timedelta(seconds=30),
    )  # fmt: skip
    give_time(session, [part], seconds=300, reason="The laptop froze.", by=proctor, at=at - timedelta(seconds=20))


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
    chosen: list[str] = []
    for place, group in enumerate(document.slot_groups_for(past.level, past.track)):
        # Not everybody takes the first vignettes offered.
        start = (len(past.name) + place) % len(group.essays)
        chosen += (group.essays[start:] + group.essays[:start])[: group.choose]
    essays = [(code, essay_answer(past, cast.refs[code], texts)) for code in chosen]
    part = begin_part(session, registration, PART_TWO, at=at)
    write(session, part, write_essays(past.name, essays))
    hand_in(session, part)


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
    sit_and_lose_the_connection(session, cast, administration, form, at=at)
    for person, level, track, complete in WAITING:
        add_file(
            session, cast.users[person.mailbox], level, track, reviewed_on=at - timedelta(days=30), by=admin,
            complete=complete,
        )  # fmt: skip
    return administration


def open_trial(session: Session, cast: Cast, form: SealedForm, *, at: datetime) -> Administration:
    """The practice examination, open for a year to everybody who is registered."""
    return open_practice(
        session, title="Practice examination", form_sha256=form.sha256, closes_at=morning(at + timedelta(days=365)),
        time_zone=ZONE, by=cast.id("admin"), at=at - timedelta(days=35),
    )  # fmt: skip


def sit_and_lose_the_connection(
    session: Session, cast: Cast, administration: Administration, form: SealedForm, *, at: datetime
) -> None:
    """Somebody whose last answers of Part One reached the server a few minutes after its end: to be decided on."""
    user, admin, begins = cast.users[LATE.person.mailbox], cast.id("admin"), morning(at - timedelta(days=1))
    file = add_file(session, user, LATE.level, LATE.track, reviewed_on=at - timedelta(days=70), by=admin)
    registration = register(session, administration, file, by=admin, at=at - timedelta(days=30))
    document, keys = sealed_document(session, form.sha256), key_document(newest_key(session, form.sha256))
    answers = [(item, choose_option(LATE, item, keys.items[item.code])) for item in document.part_one]
    part = begin_part(session, registration, PART_ONE, at=begins)
    write(session, part, choose_options(LATE.name, answers[:-3]))
    close_part(session, part, closed_by=ClosedBy.DEADLINE, at=part.accepts_until)
    unsent = [(86 + place, change(EventKind.ANSWER, item.code, "c")) for place, (item, _) in enumerate(answers[-3:])]
    save(session, part, unsent, arrive=97)
