"""The pages of registrations: registering by hand and from a sheet, the ways out, accommodations."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration, Registration
from examapp.registration.registrations import register
from tests import factories
from tests.personas import Client, Personas
from tests.registration.conftest import MakeFile
from tests.statements import statements_for

GOOD_SHEET = b"email,level,track\nlucia@example.org,3,\n"
BAD_SHEET = GOOD_SHEET + b"nobody@example.org,3,\n"


@pytest.fixture
def registered(db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile) -> Registration:
    return register(db, spring, file, by=office.id, at=at)


def url(registration: Registration, tail: str = "") -> str:
    return f"/administrations/{registration.administration_id}/registrations/{registration.code}{tail}"


def sheet(data: bytes, name: str = "candidates.csv") -> dict[str, Any]:
    return {"sheet": (io.BytesIO(data), name)}


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.REVIEWER, Role.RATER, Role.PROCTOR])
def test_only_administrators_register(client: Client, registered: Registration, personas: Personas, role: Role) -> None:
    client.sign_in_as(personas.person(role))
    here = f"/administrations/{registered.administration_id}"
    gets = [
        f"{here}/register",
        f"{here}/sheet",
        url(registered),
        url(registered, "/withdraw"),
        url(registered, "/void"),
    ]
    posts = [
        f"{here}/register",
        f"{here}/sheet/confirm",
        url(registered, "/withdraw"),
        url(registered, "/accommodation"),
    ]
    assert {client.get(path).status_code for path in gets} == {403}
    assert {client.post(path).status_code for path in posts} == {403}


def test_the_page_shows_every_file_with_its_reasons(
    client: Client, spring: Administration, file: EndorsementFile, make_file: MakeFile, office: User
) -> None:
    not_yet = make_file(reviewed=None)
    client.sign_in_as(office)
    page = client.get(f"/administrations/{spring.id}/register").text
    assert page.count("May register") == 1
    assert "Level 2 of the portfolio review is not recorded as met" in page
    assert not_yet.number in page
    assert not_yet.number not in client.get(f"/administrations/{spring.id}/register?words=lucia").text


def test_a_candidate_is_registered_and_a_second_click_is_told_kindly(
    client: Client, db: Session, spring: Administration, file: EndorsementFile, office: User
) -> None:
    client.sign_in_as(office)
    here = f"/administrations/{spring.id}/register"
    first, second = (client.post(here, data={"file": file.number}, follow_redirects=True).text for _ in range(2))
    assert "is registered and is told by mail" in first
    assert "registered for this administration already" in second
    assert len(db.scalars(select(Registration)).all()) == 1


@pytest.mark.parametrize("number", ["", "EF-1999-0001"])
def test_a_file_that_does_not_exist_registers_nobody(
    client: Client, spring: Administration, office: User, number: str
) -> None:
    client.sign_in_as(office)
    page = client.post(f"/administrations/{spring.id}/register", data={"file": number}, follow_redirects=True)
    assert "Choose a file from the list" in page.text


def test_a_code_of_another_administration_is_not_found(
    client: Client, registered: Registration, fall: Administration, office: User
) -> None:
    client.sign_in_as(office)
    assert client.get(url(registered)).status_code == 200
    for tail in ("", "/withdraw", "/void", "/accommodation", "/accommodation/revoke"):
        assert client.get(f"/administrations/{fall.id}/registrations/{registered.code}{tail}").status_code == 404


def test_withdrawing_asks_first_and_happens_once(client: Client, registered: Registration, office: User) -> None:
    client.sign_in_as(office)
    assert "Withdraw Lucía Baca?" in client.get(url(registered, "/withdraw")).text
    assert "Withdrawn" in client.post(url(registered, "/withdraw"), follow_redirects=True).text
    assert client.post(url(registered, "/withdraw")).status_code == 409


def test_void_needs_its_reason(client: Client, registered: Registration, office: User) -> None:
    client.sign_in_as(office)
    assert client.post(url(registered, "/void"), data={"reason": " "}).status_code == 422
    page = client.post(url(registered, "/void"), data={"reason": "Copied <i>"}, follow_redirects=True).text
    assert "Copied &lt;i&gt;" in page
    assert client.post(url(registered, "/void"), data={"reason": "Again"}).status_code == 409


@pytest.mark.parametrize(
    ("data", "status", "shown"),
    [
        ({"choice": "1.5", "reason": "Letter"}, 302, "1.5 times"),
        ({"choice": "other", "other": "1.75", "reason": "Letter"}, 302, "1.75 times"),
        ({"choice": "1", "extra_minutes": "10", "reason": "Letter"}, 302, "10 minutes more"),
        ({"choice": "1", "break_minutes": "15", "reason": "Letter"}, 302, "15 minutes of breaks"),
        ({"choice": "1", "arrangements": "A room <b>", "reason": "Letter"}, 302, "A room &lt;b&gt;"),
        ({"choice": "1", "reason": "Letter"}, 422, "Grant something"),
        ({"choice": "1", "extra_minutes": "241", "reason": "Letter"}, 422, "Between 0 and 240"),
        ({"choice": "1", "break_minutes": "-1", "reason": "Letter"}, 422, "Between 0 and 240"),
        ({"choice": "1", "arrangements": "x" * 501, "reason": "Letter"}, 422, "under 500 characters"),
        ({"choice": "other", "reason": "Letter"}, 422, "Enter the factor"),
        ({"choice": "other", "other": "1", "reason": "Letter"}, 422, "above 1 and up to 3"),
        ({"choice": "other", "other": "3.5", "reason": "Letter"}, 422, "above 1 and up to 3"),
        ({"choice": "other", "other": "1.004", "reason": "Letter"}, 422, "above 1 and up to 3"),
        ({"choice": "9", "reason": "Letter"}, 422, "Not a valid choice"),
        ({"choice": "2", "reason": ""}, 422, "on what the accommodation rests"),
        ({"choice": "2", "reason": "x" * 1001}, 422, "under 1000 characters"),
    ],
)
def test_an_accommodation_is_granted_with_its_reason(
    client: Client, registered: Registration, office: User, data: dict[str, str], status: int, shown: str
) -> None:
    client.sign_in_as(office)
    page = client.post(url(registered, "/accommodation"), data=data)
    assert page.status_code == status
    assert shown in (client.get(url(registered)).text if status == 302 else page.text)


def test_an_accommodation_is_revoked_after_a_question_and_not_after_the_start(
    client: Client, db: Session, at: datetime, registered: Registration, office: User
) -> None:
    client.sign_in_as(office)
    client.post(url(registered, "/accommodation"), data={"choice": "2", "reason": "Letter"})
    assert "Revoke the accommodation" in client.get(url(registered, "/accommodation/revoke")).text
    assert (
        "None. Each part is taken under the usual conditions."
        in client.post(url(registered, "/accommodation/revoke"), follow_redirects=True).text
    )
    registered.started_at = at
    late = client.post(url(registered, "/accommodation"), data={"choice": "2", "reason": "Late"})
    assert "The first part has been started" in late.text


def test_another_grant_begins_with_what_is_in_force(client: Client, registered: Registration, office: User) -> None:
    client.sign_in_as(office)
    here = url(registered, "/accommodation")
    client.post(here, data={"choice": "other", "other": "1.75", "break_minutes": "15", "reason": "Letter"})
    page = client.get(here).text
    for words in ('<option selected value="other">', 'value="1.75"', 'value="15"'):
        assert words in page


def test_a_window_too_short_for_an_accommodation_is_pointed_out(
    client: Client, spring: Administration, registered: Registration, office: User
) -> None:
    client.sign_in_as(office)
    spring.closes_at = spring.opens_at + timedelta(hours=4)
    client.post(url(registered, "/accommodation"), data={"choice": "2", "reason": "Letter"})
    assert "needs more time than the window has" in client.get(url(registered)).text
    assert "than the window has: Lucía Baca." in client.get(f"/administrations/{spring.id}").text


def test_the_policys_notice_is_pointed_out(client: Client, registered: Registration, office: User) -> None:
    client.sign_in_as(office)
    assert "asks for requests 14 days before the opening" in client.get(url(registered, "/accommodation")).text


def test_a_sheet_is_checked_row_by_row_before_anybody_is_registered(
    client: Client, db: Session, spring: Administration, file: EndorsementFile, office: User
) -> None:
    client.sign_in_as(office)
    page = client.post(f"/administrations/{spring.id}/sheet", data=sheet(BAD_SHEET)).text
    assert "1 row cannot be registered" in page
    assert "Nobody has the address" in page
    assert "/sheet/confirm" not in page
    assert db.scalars(select(Registration)).all() == []


def test_a_good_sheet_is_confirmed_and_checked_anew(
    client: Client, db: Session, spring: Administration, file: EndorsementFile, office: User
) -> None:
    client.sign_in_as(office)
    page = client.post(f"/administrations/{spring.id}/sheet", data=sheet(GOOD_SHEET)).text
    assert "Register 1 candidate" in page
    here = f"/administrations/{spring.id}/sheet/confirm"
    done = client.post(here, data={"rows": GOOD_SHEET.decode()}, follow_redirects=True).text
    assert "1 candidate is registered." in done
    again = client.post(here, data={"rows": GOOD_SHEET.decode()}, follow_redirects=True).text
    assert "Nobody was registered, because these rows cannot be: 2" in again


@pytest.mark.parametrize("rows", ["", "nonsense", "email,level,track\n" + "a@b,3,\n" * 30_000])
def test_a_confirmation_that_no_page_sent_registers_nobody(
    client: Client, db: Session, spring: Administration, office: User, rows: str
) -> None:
    client.sign_in_as(office)
    assert client.post(f"/administrations/{spring.id}/sheet/confirm", data={"rows": rows}).status_code == 302
    assert db.scalars(select(Registration)).all() == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a file"),
        (sheet(b""), "Choose a file|is empty"),
        (sheet(b"name\nAna\n"), "no column email, level, track"),
        (sheet(b"\x00\x01", "a.xlsx"), "not a CSV or XLSX file"),
    ],
)
def test_what_is_no_sheet_is_refused_beside_the_field(
    client: Client, spring: Administration, office: User, data: dict[str, Any], sentence: str
) -> None:
    client.sign_in_as(office)
    fresh = {"sheet": (io.BytesIO(data["sheet"][0].getvalue()), data["sheet"][1])} if data else {}
    page = client.post(f"/administrations/{spring.id}/sheet", data=fresh)
    assert page.status_code == 422
    assert any(part in page.text for part in sentence.split("|"))


def test_an_example_sheet_can_be_downloaded(client: Client, office: User) -> None:
    client.sign_in_as(office)
    assert client.get("/administrations/sheet-example.csv").text.startswith("email,level,track")


def test_a_longer_list_of_files_asks_the_database_no_more(
    client: Client,
    db: Session,
    at: datetime,
    spring: Administration,
    fall: Administration,
    make_file: MakeFile,
    office: User,
) -> None:
    """Of files with a registration for another administration, and of retakers."""

    def open_files(count: int) -> None:
        for _ in range(count):
            factories.registration(db, at, make_file().user, fall, level=4, track="clinical")
            factories.registration(db, at, make_file(level=4, track="clinical").user, fall, started_at=at)

    client.sign_in_as(office)
    address = f"/administrations/{spring.id}/register"
    open_files(2)
    few = statements_for(client, address)
    open_files(4)
    assert statements_for(client, address) == few
