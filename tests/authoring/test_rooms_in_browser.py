"""The pages of blueprints, forms and framework in a browser: accessible, and as wide as the window."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from question_bank.exam_forms import ExamForm
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas

PAGES = (
    "/bank/blueprints", "/bank/blueprints/{blueprint}", "/bank/blueprints/new?copy={blueprint}", "/bank/forms",
    "/bank/forms/new", "/bank/forms/{form}", "/bank/forms/{form}/preview", "/framework",
)  # fmt: skip
RULE_PAGES = (
    "/framework/areas/reflection/edit", "/framework/areas/new", "/framework/areas/administration/remove",
    "/framework/levels/edit", "/framework/tracks/edit", "/framework/codes/edit", "/framework/versions/1",
)  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # how pages look is the same on every database
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_the_committee(page_of: Callable[..., Page], personas: Personas, sealed: ExamForm, width: int) -> None:
    page = page_of(personas.author(), width)
    for address in PAGES:
        page.goto(address.format(form=sealed.id, blueprint=sealed.blueprint_id))
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("rules")
def test_pages_that_change_the_framework(page_of: Callable[..., Page], personas: Personas, width: int) -> None:
    page = page_of(personas.administrator(), width)
    for address in RULE_PAGES:
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("rules")
def test_removing_a_behavior_asks_and_then_makes_a_version(
    page_of: Callable[..., Page], personas: Personas, width: int
) -> None:
    page = page_of(personas.administrator(), width)
    page.goto("/framework/areas/thinking/edit")
    page.get_by_label("TH-01").fill("")
    page.get_by_label("Reason").fill("The committee met.")
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_role("heading", name="Remove this from the framework?")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Go back without saving").click()
    expect(page.get_by_label("Reason")).to_have_value("The committee met.")
    page.get_by_role("button", name="Save as a new version").click()
    page.get_by_role("button", name="Remove and save as a new version").click()
    expect(page.get_by_text("Version 2 of the framework is saved.")).to_be_visible()
    assert_fits(page)
