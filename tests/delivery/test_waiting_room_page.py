"""The waiting room in a real browser: the device is checked, and the start appears at the opening by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.clock import now
from examapp.delivery.models import DeviceCheck
from examapp.registration.models import Registration
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas

OpenPage = Callable[..., Page]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SOON = "R-000111"  # released within the first tenth of a second


@pytest.fixture
def lucia(db: Session, personas: Personas, live_server: str, at: datetime) -> Registration:
    opens = now() + timedelta(minutes=12)
    given = factories.administration(db, at, personas.administrator(), title="Spring", opens_at=opens)
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given, code=SOON)


def opens_in(db: Session, registration: Registration, seconds: int) -> None:
    registration.administration.opens_at = now() + timedelta(seconds=seconds)
    db.commit()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_device_is_checked_by_keyboard(page_of: OpenPage, db: Session, lucia: Registration, width: int) -> None:
    page = page_of(lucia.candidate, width=width)
    page.goto(f"/exam/{lucia.code}/waiting-room")
    expect(page.locator("#countdown")).to_have_text("in 11 min")
    page.get_by_role("button", name="Check this device").press("Enter")
    expect(page.get_by_text("This browser keeps your changes on the device")).to_be_visible()
    expect(page.get_by_role("heading", name="Your device")).to_be_focused()
    expect(page.locator("#announcements")).to_have_text("The device is checked. The results are on the page.")
    page.get_by_role("button", name="Yes, I heard it").press("Enter")
    expect(page.get_by_text("Your screen reader reads what the page announces.")).to_be_visible()
    checks = db.scalars(select(DeviceCheck).order_by(DeviceCheck.id)).all()
    assert [(check.storage, check.announcement_heard) for check in checks] == [(True, None), (True, True)]
    assert_accessible(page)
    assert_fits(page)


def test_the_start_appears_at_the_opening_without_a_reload(page_of: OpenPage, db: Session, lucia: Registration) -> None:
    opens_in(db, lucia, seconds=2)
    page = page_of(lucia.candidate)
    page.goto(f"/exam/{lucia.code}/waiting-room")
    page.evaluate("window.kept = true")
    expect(page.get_by_role("button", name="Start Part One")).to_be_visible()
    assert page.evaluate("window.kept")
    expect(page.locator("#announcements")).to_have_text("You can start now.")
    page.get_by_text("I have read the honour statement").click()
    page.get_by_role("button", name="Start Part One").click()
    expect(page.get_by_text("A family of four visits for the 1. time.")).to_be_visible()


def test_a_lost_connection_is_told(page_of: OpenPage, lucia: Registration) -> None:
    page = page_of(lucia.candidate)
    page.route("**/waiting-room", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.goto(f"/exam/{lucia.code}/waiting-room")
    expect(page.get_by_text("No connection to the server.")).to_be_visible()
