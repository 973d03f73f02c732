"""The editor while somebody types: hints beside the form, and a draft that saves itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bank import Bank
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas

OpenPage = Callable[..., Page]
STEM = "A grandmother says that the toddler bites at every goodbye. What does the specialist offer first?"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("rules")
def test_hints_follow_and_the_draft_saves_itself(page_of: OpenPage, personas: Personas, bank: Bank) -> None:
    bank.item(stem=STEM)
    page = page_of(personas.author())
    page.goto("/bank/items/new")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Stem", exact=True).fill(STEM.replace("toddler", "girl"))
    hints = page.get_by_role("complementary", name="Hints")
    expect(hints.get_by_role("link", name="TF-0001")).to_be_visible()
    hints.get_by_text("Phone").click()
    page.get_by_role("textbox", name="Option A", exact=True).fill("All of the above")
    expect(hints).to_contain_text("knowing two options out of four")
    expect(hints.get_by_role("radio", name="Phone")).to_be_checked()  # the hints were drawn anew
    expect(page.locator("#receipt")).to_contain_text("Saved at")
    assert_accessible(page)
    assert_fits(page)
    page.reload()
    expect(page.get_by_role("textbox", name="Option A", exact=True)).to_have_value("All of the above")
