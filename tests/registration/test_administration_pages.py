"""The pages of administrations: who may open them, and what their forms refuse."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration
from examapp.registration.registrations import register
from question_bank import exam_policy
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms import ExamForm, FormPurpose
from tests import factories
from tests.personas import Client, Personas


@pytest.fixture
def sealed(db: Session, at: datetime, office: User) -> str:
    """The digest of a sealed form with the title “Form A”."""
    blueprint = ExamBlueprint(title="Shipped", levels=[3, 4], created_at=at)
    db.add(blueprint)
    db.flush()
    digest = factories.whole_form(db, at).sha256
    form = ExamForm(
        title="Form A", purpose=FormPurpose.EXAM, blueprint_id=blueprint.id, seed=1, created_at=at, sealed_at=at,
        policy_id=exam_policy.load_default(db, at=at).id, differs_from=[], sealed_sha256=digest, sealed_by_id=office.id,
    )  # fmt: skip
    db.add(form)
    db.flush()
    return digest


def typed(digest: str, **values: Any) -> dict[str, Any]:
    usual = {"title": "Fall 2027", "time_zone": "America/Denver", "form_sha256": digest}
    return {**usual, "opens_at": "2027-10-01T09:00", "closes_at": "2027-10-01T17:00", **values}


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.REVIEWER, Role.RATER, Role.PROCTOR])
def test_only_administrators_manage_administrations(
    client: Client, spring: Administration, personas: Personas, role: Role
) -> None:
    client.sign_in_as(personas.person(role))
    here = f"/administrations/{spring.id}"
    for path in ("/administrations", "/administrations/open", here, f"{here}/change", f"{here}/cancel"):
        assert client.get(path).status_code == 403
    assert client.post(f"{here}/cancel").status_code == 403


@pytest.mark.parametrize("path", ["", "/change", "/cancel", "/register", "/sheet", "/registrations/R-NONE"])
def test_an_administration_that_does_not_exist_is_not_found(client: Client, office: User, path: str) -> None:
    client.sign_in_as(office)
    assert client.get(f"/administrations/999{path}").status_code == 404


def test_an_administration_is_announced_in_its_own_time_zone(
    client: Client, db: Session, sealed: str, office: User
) -> None:
    client.sign_in_as(office)
    data = typed(sealed, time_zone="America/New_York", proctored="y")
    page = client.post("/administrations/open", data=data, follow_redirects=True).text
    assert "“Fall 2027” is announced." in page
    assert "Form A" in page
    made = db.scalars(select(Administration)).one()
    assert (made.opens_at.isoformat(), made.proctored) == ("2027-10-01T13:00:00+00:00", True)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": " "}, "Give it a title"),
        ({"title": "x" * 201}, "under 200 characters"),
        ({"opens_at": ""}, "Give the date and time it opens"),
        ({"closes_at": "soon"}, "Not a valid datetime value"),
        ({"closes_at": "2027-10-01T09:00"}, "must close after it opens"),
        ({"opens_at": "2027-03-01T09:00", "closes_at": "2027-03-01T17:00"}, "over already"),
        ({"opens_at": "2028-03-12T02:30", "closes_at": "2028-03-12T09:00"}, "does not exist in this time zone"),
        ({"opens_at": "2027-11-07T01:30", "closes_at": "2027-11-07T09:00"}, "happens twice in this time zone"),
        ({"form_sha256": "f" * 64}, "Not a valid choice"),
        ({"time_zone": "Europe/Paris"}, "Not a valid choice"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused_with_the_form_filled(
    client: Client, db: Session, sealed: str, office: User, values: dict[str, str], sentence: str
) -> None:
    client.sign_in_as(office)
    page = client.post("/administrations/open", data=typed(sealed, **values))
    assert page.status_code == 422
    assert sentence in page.text
    assert db.scalars(select(Administration)).all() == []


def test_announcing_twice_is_told_kindly(client: Client, sealed: str, office: User) -> None:
    client.sign_in_as(office)
    statuses = [client.post("/administrations/open", data=typed(sealed)).status_code for _ in range(2)]
    assert statuses == [302, 422]


def test_without_a_sealed_form_the_page_says_what_comes_first(client: Client, office: User) -> None:
    client.sign_in_as(office)
    assert "No form is sealed yet" in client.get("/administrations/open").text
    assert "No administrations yet" in client.get("/administrations").text


def change_form(page: str, **values: str) -> dict[str, str]:
    seen = page.split('name="seen" type="hidden" value="')[1].split('"', maxsplit=1)[0]
    usual = {"title": "Spring 2027", "time_zone": "America/Denver", "opens_at": "2027-03-26T10:00"}
    return {"seen": seen, **usual, "closes_at": "2027-03-26T18:00", **values}


def test_the_window_is_changed_and_a_stale_page_refused(
    client: Client, db: Session, spring: Administration, office: User
) -> None:
    client.sign_in_as(office)
    here = f"/administrations/{spring.id}/change"
    data = change_form(client.get(here).text)
    assert client.post(here, data=data).status_code == 302
    stale = client.post(here, data={**data, "title": "Other"})
    assert stale.status_code == 422
    assert "while you had this page open" in stale.text


def test_after_a_start_the_window_is_neither_offered_nor_changed(
    client: Client, db: Session, at: datetime, spring: Administration, file: EndorsementFile, office: User
) -> None:
    client.sign_in_as(office)
    here = f"/administrations/{spring.id}"
    data = change_form(client.get(f"{here}/change").text)
    register(db, spring, file, by=office.id, at=at).started_at = at
    assert f"{here}/change" not in client.get(here).text
    assert "has started" in client.post(f"{here}/change", data=data).text
    assert client.post(f"{here}/cancel").status_code == 409


def test_cancelling_asks_first(client: Client, spring: Administration, office: User) -> None:
    client.sign_in_as(office)
    here = f"/administrations/{spring.id}/cancel"
    assert "Cancel “Spring 2027”?" in client.get(here).text
    assert "is cancelled" in client.post(here, follow_redirects=True).text
    assert client.post(here).status_code == 409


def test_the_list_puts_each_where_it_belongs(
    client: Client, db: Session, at: datetime, spring: Administration, office: User
) -> None:
    factories.administration(db, at, office, title="Running now")
    client.sign_in_as(office)
    page = client.get("/administrations").text
    assert page.index("Running now") < page.index("Spring 2027")
    assert (
        "administration without candidates" in client.get("/").text
        or "administrations without candidates" in client.get("/").text
    )
