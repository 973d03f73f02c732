"""The pages of the competency framework."""

from typing import Any

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


def thinking(db: Session) -> dict[str, Any]:
    """What the page of the area Thinking posts when nothing is changed."""
    framework = current_framework(db)
    area = framework.area("thinking")
    assert area is not None
    labels = {f"term-{term.code}-{level}": term.labels[level] for term in area.terms for level in term.labels}
    kept = {f"statement-{c.code}": c.statement for c in framework.competencies if c.area == "thinking"}
    what = {"title": "Thinking", "kind": area.kind, "responsibility_codes": area.responsibility_codes}
    return {**what, **labels, **kept, **VERSION}


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


def test_a_comparison_speaks_the_language_of_its_reader(administrator: Client, db: Session) -> None:
    administrator.post("/language", data={"locale": "es"})
    titles = {"title-3": "Especialista", "title-4": "Infant Mental Health Mentor"}
    administrator.post("/framework/levels/edit", data={**titles, "confirmed-3": "y", "confirmed-4": "y", **VERSION})
    administrator.post(
        "/framework/areas/thinking/edit", data={**thinking(db), "version": "2", "kind": "knowledge", "answer": "remove"}
    )
    levels, area = (administrator.get(f"/framework/versions/{number}").text for number in (2, 3))
    assert "<del>por confirmar por NMAIMH</del>" in levels
    assert "Nivel 3" in levels
    assert "<ins>Áreas de conocimiento</ins>" in area
    for english in ("Level 3", "to be confirmed", "Thinking", "skill"):
        assert english not in levels + area


def test_a_removed_statement_is_shown_as_removed(administrator: Client, db: Session) -> None:
    change = {**thinking(db), "statement-TH-01": "", "answer": "remove"}
    administrator.post("/framework/areas/thinking/edit", data=change)
    page = administrator.get("/framework/versions/2").text
    assert "Thinking, TH-01" in page
    assert "removed" in page


def test_a_term_in_use_cannot_be_removed(administrator: Client, db: Session, bank: Bank) -> None:
    bank.item("thinking", "judgment")
    page = administrator.post(
        "/framework/areas/thinking/edit", data={**thinking(db), "term-judgment-4": "", "reason": "Kept reason"}
    ).text
    assert "cannot be removed. Items that use it: 1 (TH-0001)" in page
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


PATHS = ("/areas/thinking/edit", "/areas/new", "/areas/thinking/remove", "/levels/edit", "/tracks/edit", "/codes/edit")


@pytest.mark.parametrize("path", PATHS)
def test_only_administrators_change_the_framework(client: Client, personas: Personas, path: str) -> None:
    client.sign_in_as(personas.author())
    assert client.get(f"/framework{path}").status_code == 403
    assert client.post(f"/framework{path}").status_code == 403


def test_what_is_not_there_is_not_found(administrator: Client) -> None:
    assert administrator.get("/framework/areas/astrology/edit").status_code == 404
    assert administrator.get("/framework/areas/astrology/remove").status_code == 404
    assert administrator.get("/framework/versions/9").status_code == 404
    assert administrator.post("/framework").status_code == 405


# Adding and removing


PLAY = {
    "title": "Play and Joy", "prefix": "pj", "kind": "knowledge", "responsibility_codes": ["C"],
    "new-term-0-3": "play", "new-term-0-4": "play in families", **VERSION,
}  # fmt: skip
TRACKS = {"title-clinical": "Clinical", "title-policy": "Policy", "title-research_faculty": "Research Faculty"}
CODES = {
    "title-C": "Core responsibilities", "title-S": "Clinical supervision, consultation and training",
    "title-T": "Teaching, research and evaluation", "title-P": "Policy and program administration",
}  # fmt: skip


def test_an_area_is_added(administrator: Client, db: Session) -> None:
    response = administrator.post("/framework/areas/new", data=PLAY)
    assert response.location == "/framework/versions/2"
    added = current_framework(db).areas[-1]
    assert (added.title, added.prefix, [term.code for term in added.terms]) == (
        "Play and Joy",
        "PJ",
        ["play-in-families"],
    )
    assert "Play and Joy" in administrator.get("/framework").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"prefix": "TH"}, "The letters TH belong to “Thinking”. Choose two others."),
        ({"prefix": "P1"}, "Write two letters from A to Z."),
        ({"title": "Thinking"}, "There is an area called “Thinking” already."),
        ({"new-term-0-3": "", "new-term-0-4": ""}, "Play and Joy needs at least one term."),
        ({"kind": ""}, "Choose one."),
        ({"reason": ""}, "Say why, for those who ask later."),
    ],
)
def test_an_area_that_cannot_be_is_refused(administrator: Client, change: dict[str, str], sentence: str) -> None:
    page = administrator.post("/framework/areas/new", data={**PLAY, **change}).text
    assert sentence in page
    assert 'value="play in families"' in page or "new-term-0-4" in change


def test_removing_an_area_asks_first(administrator: Client, db: Session) -> None:
    page = administrator.get("/framework/areas/administration/remove").text
    assert "Remove Administration from the framework?" in page
    assert "Its 4 terms go with it." in page
    assert current_framework(db).area("administration")
    administrator.post("/framework/areas/administration/remove", data=VERSION)
    assert current_framework(db).area("administration") is None


def test_an_area_in_use_is_not_removed(administrator: Client, db: Session, bank: Bank) -> None:
    bank.item("administration", "program-funding", levels=[4])
    for method in ("GET", "POST"):
        address = "/framework/areas/administration/remove"
        page = administrator.open(address, method=method, data=VERSION, follow_redirects=True).text
        assert "Items that use it: 1 (AD-0001). Change or retire them first." in page
    assert current_framework(db).area("administration")


def test_removing_a_term_asks_first_and_keeps_what_was_typed(administrator: Client, db: Session) -> None:
    change = {**thinking(db), "term-judgment-3": "", "new-term-0-4": "critical reading"}
    page = administrator.post("/framework/areas/thinking/edit", data=change).text
    assert "Remove this from the framework?" in page
    assert "exercising sound judgment" in page
    assert 'name="new-term-0-4" value="critical reading"' in page
    back = administrator.post("/framework/areas/thinking/edit", data={**change, "answer": "back"}).text
    assert 'value="critical reading"' in back
    assert current_framework(db).term_label("thinking", "judgment", 3) == "exercising sound judgment"
    administrator.post("/framework/areas/thinking/edit", data={**change, "answer": "remove"})
    assert 3 not in current_framework(db).area("thinking").term("judgment").labels  # type: ignore[union-attr]


def test_tracks_are_renamed_and_added(administrator: Client, db: Session) -> None:
    change = {"title-clinical": "Clinical Mentor", "new-title-0": "Early Education", "new-code-0": "4"}
    administrator.post("/framework/tracks/edit", data={**TRACKS, **change, "new-code-1": "4", **VERSION})
    titles = [track.title for track in current_framework(db).tracks]
    assert titles == ["Clinical Mentor", "Policy", "Research Faculty", "Early Education"]
    assert "Clinical Mentor" in administrator.get("/framework").text


def test_a_track_in_the_exam_policy_is_not_removed(administrator: Client) -> None:
    change = {"title-policy": "", "new-code-0": "4", "new-code-1": "4", "answer": "remove"}
    page = administrator.post("/framework/tracks/edit", data={**TRACKS, **change, **VERSION}).text
    assert "“Policy” cannot be removed: the exam policy has vignettes for it." in page


def test_responsibility_codes_are_changed(administrator: Client, db: Session) -> None:
    change = {"title-P": "", "new-code-0": "e", "new-title-0": "Early education"}
    asked = administrator.post("/framework/codes/edit", data={**CODES, **change, **VERSION}).text
    assert "Policy and program administration" in asked
    administrator.post("/framework/codes/edit", data={**CODES, **change, **VERSION, "answer": "remove"})
    framework = current_framework(db)
    assert [entry.code for entry in framework.responsibility_codes] == ["C", "S", "T", "E"]
    assert "Responsibility codes of an area" in administrator.get("/framework/versions/2").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"new-code-0": "E"}, "Say what the letter stands for."),
        ({"new-title-0": "Early education"}, "Choose a letter."),
        ({"new-code-0": "EE", "new-title-0": "Early education"}, "Write one letter from A to Z."),
        ({"new-code-0": "C", "new-title-0": "Care"}, "The letter C is taken. Choose another."),
    ],
)
def test_a_letter_that_cannot_be_is_refused(administrator: Client, change: dict[str, str], sentence: str) -> None:
    assert sentence in administrator.post("/framework/codes/edit", data={**CODES, **change, **VERSION}).text
