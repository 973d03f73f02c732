"""The home page: for visitors, and for each role what is waiting."""

import ast
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from examapp.accounts import invitations
from examapp.accounts.models import OutboxMail, Role
from examapp.accounts.outbox import write_mail
from examapp.admin.views.home import PLACES, WAITING
from examapp.shell import NAVIGATION
from tests.conftest import SETTINGS
from tests.personas import Client, Personas

ROOT = Path(__file__).parent.parent.parent


def test_a_visitor_reads_what_this_is(client: Client) -> None:
    page = client.get("/").text
    assert "How the examination works" in page
    assert "Waiting for you" not in page


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_home(client: Client, personas: Personas, role: Role) -> None:
    user = personas.person(role, name="Ana Baca")
    client.sign_in_as(user)
    page = client.get("/").text
    assert "Welcome, Ana Baca" in page
    assert "Where you can go" in page


def test_every_place_of_the_navigation_says_what_it_is_for() -> None:
    assert {entry.endpoint for entry in NAVIGATION} - {"admin.home"} == set(PLACES)


def test_the_home_page_asks_every_feature_that_has_something_waiting() -> None:
    functions = [
        node
        for path in ROOT.glob("examapp/*/views/**/*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "waiting"
    ]
    files = [node for path in ROOT.glob("examapp/*/views.py") for node in ast.parse(path.read_text()).body]
    functions += [node for node in files if isinstance(node, ast.FunctionDef) and node.name == "waiting"]
    assert len(functions) == len(WAITING)


def test_where_nothing_waits_it_says_so(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.proctor())
    assert "Nothing is waiting for you" in client.get("/").text


def test_expired_invitations_and_mails_that_failed_wait_for_administrators(
    client: Client, personas: Personas, db: Session, at: datetime
) -> None:
    invitations.invite(
        db, email="new@example.org", name="New", roles={Role.RATER}, locale="en", time_zone="America/Denver",
        config=SETTINGS, by=None, at=at - timedelta(days=4),
    )  # fmt: skip
    write_mail(db, personas.rater(), subject="…", body="…", at=at)
    db.execute(update(OutboxMail).where(OutboxMail.subject == "…").values(due_at=None))
    client.sign_in_as(personas.administrator())
    page = client.get("/").text
    assert "1 invitation has expired unused" in page
    assert "1 mail could not be delivered" in page
    client.sign_in_as(personas.rater())
    assert "invitation" not in client.get("/").text.partition("<main")[2]


def test_the_rules_page_leads_to_every_kind_of_rule(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.administrator())
    page = client.get("/rules").text
    for address in ("/policies", "/requirements", "/framework"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    client.sign_in_as(personas.author())
    assert client.get("/rules").status_code == 403
