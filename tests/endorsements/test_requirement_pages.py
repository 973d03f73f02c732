"""The pages of the requirements: everybody reads, administrators change by fields, versions are compared."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.endorsements.requirements import default_requirements, load_default, requirements_of
from question_bank import rule_documents
from question_bank.framework import Track, default_framework, save_framework
from question_bank.rule_documents import DocumentKind, RuleDocument
from tests.personas import Client, Personas

LEVEL_3 = default_requirements().table_for(3, "")
CHANGE = "/requirements/change?place=3/"


@pytest.fixture(autouse=True)
def shipped(db: Session, at: datetime) -> None:
    load_default(db, at=at)


def filled(**changed: Any) -> dict[str, Any]:
    """What the page posts when nothing was edited, with changes such as ``rows-1-amount=45``."""
    values: dict[str, Any] = {"based_on": "1", "effective_from": "2027-07-01", "reason": "Board meeting"}
    for number, row in enumerate(LEVEL_3.requirements):
        values |= {
            f"rows-{number}-{name}": getattr(row, name) for name in ("code", "title", "kind", "unit", "who", "help")
        }
        values |= {f"rows-{number}-position": number + 1}
        values |= {f"rows-{number}-amount": row.amount} if row.amount else {}
        values |= {f"rows-{number}-optional": "y"} if row.optional else {}
    return values | {name.replace("_", "-"): value for name, value in changed.items() if name.startswith("rows")} | {
        name: value for name, value in changed.items() if not name.startswith("rows")
    }  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_and_administrators_change(client: Client, personas: Personas, role: Role) -> None:
    client.sign_in_as(personas.person(role))
    for path in ("/requirements", "/requirements?place=4/policy", "/requirements/versions", "/requirements/versions/1"):
        assert client.get(path).status_code == 200
    assert client.get("/requirements/change").status_code == (200 if role == Role.ADMINISTRATOR else 403)


@pytest.mark.parametrize(
    "path",
    ["/requirements?place=5/", "/requirements?place=x", "/requirements/versions/9", "/requirements/change?place=3/x"],
)
def test_unknown_levels_and_versions_are_not_found(client: Client, keeper: User, path: str) -> None:
    client.sign_in_as(keeper)
    assert client.get(path).status_code == 404


def test_a_change_of_rows_makes_a_version_with_a_comparison(client: Client, db: Session, keeper: User) -> None:
    client.sign_in_as(keeper)
    added = {"rows_17_title": "Background check", "rows_17_kind": "document", "rows_17_position": "2"}
    changed = filled(rows_1_amount="45", rows_8_remove="y", rows_10_title="Membership", **added)
    page = client.post(CHANGE, data=changed, follow_redirects=True).text
    assert "Version 2 of the requirements is saved." in page
    assert all(
        text in page
        for text in ("Background check", "Added", "Endorsement agreement", "Removed", "45", "Board meeting")
    )
    table = requirements_of(db.scalars(select(RuleDocument).where(RuleDocument.version == 2)).one()).table_for(3, "")
    assert [row.title for row in table.requirements[:3]] == [
        "Education",
        "Relationship-based training",
        "Background check",
    ]
    assert table.requirement("code-of-ethics") is not None
    assert table.requirement("agreement") is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "Nothing differs"),
        ({"reason": "  "}, "Write down why the rules change"),
        ({"effective_from": ""}, "Give the day from which"),
        ({"rows_1_amount": ""}, "say how much is needed"),
        ({"rows_1_amount": "0"}, "greater than 0"),
        ({"rows_1_unit": ""}, "an amount needs a unit"),
        ({"rows_11_remove": "y"}, "stay as they are"),
        ({"rows_0_kind": "written_examination"}, "Not a valid choice"),
        ({"rows_0_code": "training"}, "used twice"),
        ({"rows_0_title": "x" * 300}, "under 200 characters"),
        ({"based_on": "0", "rows_1_amount": "45"}, "while you had this page open"),
        ({"based_on": "x", "rows_1_amount": "45"}, "while you had this page open"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_with_the_form_filled(
    client: Client, db: Session, keeper: User, changed: dict[str, Any], sentence: str
) -> None:
    client.sign_in_as(keeper)
    same_day = {"effective_from": "2025-01-01"} if not changed else {}
    page = client.post(CHANGE, data=filled(**{**same_day, **changed}))
    assert page.status_code == 422
    assert sentence in page.text
    assert "Reflective supervision or consultation" in page.text
    newest = rule_documents.newest(db, DocumentKind.REQUIREMENTS)
    assert newest is not None
    assert newest.version == 1


def test_a_version_of_a_later_day_is_announced_and_not_yet_shown(client: Client, keeper: User) -> None:
    client.sign_in_as(keeper)
    client.post(CHANGE, data=filled(rows_1_amount="45"))
    page = client.get("/requirements").text
    assert "Version 2 applies from" in page
    assert "30 clock hours" in page


def test_a_new_track_gets_its_requirements(client: Client, db: Session, keeper: User, at: datetime) -> None:
    shipped = default_framework()
    tracks = [*shipped.tracks, Track(code="early-education", level=4, title="Early Education")]
    framework = shipped.model_copy(update={"tracks": tracks})
    save_framework(db, framework, effective_from=at.date(), note="Decided.", by=keeper.id, at=at)
    client.sign_in_as(keeper)
    place = "place=4/early-education"
    assert "No requirements yet" in client.get(f"/requirements?{place}").text
    assert "Reflective supervision or consultation" in client.get(f"/requirements/change?{place}").text
    client.post(f"/requirements/change?{place}", data=filled())
    newest = rule_documents.newest(db, DocumentKind.REQUIREMENTS)
    assert newest is not None
    assert requirements_of(newest).table_for(4, "early-education").requirements == LEVEL_3.requirements
