"""The room in a real browser: the candidate waits, the proctor admits, and both pages follow by themselves."""

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.registration.models import Registration
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas

OpenPage = Callable[..., Page]


@pytest.fixture
def sitting(db: Session, personas: Personas, at: datetime) -> Registration:
    given = factories.administration(db, at, personas.administrator(), proctored=True, title="Spring in the room")
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)


def test_admitting_lets_the_waiting_candidate_start(
    page_of: OpenPage, sitting: Registration, personas: Personas
) -> None:
    candidate, proctor = page_of(sitting.candidate), page_of(personas.proctor())
    candidate.goto(f"/exam/{sitting.code}/waiting-room")
    expect(candidate.get_by_text("Wait here for the proctor")).to_be_visible()
    proctor.goto(f"/room/{sitting.administration_id}")
    proctor.get_by_role("link", name="Admit Lucía Baca").click()
    proctor.get_by_text("I have seen an identity document").click()
    proctor.get_by_role("button", name="Admit").click()
    expect(proctor.get_by_text("Lucía Baca is admitted.")).to_be_visible()
    expect(candidate.get_by_role("button", name="Start Part One")).to_be_visible(timeout=20_000)
    candidate.get_by_text("I have read the honour statement").click()
    candidate.get_by_role("button", name="Start Part One").click()
    expect(proctor.get_by_text("Writing")).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("rest", ["", "/time", "/incidents/new", "/admit/{code}", "/time/{code}", "/close/{code}"])
def test_every_page_is_accessible_and_fits(
    page_of: OpenPage, sitting: Registration, personas: Personas, width: int, rest: str
) -> None:
    page = page_of(personas.proctor(), width=width)
    page.goto(f"/room/{sitting.administration_id}{rest.format(code=sitting.code)}")
    assert_accessible(page)
    assert_fits(page)
