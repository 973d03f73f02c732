"""The room in a real browser: the candidate waits, the proctor admits, and both pages follow by themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.clock import now
from examapp.delivery.models import AttemptPart
from examapp.registration.models import Registration
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas
from tests.proctoring.full_room import seat_writers

OpenPage = Callable[..., Page]
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def sitting(db: Session, personas: Personas, at: datetime) -> Registration:
    given = factories.administration(db, at, personas.administrator(), proctored=True, title="Spring in the room")
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)


def look_again(*pages: Page) -> None:
    """What a page does when somebody comes back to it; a test does not wait for the next time."""
    for page in pages:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row", name=name)


def test_admitting_lets_the_waiting_candidate_start_and_the_room_follows(
    page_of: OpenPage, sitting: Registration, personas: Personas
) -> None:
    candidate, proctor = page_of(sitting.candidate), page_of(personas.proctor())
    candidate.goto(f"/exam/{sitting.code}/waiting-room")
    expect(candidate.get_by_text("Wait here for the proctor")).to_be_visible()
    proctor.goto(f"/room/{sitting.administration_id}")
    expect(row_of(proctor, "Lucía Baca")).to_contain_text("Waits to be admitted")
    proctor.get_by_role("link", name="Admit Lucía Baca").click()
    proctor.get_by_text("I have seen an identity document").click()
    proctor.get_by_role("button", name="Admit").click()
    expect(proctor.get_by_text("Lucía Baca is admitted.")).to_be_visible()
    look_again(candidate)
    candidate.get_by_text("I have read the honour statement").click()
    candidate.get_by_role("button", name="Start Part One").click()
    candidate.get_by_text("Answer b to question 1").click()
    expect(candidate.locator("#save-state")).to_contain_text("Saved")
    look_again(proctor)
    expect(row_of(proctor, "Lucía Baca")).to_contain_text("Writing")
    expect(row_of(proctor, "Lucía Baca").locator("[data-cell=answered]")).to_have_text("1")


@sqlite_only
def test_a_renewal_leaves_focus_menu_and_selection_and_says_who_is_offline(
    page_of: OpenPage, sitting: Registration, db: Session, personas: Personas, at: datetime
) -> None:
    seat_writers(db, now(), sitting.administration, range(1, 41))
    page = page_of(personas.proctor())
    page.goto(f"/room/{sitting.administration_id}")
    menu = row_of(page, "Writer 030").locator("details")
    menu.locator("summary").press("Enter")
    expect(page.get_by_role("link", name="Message Writer 030")).to_be_visible()  # a menu is filled when it opens
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Message Writer 030")).to_be_focused()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-cell=state]'))")
    scrolled = page.evaluate("scrollY")
    gone = db.scalars(select(AttemptPart).order_by(AttemptPart.id)).all()[4]
    gone.last_seen_at = now() - timedelta(minutes=1)
    db.commit()
    look_again(page)
    expect(page.locator("#announcements")).to_have_text("Writer 005 is offline.")
    expect(row_of(page, "Writer 005")).to_contain_text("Offline since")
    expect(page.get_by_role("link", name="Message Writer 030")).to_be_focused()
    assert page.evaluate("[getSelection().toString().length > 0, scrollY]") == [True, scrolled]
    expect(page.locator("tbody tr").first).to_contain_text("Writer 001")  # nothing moves under the proctor's hands
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")
    page.evaluate("getSelection().empty()")
    page.get_by_label("Name or registration").focus()
    look_again(page)
    expect(page.locator("tbody tr").first).to_contain_text("Writer 005")


@sqlite_only
def test_the_list_is_narrowed_by_state_and_name_and_keeps_to_it(
    page_of: OpenPage, sitting: Registration, db: Session, personas: Personas, at: datetime
) -> None:
    seat_writers(db, now(), sitting.administration, range(1, 13))
    page = page_of(personas.proctor())
    page.goto(f"/room/{sitting.administration_id}")
    page.get_by_role("button", name="12 Writing now").click()
    expect(row_of(page, "Lucía Baca")).to_be_hidden()
    page.get_by_label("Name or registration").fill("writer 01")
    expect(page.locator("tbody tr:visible")).to_have_count(4)
    page.reload()
    expect(page.locator("tbody tr:visible")).to_have_count(4)
    page.get_by_role("button", name="13 All").click()
    page.get_by_label("Name or registration").fill("lucia")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    expect(row_of(page, "Lucía Baca")).to_be_visible()


@sqlite_only
def test_a_room_that_cannot_be_renewed_says_since_when(
    page_of: OpenPage, sitting: Registration, personas: Personas
) -> None:
    page = page_of(personas.proctor())
    page.goto(f"/room/{sitting.administration_id}")
    expect(row_of(page, "Lucía Baca")).to_be_visible()
    page.route("**/live", lambda route: route.abort())
    look_again(page)
    expect(page.get_by_text("This page has not been renewed since")).to_be_visible()


PAGES = [
    "", "/message", "/incidents", "/incidents/new", "/time",
    "/admit/{code}", "/time/{code}", "/close/{code}", "/message/{code}",
]  # fmt: skip


@sqlite_only
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(
    page_of: OpenPage, sitting: Registration, personas: Personas, width: int
) -> None:
    page = page_of(personas.proctor(), width=width)
    for rest in PAGES:
        page.goto(f"/room/{sitting.administration_id}{rest.format(code=sitting.code)}")
        if not rest:
            expect(row_of(page, "Lucía Baca")).to_be_visible()
        assert_accessible(page)
        assert_fits(page)
