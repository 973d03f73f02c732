"""The pages of the competency framework."""

import pytest
from sqlalchemy.orm import Session

from question_bank.framework import current_framework
from tests.bank import Bank
from tests.personas import Client, Personas

pytestmark = pytest.mark.usefixtures("rules")
VERSION = {"version": "1", "effective_from": "2027-07-01", "reason": "The committee met in March."}


@pytest.fixture
def administrator(client: Client, personas: Personas) -> Client:
    client.sign_in_as(personas.administrator())
    return client


def thinking(db: Session) -> dict[str, str]:
    """What the page of the area Thinking posts when nothing is changed."""
    framework = current_framework(db)
    area = framework.area("thinking")
    assert area is not None
    labels = {f"term-{term.code}-{level}": term.labels[level] for term in area.terms for level in term.labels}
    kept = {f"statement-{c.code}": c.statement for c in framework.competencies if c.area == "thinking"}
    return {"title": "Thinking", **labels, **kept, **VERSION}


def test_everybody_signed_in_reads_the_framework(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.candidate())
    page = client.get("/framework").text
    assert "attachment, separation, trauma, grief &amp; loss" in page
    assert "to be confirmed by NMAIMH" in page
    assert "/framework/areas/" not in page
    assert "/bank/" not in page


def test_the_exam_committee_reaches_the_bank_from_it(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    assert "/bank/blueprints" in client.get("/framework").text


def test_a_change_is_a_new_version_with_a_comparison(administrator: Client, db: Session) -> None:
    change = {"term-judgment-3": "sound judgment", "new-term-0-4": "critical reading"}
    response = administrator.post("/framework/areas/thinking/edit", data={**thinking(db), **change})
    assert response.location == "/framework/versions/2"
    page = administrator.get("/framework/versions/2").text
    for text in ("exercising sound judgment", "sound judgment", "critical reading", "The committee met in March."):
        assert text in page
    assert "critical reading" in administrator.get("/framework").text


def test_a_removed_statement_is_shown_as_removed(administrator: Client, db: Session) -> None:
    administrator.post("/framework/areas/thinking/edit", data={**thinking(db), "statement-TH-01": ""})
    page = administrator.get("/framework/versions/2").text
    assert "Thinking, TH-01" in page
    assert "removed" in page


def test_a_term_in_use_cannot_be_removed(administrator: Client, db: Session, bank: Bank) -> None:
    bank.item("thinking", "judgment")
    page = administrator.post(
        "/framework/areas/thinking/edit", data={**thinking(db), "term-judgment-4": "", "reason": "Kept reason"}
    ).text
    assert "cannot be removed from Level 4: 1 items are about it" in page
    assert "Kept reason" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": ""}, "Say why, for those who ask later."),
        ({"effective_from": "soon"}, "Not a valid date value."),
        ({"title": ""}, "The area needs a title."),
        ({"term-judgment-4": "x" * 201}, "Use at most 200 characters."),
        ({"version": "0"}, "Somebody else saved version 1 meanwhile"),
        ({}, "Nothing was changed"),
    ],
)
def test_what_cannot_be_is_said(administrator: Client, db: Session, change: dict[str, str], sentence: str) -> None:
    assert sentence in administrator.post("/framework/areas/thinking/edit", data={**thinking(db), **change}).text


def test_a_level_is_confirmed(administrator: Client, db: Session) -> None:
    titles = {"title-3": "Infant Mental Health Specialist", "title-4": "Infant Mental Health Mentor"}
    marks = {"confirmed-3": "y", "confirmed-4": "y"}
    assert "The terms of Level 3 are confirmed" in administrator.get("/framework/levels/edit").text
    administrator.post("/framework/levels/edit", data={**titles, **marks, **VERSION})
    assert all(level.confirmed for level in current_framework(db).levels)
    assert "to be confirmed" not in administrator.get("/framework").text


def test_versions_are_listed_with_their_reasons(administrator: Client) -> None:
    assert "As shipped with the product." in administrator.get("/framework/versions").text
    assert "This is the first version" in administrator.get("/framework/versions/1").text


@pytest.mark.parametrize("path", ["/areas/thinking/edit", "/levels/edit"])
def test_only_administrators_change_the_framework(client: Client, personas: Personas, path: str) -> None:
    client.sign_in_as(personas.author())
    assert client.get(f"/framework{path}").status_code == 403
    assert client.post(f"/framework{path}").status_code == 403


def test_what_is_not_there_is_not_found(administrator: Client) -> None:
    assert administrator.get("/framework/areas/astrology/edit").status_code == 404
    assert administrator.get("/framework/versions/9").status_code == 404
    assert administrator.post("/framework").status_code == 405
