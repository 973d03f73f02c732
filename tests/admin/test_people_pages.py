"""The people pages: who may, what they show, and what is refused."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts import invitations, sign_in
from examapp.accounts.models import OutboxMail, Role, SignIn, User
from tests.conftest import SETTINGS
from tests.personas import Client, Personas

FORM = {"email": "new@example.org", "name": "New Person", "roles": ["rater", "author"], "locale": "es",
        "time_zone": "America/Chicago"}  # fmt: skip


@pytest.fixture
def administrator(client: Client, personas: Personas) -> User:
    user = personas.administrator(name="Rosalind Okafor", email="rosalind@example.org")
    client.sign_in_as(user)
    return user


def invited(db: Session, at: datetime) -> User:
    return invitations.invite(
        db, email="new@example.org", name="New Person", roles={Role.RATER}, locale="en",
        time_zone="America/Denver", config=SETTINGS, by=None, at=at,
    )  # fmt: skip


def form_of(user: User, **values: object) -> dict[str, object]:
    roles = [role.value for role in user.roles]
    return {
        "email": user.email,
        "name": user.name,
        "roles": roles,
        "locale": user.locale,
        "time_zone": user.time_zone,
        **values,
    }


FILTERS = [
    ("", {"Rosalind", "Zoe", "Gone"}),
    ("?words=ZO", {"Zoe"}),
    ("?words=zoe@ex", {"Zoe"}),
    ("?role=rater", {"Zoe", "Gone"}),
    ("?role=rater&state=deactivated", {"Gone"}),
    ("?state=invited", {"Rosalind", "Zoe"}),
    ("?role=nonsense&state=nonsense&page=99", {"Rosalind", "Zoe", "Gone"}),
    ("?words=100%25", set()),
]


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(("query", "names"), FILTERS)
def test_people_are_found_by_name_address_role_and_state(
    client: Client, personas: Personas, at: datetime, query: str, names: set[str]
) -> None:
    personas.rater(name="Zoe", email="zoe@example.org")
    personas.rater(name="Gone", deactivated_at=at)
    page = client.get("/people" + query).text.partition('id="people"')[2]
    assert {name for name in ("Rosalind", "Zoe", "Gone") if name in page} == names
    assert ("Nobody matches" in page) is (not names)


@pytest.mark.usefixtures("administrator")
def test_a_long_list_has_pages(client: Client, personas: Personas) -> None:
    for number in range(30):
        personas.candidate(name=f"Candidate {number:02d}")
    assert "Page 1 of 2, 31 in all" in client.get("/people?words=").text
    assert "Candidate 29" in client.get("/people?page=2").text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_keep_people(client: Client, personas: Personas, role: Role) -> None:
    user = personas.person(role)
    client.sign_in_as(user)
    assert client.get("/people").status_code == 403
    assert client.post(f"/people/{user.id}/edit", data=form_of(user, roles=["administrator"])).status_code == 403
    assert user.roles == {role}


def test_inviting_makes_an_account_and_sends_a_mail(client: Client, administrator: User, db: Session) -> None:
    answer = client.post("/people/invite", data=FORM)
    user = db.scalars(select(User).where(User.email == "new@example.org")).one()
    assert answer.location == f"/people/{user.id}"
    assert (user.roles, user.locale, user.time_zone) == ({Role.RATER, Role.AUTHOR}, "es", "America/Chicago")
    assert db.scalars(select(OutboxMail.recipient)).all() == ["new@example.org"]
    assert "New Person is invited" in client.get(answer.location).text


WRONG = [
    ({"email": "no address"}, "email"),
    ({"email": "rosalind@EXAMPLE.org"}, "email"),
    ({"name": " "}, "name"),
    ({"roles": []}, "roles"),
    ({"roles": ["emperor"]}, "roles"),
    ({"time_zone": "Mars"}, "time_zone"),
]


@pytest.mark.parametrize(("values", "field"), WRONG)
def test_an_invitation_that_is_wrong_keeps_what_was_typed(
    client: Client, administrator: User, db: Session, values: dict[str, object], field: str
) -> None:
    answer = client.post("/people/invite", data={**FORM, **values})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="New Person"' in answer.text or field == "name"
    assert len(db.scalars(select(User)).all()) == 1


@pytest.mark.usefixtures("administrator")
def test_sending_an_invitation_form_twice_makes_one_account(client: Client, db: Session) -> None:
    assert client.post("/people/invite", data=FORM).status_code == 302
    assert "has an account already" in client.post("/people/invite", data=FORM).text
    assert len(db.scalars(select(OutboxMail)).all()) == 1


@pytest.mark.usefixtures("administrator")
def test_the_page_of_a_person_tells_how_the_invitation_stands(
    client: Client, db: Session, at: datetime, time_machine: TimeMachineFixture
) -> None:
    user = invited(db, at)
    assert "Works until" in client.get(f"/people/{user.id}").text
    time_machine.shift(timedelta(hours=72))
    client.sign_in_as(db.scalars(select(User).where(User.name == "Rosalind Okafor")).one())
    assert "Expired unused" in client.get(f"/people/{user.id}").text


@pytest.mark.usefixtures("administrator")
def test_an_invitation_is_sent_again_until_it_is_accepted(client: Client, db: Session, at: datetime) -> None:
    user = invited(db, at)
    assert client.post(f"/people/{user.id}/invitation").location == f"/people/{user.id}"
    assert len(db.scalars(select(OutboxMail)).all()) == 2
    user.password_hash = "argon"
    assert client.post(f"/people/{user.id}/invitation").status_code == 409


def test_name_and_roles_are_changed(client: Client, administrator: User, personas: Personas) -> None:
    user = personas.rater(name="Ana")
    assert "Ana" in client.get(f"/people/{user.id}/edit").text
    answer = client.post(f"/people/{user.id}/edit", data=form_of(user, name="Ana Baca", roles=["author", "proctor"]))
    assert answer.location == f"/people/{user.id}"
    assert (user.name, user.roles) == ("Ana Baca", {Role.AUTHOR, Role.PROCTOR})


def test_an_administrator_keeps_the_own_role(client: Client, administrator: User, personas: Personas) -> None:
    personas.administrator()
    answer = client.post(f"/people/{administrator.id}/edit", data=form_of(administrator, roles=["rater"]))
    assert answer.status_code == 422
    assert "cannot take the administrator role from yourself" in answer.text
    assert administrator.roles == {Role.ADMINISTRATOR}


def test_deactivating_asks_first_and_is_undone_by_reactivating(
    client: Client, administrator: User, personas: Personas
) -> None:
    user = personas.rater()
    assert "What happens then" in client.get(f"/people/{user.id}/deactivate").text
    assert user.is_active
    assert client.post(f"/people/{user.id}/deactivate").location == f"/people/{user.id}"
    assert not user.is_active
    assert client.post(f"/people/{user.id}/deactivate").status_code == 409
    assert client.post(f"/people/{user.id}/reactivate").location == f"/people/{user.id}"
    assert user.is_active
    assert client.post(f"/people/{user.id}/reactivate").status_code == 409


def test_nobody_deactivates_themselves(client: Client, administrator: User, personas: Personas) -> None:
    personas.administrator()
    assert client.post(f"/people/{administrator.id}/deactivate").status_code == 409
    assert administrator.is_active


def test_a_browser_of_somebody_is_signed_out(
    client: Client, administrator: User, personas: Personas, db: Session, at: datetime
) -> None:
    user, other = personas.rater(), personas.rater()
    sign_in.start(db, user, address="192.0.2.7", browser="Firefox/145.0", at=at)
    row = db.scalars(select(SignIn).where(SignIn.user_id == user.id)).one()
    assert "192.0.2.7" in client.get(f"/people/{user.id}").text
    assert client.post(f"/people/{other.id}/sign-ins/{row.id}/end").status_code == 404
    assert client.post(f"/people/{user.id}/sign-ins/{row.id}/end").status_code == 302
    assert row.revoked_at is not None


ACTIONS = ["invitation", "reactivate", "sign-ins/1/end"]


@pytest.mark.usefixtures("administrator")
def test_who_does_not_exist_is_not_found(client: Client) -> None:
    assert [client.get(f"/people/999{page}").status_code for page in ("", "/edit", "/deactivate")] == [404] * 3
    assert [client.post(f"/people/999/{action}").status_code for action in ACTIONS] == [404] * 3


@pytest.mark.parametrize("action", ACTIONS)
def test_what_changes_something_needs_a_post(client: Client, administrator: User, action: str) -> None:
    assert client.get(f"/people/{administrator.id}/{action}").status_code == 405
