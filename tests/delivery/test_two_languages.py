"""A part that is there in English and Spanish: the candidate reads either, and what is saved is the same."""

from datetime import datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart
from examapp.delivery.part_content import content_of
from examapp.registration.models import Registration
from question_bank.exam_forms import sealed_document
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.delivery.exam_page import OpenPage, answers_of, saved
from tests.personas import Client, Personas


@pytest.fixture
def sitting(db: Session, personas: Personas, at: datetime) -> Registration:
    form = factories.sealed_form(db, at, spanish=True)
    given = factories.administration(db, at, personas.administrator(), form_sha256=form.sha256)
    made = factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)
    db.commit()
    return made


@pytest.mark.parametrize("part", ["part_one", "part_two"])
def test_a_part_has_both_languages_when_all_of_it_is_translated(db: Session, at: datetime, part: str) -> None:
    whole = sealed_document(db, factories.sealed_form(db, at, spanish=True).sha256)
    of_all = whole.translations["es"]
    lacking = {code: texts for code, texts in of_all.items() if code not in ("TF-0003", "RFV-0001")}
    partly = whole.model_copy(update={"translations": {"es": lacking}})
    assert content_of(whole, part, 3, "").languages == ["en", "es"]
    assert content_of(partly, part, 3, "").languages == ["en"]


@pytest.mark.parametrize("part", ["part_one", "part_two"])
def test_the_page_holds_every_text_in_both_languages(
    client: Client, sitting: Registration, request: pytest.FixtureRequest, part: str
) -> None:
    request.getfixturevalue(part)
    client.sign_in_as(sitting.candidate)
    page = client.get(f"/exam/{sitting.code}/parts/{part}").text
    texts = page.count('lang="en" data-said>')
    assert texts == page.count('lang="es" data-said hidden>') == page.count("ES: ")
    assert texts == (4 * 5 if part == "part_one" else 3 * 3)
    assert "Questions in" in page


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_questions_change_their_language_without_a_connection_and_the_answer_stays(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one, width=390)
    saved(page)
    switch = page.get_by_role("group", name="Questions in")
    expect(switch.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    switch.get_by_role("button", name="Español").press("Enter")
    page.get_by_text("ES: Answer b to question 1").click()
    expect(page.get_by_text("A family of four", exact=False).locator("visible=true")).to_have_text(
        "ES: A family of four visits for the 1. time. What does the specialist do first?"
    )
    saved(page)
    assert_accessible(page)
    assert_fits(page)
    page.reload()
    expect(page.get_by_role("radio", name="B ES: Answer b to question 1", exact=True)).to_be_checked()
    saved(page)
    page.context.set_offline(True)
    switch.get_by_role("button", name="English").click()
    expect(page.get_by_role("radio", name="B Answer b to question 1", exact=True)).to_be_checked()
    assert answers_of(db, part_one) == {"TF-0001": "b"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_questions_begin_in_the_language_of_the_page(
    open_part: OpenPage, db: Session, sitting: Registration, part_two: AttemptPart
) -> None:
    sitting.candidate.locale = "es"
    db.commit()
    page = open_part(part_two)
    expect(page.get_by_role("heading", name="ES: Vignette RFV-0001")).to_be_visible()
    expect(page.get_by_role("button", name="ES: Vignette RFV-0002")).to_be_visible()  # the map speaks it too
