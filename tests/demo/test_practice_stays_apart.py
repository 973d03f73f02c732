"""What is practised counts nowhere: no page, list or export of examinations and results knows of it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.db import Database
from examapp.delivery import log
from examapp.delivery.attempts import close_part
from examapp.delivery.batches import Batch
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.delivery.practice import practise
from examapp.demo.people import DOMAIN
from examapp.registration.models import Registration
from examapp.registration.practice import end_practice
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests import factories
from tests.conftest import MORNING
from tests.databases import fresh_database
from tests.delivery.writing import change, write
from tests.demo.test_pages import EVERYBODY, reachable
from tests.demonstration import DEMONSTRATION
from tests.personas import Client

# Its own pages, and those where whatever anybody did is written down.
ITS_OWN = ("registration.practice_examinations", "registration.open_practice_examination", "admin.audit_trail")
STAFF = ("registration.", "proctoring.", "scoring.", "reporting.", "delivery.try_computer")
EXPORTS = [f"/pass-records/export.{form}" for form in ("csv", "xlsx", "json", "pdf")]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A demonstration of its own, in which somebody has practised."""
    with fresh_database(request.param, DEMONSTRATION) as database:
        with database.transaction() as session:
            practise_to_the_end(session, at=MORNING - timedelta(hours=3))
        yield database


def practise_to_the_end(db: Session, *, at: datetime) -> None:
    """A round from the first click to the hand-in, with late changes; then the practice examination is ended."""
    candidate = db.scalars(select(User).where(User.email == f"candidate@{DOMAIN}")).one()
    mine = practise(db, candidate.id, at=at)
    for code, item in ((PART_ONE, "TF-0001"), (PART_TWO, "RFV-0001")):
        part = factories.started_part(db, at, mine, code)
        write(db, part, change(item, "b"), at=at)
        close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
        send_late(db, part, item, at=at + timedelta(minutes=1))
    end_practice(db, mine.administration, by=mine.administration.created_by_id, at=at + timedelta(hours=1))


@pytest.fixture
def practised(db: Session) -> Registration:
    return db.scalars(select(Registration).where(Registration.practice_round == 1)).one()


def send_late(db: Session, part: AttemptPart, item: str, *, at: datetime) -> None:
    log.save(db, factories.ticket(part), Batch(part.last_seq, part.chain, [change(item, "c")]), at=at)


@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)  # words are the same on every database
@pytest.mark.parametrize("mailbox", EVERYBODY)
def test_no_page_of_anybody_speaks_of_it(
    app: Flask, client: Client, someone: Callable[[str], User], practised: Registration, mailbox: str
) -> None:
    client.sign_in_as(someone(mailbox))
    words = (practised.code.encode(), practised.administration.title.encode())
    addresses = [address for address, endpoint in reachable(app, client) if endpoint not in ITS_OWN]
    addresses += EXPORTS if mailbox == "admin" else []
    pages = {address: client.get(address).data.replace(b"Practice examinations", b"") for address in addresses}
    assert len(pages) > 3
    assert not [address for address, page in pages.items() if any(word in page for word in words)]


def test_no_address_of_examinations_leads_to_it(
    app: Flask, client: Client, someone: Callable[[str], User], practised: Registration
) -> None:
    values = {"administration_id": practised.administration_id, "code": practised.code, "part": PART_ONE}
    client.sign_in_as(someone("admin"))
    found: dict[tuple[str, str], int] = {}
    for rule in app.url_map.iter_rules():
        wanted = {name: values.get(name, 1) for name in rule.arguments}
        if rule.endpoint.startswith(STAFF) and rule.arguments & {"administration_id", "code"}:
            built = rule.build(wanted)
            assert built is not None
            found |= {
                (m, built[1]): client.open(built[1], method=m).status_code
                for m in {"GET", "POST"} & (rule.methods or set())
            }
    assert len(found) > 50
    # 403: what only candidates and raters open.
    assert not [(address, status) for address, status in found.items() if status not in (403, 404)]


def test_it_keeps_nobody_from_an_examination(db: Session, practised: Registration) -> None:
    real = db.scalars(
        select(Registration).where(
            Registration.candidate_id == practised.candidate_id, Registration.practice_round == 0
        )
    ).one()
    assert real.started_at is None
    assert factories.started_part(db, practised.administration.closes_at, real).part == PART_ONE
