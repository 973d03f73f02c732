"""Asking for an accommodation, and the office's answer: who sees what, by when, and what is told."""

import io
import stat
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import OutboxMail, Role, User
from examapp.authoring import uploads
from examapp.config import Config
from examapp.endorsements.models import EndorsementFile
from examapp.registration import documents
from examapp.registration.accommodation_requests import Wish, ask, decide, due_at, open_requests, withdraw
from examapp.registration.documents import Document
from examapp.registration.models import (
    AccommodationKind,
    AccommodationRequest,
    Administration,
    Registration,
    RequestDecision,
)
from examapp.registration.registrations import register
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.item_import import ImportDefaults
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.personas import Client, Personas

PDF = b"%PDF-1.7 a letter"
LETTER = Document("letter.pdf", PDF)
WISH = Wish([AccommodationKind.SEPARATE_ROOM, AccommodationKind.EXTRA_TIME], "I see little.", document=LETTER)


@pytest.fixture
def registered(db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile) -> Registration:
    return register(db, spring, file, by=office.id, at=at)


@pytest.fixture
def asked(db: Session, registered: Registration, app: Flask, at: datetime) -> AccommodationRequest:
    made = ask(db, registered, WISH, config=app.config["EXAMAPP"], at=at)
    db.commit()
    return made


@pytest.fixture
def own(registered: Registration) -> str:
    return f"/exam/{registered.code}/accommodation"


def posted(document: bytes = PDF, name: str = "letter.pdf", **values: Any) -> dict[str, Any]:
    filled = {"kinds": ["extra_time"], "statement": "I see little.", "document": (io.BytesIO(document), name)}
    return {**filled, **values}


def mails(db: Session) -> list[str]:
    return list(db.scalars(select(OutboxMail.body).order_by(OutboxMail.id)))


# The rules


@pytest.mark.parametrize(
    ("days_before", "answered_after"), [(60, 10), (14, 9), (10, 5), (5, 1), (2, 1)]
)  # fmt: skip
def test_the_answer_is_due_in_ten_days_but_five_before_the_opening(
    at: datetime, spring: Administration, days_before: int, answered_after: int
) -> None:
    spring.opens_at = at + timedelta(days=days_before)
    assert due_at(spring, at) == at + timedelta(days=answered_after)


def test_a_document_is_kept_by_its_digest_for_the_application_alone(app: Flask, asked: AccommodationRequest) -> None:
    path = documents.path_of(app.config["EXAMAPP"], asked.document_sha256)
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert asked.kinds == ["extra_time", "separate_room"]


def test_parked_imports_are_cleared_away_and_documents_stay(
    app: Flask, asked: AccommodationRequest, office: User, at: datetime
) -> None:
    folder = app.config["EXAMAPP"].instance_path / "uploads"
    upload = uploads.Upload(office.id, "items.csv", ImportDefaults("", ()), b"data")
    old, later = uploads.park(folder, upload, at=at), at + timedelta(days=1000)
    uploads.park(folder, upload, at=later)
    assert not (folder / old).exists()
    assert (folder / asked.document_sha256).exists()


def test_a_second_request_waits_for_the_first(
    db: Session, asked: AccommodationRequest, config: Config, at: datetime
) -> None:
    with pytest.raises(RuleViolation, match="not decided yet"):
        ask(db, asked.registration, WISH, config=config, at=at)
    withdraw(db, asked, at=at)
    assert ask(db, asked.registration, WISH, config=config, at=at).id != asked.id


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (Wish([], "Words"), "at least one thing"),
        (Wish([AccommodationKind.OTHER], "  "), "few words"),
        (Wish([AccommodationKind.OTHER], "W", date(2027, 2, 2), date(2027, 2, 1)), "cannot end before"),
        (Wish([AccommodationKind.OTHER], "W", document=Document("a.pdf", b"<html>")), "no PDF, PNG or JPEG"),
        (Wish([AccommodationKind.OTHER], "W", document=Document("a.pdf", PDF + b"x" * 5_300_000)), "larger than 5 MB"),
    ],
)
def test_an_unclear_request_is_refused(
    db: Session, registered: Registration, config: Config, at: datetime, wish: Wish, sentence: str
) -> None:
    with pytest.raises(RuleViolation, match=sentence):
        ask(db, registered, wish, config=config, at=at)


def test_nothing_is_asked_once_a_part_was_started(
    db: Session, registered: Registration, config: Config, at: datetime
) -> None:
    registered.started_at = at
    db.flush()
    with pytest.raises(RuleViolation, match="has been started"):
        ask(db, registered, WISH, config=config, at=at)


def test_a_decision_is_final_and_told_and_its_words_stay_out_of_the_trail(
    db: Session, asked: AccommodationRequest, office: User, at: datetime
) -> None:
    decide(db, asked, RequestDecision.REFUSED, note="The letter is of 1999.", by=office.id, at=at)
    assert "is not granted" in mails(db)[-1]
    assert "The letter is of 1999." in mails(db)[-1]
    with pytest.raises(RuleViolation, match="decided already"):
        withdraw(db, asked, at=at)
    with pytest.raises(RuleViolation, match="decided already"):
        decide(db, asked, RequestDecision.GRANTED, note="", by=office.id, at=at)
    told = [str(event.details) for event in db.scalars(select(AuditEvent)) if "accommodation" in event.action]
    assert told
    assert not [words for words in told if "1999" in words or "I see little" in words]


def test_nobody_decides_their_own_and_a_refusal_says_why(
    db: Session, asked: AccommodationRequest, office: User, at: datetime
) -> None:
    with pytest.raises(RuleViolation, match="Nobody decides"):
        decide(db, asked, RequestDecision.GRANTED, note="", by=asked.registration.candidate_id, at=at)
    with pytest.raises(RuleViolation, match="Say why"):
        decide(db, asked, RequestDecision.PARTLY_GRANTED, note=" ", by=office.id, at=at)


def test_a_withdrawn_registration_leaves_nothing_to_decide(
    db: Session, asked: AccommodationRequest, office: User, at: datetime
) -> None:
    assert db.scalars(open_requests(office.id)).all() == [asked]
    asked.registration.withdrawn_at = at
    db.flush()
    assert not db.scalars(open_requests(office.id)).all()


# The candidate's pages


def test_a_candidate_asks_and_sees_by_when_it_is_answered(
    client: Client, db: Session, registered: Registration, own: str
) -> None:
    client.sign_in_as(registered.candidate)
    assert own in client.get(f"/exam/{registered.code}").text
    page = client.post(own, data=posted(), follow_redirects=True).text
    assert "Your request has arrived" in page
    assert "To be decided" in page
    assert "in 5 days" in page
    assert "has arrived" in mails(db)[-1]


def test_a_late_request_is_possible_and_marked(
    client: Client, registered: Registration, office: User, own: str
) -> None:
    client.sign_in_as(registered.candidate)
    assert "You can still ask" in client.get(own).text  # ten days before, the policy asks for fourteen
    client.post(own, data=posted())
    client.sign_in_as(office)
    assert "Short notice" in client.get("/accommodation-requests/1").text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kinds": []}, "Choose at least one thing"),
        ({"statement": ""}, "Say in a few words"),
        ({"document": b"MZ program", "name": "letter.pdf"}, "no PDF, PNG or JPEG"),
        ({"documented_from": "2027-02-02", "documented_until": "2027-02-01"}, "cannot end before"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, registered: Registration, own: str, values: dict[str, Any], sentence: str
) -> None:
    client.sign_in_as(registered.candidate)
    answer = client.post(own, data=posted(**{"statement": "Typed words", **values}))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Typed words" in answer.text or values.get("statement") == ""


def test_a_candidate_withdraws_only_their_own(
    client: Client, db: Session, asked: AccommodationRequest, personas: Personas
) -> None:
    here = f"/accommodation-requests/{asked.id}/withdraw"
    client.sign_in_as(personas.candidate())
    assert client.post(here).status_code == 404
    client.sign_in_as(asked.registration.candidate)
    assert "Nobody decides about it any more" in client.get(here).text
    assert "Your request is withdrawn" in client.post(here, follow_redirects=True).text
    assert asked.withdrawn_at


# The office's pages


def test_the_home_page_names_what_waits_and_what_is_overdue(
    client: Client, asked: AccommodationRequest, office: User, time_machine: TimeMachineFixture, at: datetime
) -> None:
    client.sign_in_as(office)
    assert "1 accommodation request to decide" in client.get("/").text
    time_machine.move_to(at + timedelta(days=6), tick=False)
    client.sign_in_as(office)
    assert "1 accommodation request to decide (1 is overdue)" in client.get("/").text
    assert "Overdue" in client.get("/accommodation-requests").text


def test_granting_leads_to_the_grant_with_what_was_asked(
    client: Client, db: Session, asked: AccommodationRequest, office: User
) -> None:
    client.sign_in_as(office)
    page = client.post(f"/accommodation-requests/{asked.id}", data={"decision": "granted"}, follow_redirects=True).text
    assert "Now enter what is granted" in page
    assert "The request of March 15, 2027." in page
    assert "A separate room</textarea>" in page
    registration = asked.registration
    here = f"/administrations/{registration.administration_id}/registrations/{registration.code}"
    assert "nothing is in force yet" in client.get(here).text
    client.post(f"{here}/accommodation?request={asked.id}", data={"choice": "1.5", "reason": "Letter."})
    assert "nothing is in force yet" not in client.get(here).text
    assert registration.accommodation


def test_an_administrator_does_not_decide_their_own(
    client: Client, db: Session, at: datetime, app: Flask, spring: Administration, personas: Personas
) -> None:
    both = personas.person(Role.ADMINISTRATOR, Role.CANDIDATE)
    mine = factories.registration(db, at, both, spring)
    request = ask(db, mine, WISH, config=app.config["EXAMAPP"], at=at)
    client.sign_in_as(both)
    address = f"/accommodation-requests/{request.id}"
    assert client.post(address, data={"decision": "granted"}).status_code == 403
    assert "Nothing to decide" in client.get("/accommodation-requests").text
    assert client.get(f"{address}/document").status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.CANDIDATE, 404), (Role.RATER, 403), (Role.PROCTOR, 403), (Role.AUTHOR, 403), (Role.ADMINISTRATOR, 200)],
)
def test_the_document_is_a_download_for_the_office_alone(
    client: Client, asked: AccommodationRequest, personas: Personas, role: Role, status: int
) -> None:
    client.sign_in_as(personas.person(role))
    answer = client.get(f"/accommodation-requests/{asked.id}/document")
    assert answer.status_code == status
    if status == 200:
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"] == "attachment; filename=letter.pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_proctor_sees_the_arrangement_and_never_the_request(
    client: Client, db: Session, asked: AccommodationRequest, office: User, personas: Personas
) -> None:
    registration = asked.registration
    client.sign_in_as(office)
    client.post(f"/accommodation-requests/{asked.id}", data={"decision": "granted"})
    here = f"/administrations/{registration.administration_id}/registrations/{registration.code}"
    client.post(f"{here}/accommodation", data={"choice": "1", "arrangements": "Room 2", "reason": "Sees little"})
    client.sign_in_as(personas.proctor())
    pages = [
        f"/room/{registration.administration_id}/clock/{registration.code}",
        f"/room/{registration.administration_id}",
    ]
    shown = "".join(client.get(page, follow_redirects=True).text for page in pages)
    assert "Room 2" in shown
    assert "ees little" not in shown
    assert client.get(f"/accommodation-requests/{asked.id}").status_code == 403


# In a browser


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_requests_are_accessible_and_fit(
    asked: AccommodationRequest, office: User, own: str, page_of: Callable[..., Page], width: int
) -> None:
    mine, theirs = page_of(asked.registration.candidate, width=width), page_of(office, width=width)
    for page, path in (
        (mine, own), (theirs, "/accommodation-requests"), (theirs, f"/accommodation-requests/{asked.id}"),
    ):  # fmt: skip
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
