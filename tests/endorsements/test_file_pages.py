"""The pages of endorsement files: who may open them, what a form refuses, what is shown."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.endorsements.files import open_file
from examapp.endorsements.models import ComponentRecord, EndorsementFile
from question_bank import framework
from tests.endorsements.conftest import Record
from tests.personas import Client, Personas
from tests.statements import statements_for

PAGES = ["/files", "/files/open", "/files/EF-2027-0001/training/record"]
OWN_PAGES = ["/files/EF-2027-0001", "/files/EF-2027-0001/training"]


@pytest.mark.parametrize("path", [*PAGES, *OWN_PAGES, "/files/mine"])
def test_visitors_are_asked_to_sign_in(client: Client, file: EndorsementFile, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.REVIEWER, Role.RATER, Role.PROCTOR])
@pytest.mark.parametrize("path", PAGES)
def test_only_the_office_keeps_files(
    client: Client, file: EndorsementFile, personas: Personas, role: Role, path: str
) -> None:
    client.sign_in_as(personas.person(role))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", OWN_PAGES)
def test_a_file_is_its_candidates_and_the_offices(
    client: Client, file: EndorsementFile, candidate: User, keeper: User, personas: Personas, path: str
) -> None:
    for user, status in ((candidate, 200), (keeper, 200), (personas.candidate(), 404), (personas.rater(), 404)):
        client.sign_in_as(user)
        assert client.get(path).status_code == status


@pytest.mark.parametrize("path", [*PAGES, *OWN_PAGES])
def test_the_office_opens_every_page(client: Client, file: EndorsementFile, keeper: User, path: str) -> None:
    client.sign_in_as(keeper)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/files/EF-2027-9999",
        "/files/EF-2027-0001/unheard-of",
        "/files/EF-2027-9999/training/record",
        "/files/EF-2027-0001/unheard-of/record",
        "/files/EF-2027-0001/written-examination/record",
    ],
)
def test_what_does_not_exist_is_not_found(client: Client, file: EndorsementFile, keeper: User, path: str) -> None:
    client.sign_in_as(keeper)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/files", "/files/mine", "/files/EF-2027-0001", "/verify"])
def test_pages_that_only_show_take_no_posts(client: Client, file: EndorsementFile, keeper: User, path: str) -> None:
    client.sign_in_as(keeper)
    assert client.post(path).status_code == 405


def test_a_file_is_opened_and_shown(
    client: Client, db: Session, at: datetime, file: EndorsementFile, keeper: User, personas: Personas
) -> None:
    framework.load_default(db, at=at)
    client.sign_in_as(keeper)
    person = personas.candidate(name="Kim Tran")
    page = client.post("/files/open", data={"candidate": person.id, "place": "4/policy"}, follow_redirects=True)
    assert "The file EF-2027-0002 is open." in page.text
    assert "Level 4, Policy" in page.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose the candidate."),
        ({"candidate": "999999", "place": "3/"}, "Not a valid choice"),
        ({"candidate": "x", "place": "3/"}, "Invalid Choice"),
        ({"candidate": "own", "place": "3/clinical"}, "Not a valid choice"),
        ({"candidate": "own", "place": "3/"}, "has a file for this level and track already"),
    ],
)
def test_half_an_opening_is_refused_beside_the_form(
    client: Client, file: EndorsementFile, keeper: User, data: dict[str, str], sentence: str
) -> None:
    client.sign_in_as(keeper)
    values = {name: str(file.user_id) if value == "own" else value for name, value in data.items()}
    page = client.post("/files/open", data=values)
    assert page.status_code == 422
    assert sentence in page.text


def test_a_second_click_on_open_is_told_kindly(
    client: Client, file: EndorsementFile, keeper: User, personas: Personas
) -> None:
    client.sign_in_as(keeper)
    data = {"candidate": personas.candidate().id, "place": "3/"}
    assert [client.post("/files/open", data=data).status_code for _ in range(2)] == [302, 422]


def test_a_requirement_is_recorded_with_its_verifier(
    client: Client, db: Session, file: EndorsementFile, keeper: User, personas: Personas
) -> None:
    reviewer = personas.reviewer(name="Ana Chee")
    client.sign_in_as(keeper)
    data = {"state": "met", "occurred_on": "2027-03-01", "verifier_id": reviewer.id, "evidence": "Read twice <b>"}
    page = client.post("/files/EF-2027-0001/portfolio-review-1/record", data=data, follow_redirects=True)
    assert "is recorded" in page.text
    assert db.scalars(select(ComponentRecord.verified_by)).all() == ["Ana Chee"]
    assert "Read twice &lt;b&gt;" in client.get("/files/EF-2027-0001/portfolio-review-1").text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"state": "met", "amount": "12"}, "Give the date"),
        ({"state": "met", "amount": "12", "occurred_on": "2027-03-01", "verified_by": "A"}, "The requirement is 30"),
        ({"state": "met", "amount": "many"}, "Not a valid decimal value"),
        ({"state": "met", "amount": "-3"}, "Enter a number from 0 to 9999"),
        ({"state": "passed"}, "Not a valid choice"),
        ({"state": "in_progress", "occurred_on": "tomorrow"}, "Not a valid date value"),
        ({"state": "in_progress", "evidence": "x" * 4001}, "under 4000 characters"),
        ({"state": "in_progress", "verifier_id": "999999"}, "Not a valid choice"),
    ],
)  # fmt: skip
def test_half_a_record_keeps_what_was_typed(
    client: Client, file: EndorsementFile, keeper: User, data: dict[str, str], sentence: str
) -> None:
    client.sign_in_as(keeper)
    page = client.post("/files/EF-2027-0001/training/record", data={"verifier_id": "0", **data})
    assert page.status_code == 422
    assert sentence in page.text
    assert data.get("amount", "") in page.text


def test_the_form_for_the_written_examination_does_not_exist(
    client: Client, file: EndorsementFile, keeper: User
) -> None:
    client.sign_in_as(keeper)
    posted = client.post("/files/EF-2027-0001/written-examination/record", data={"state": "met"})
    assert posted.status_code == 404
    page = client.get("/files/EF-2027-0001").text
    assert "/written-examination/record" not in page
    assert "Released results only" in page


def test_an_administrator_who_is_also_a_candidate_only_reads_their_own_file(
    client: Client, db: Session, file: EndorsementFile, candidate: User, personas: Personas
) -> None:
    both = personas.person(Role.CANDIDATE, Role.ADMINISTRATOR)
    file.user_id = both.id
    client.sign_in_as(both)
    assert "/training/record" not in client.get("/files/EF-2027-0001").text
    data = {"state": "in_progress", "verifier_id": "0"}
    assert (
        "Nobody records in their own endorsement file"
        in client.post("/files/EF-2027-0001/training/record", data=data).text
    )


def test_candidates_find_their_files_and_their_way(
    client: Client, file: EndorsementFile, candidate: User, personas: Personas, record: Record
) -> None:
    record("portfolio-review-1", verified_by="Ana Chee")
    client.sign_in_as(candidate)
    page = client.get("/files/mine").text
    assert "EF-2027-0001" in page
    assert "Ana Chee" in page
    assert "/record" not in page
    client.sign_in_as(personas.candidate())
    assert "You have no endorsement file yet" in client.get("/files/mine").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=baca", True),
        ("words=zzz", False),
        ("place=4/policy", False),
        ("place=3/", True),
        ("place=nonsense", True),
        ("page=-4", True),
        ("page=x", True),
    ],
)
def test_the_list_is_searched(client: Client, file: EndorsementFile, keeper: User, query: str, found: bool) -> None:
    client.sign_in_as(keeper)
    page = client.get(f"/files?{query}")
    assert page.status_code == 200
    assert ("EF-2027-0001" in page.text) is found


def test_a_site_without_requirements_says_so(client: Client, keeper: User) -> None:
    client.sign_in_as(keeper)
    assert "No requirements are in force yet" in client.get("/requirements").text


def test_a_longer_list_of_files_asks_the_database_no_more(
    client: Client, db: Session, at: datetime, file: EndorsementFile, keeper: User, personas: Personas
) -> None:
    client.sign_in_as(keeper)
    counts = []
    for more in (2, 9):
        for _ in range(more):
            open_file(db, personas.candidate(), 4, "policy", by=keeper.id, at=at)
        counts.append(statements_for(client, "/files"))
    assert counts[0] == counts[1]
