"""The pages about clocks in a real browser: accessible, and as wide as the window."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.delivery import clock_stops
from examapp.delivery.time_ledger import give_time
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the browser sees the same pages on both


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_the_clock_is_accessible_and_fits(
    page_of: Callable[..., Page], db: Session, personas: Personas, at: datetime, width: int
) -> None:
    office = personas.administrator(name="Rosa Office")
    sitting = factories.registration(
        db, at, personas.candidate(name="Lucía Baca"), factories.administration(db, at, office)
    )
    part = factories.started_part(db, at, sitting)
    give_time(db, [part], seconds=600, reason="The computer failed.", by=office.id, at=at)
    clock_stops.pause(db, [part], reason="Fire alarm.", by=office.id, at=at)
    clock_stops.resume(db, [part], by=office.id, at=at + timedelta(seconds=12))
    page = page_of(office, width=width)
    room, code = f"/room/{sitting.administration_id}", sitting.code
    for path in (
        f"{room}/pause", f"{room}/pause/{code}", f"{room}/resume", f"{room}/resume/{code}", f"{room}/time/selected",
        f"{room}/clock/{code}", f"/administrations/{sitting.administration_id}/extend",
    ):  # fmt: skip
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    page.get_by_label("Minutes").fill("20")
    page.get_by_label("Reason").fill("Power cut.")
    page.get_by_role("button", name="See what changes").click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Make the window longer").click()
    expect(page.get_by_text("The window is longer.")).to_be_visible()
