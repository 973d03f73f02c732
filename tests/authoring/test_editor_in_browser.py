"""The editor while somebody types: hints beside the form, and a draft that saves itself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bank import Bank
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas
from tests.picture_files import picture_file

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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("rules")
def test_a_picture_is_inserted_where_the_cursor_stands(page_of: OpenPage, personas: Personas) -> None:
    page = page_of(personas.author())
    page.goto("/bank/items/new")
    page.get_by_role("button", name="Begin").click()
    stem = page.get_by_label("Stem", exact=True)
    stem.fill("Look: what next?")
    stem.press("Home")
    page.get_by_role("link", name="Insert a picture (Stem)", exact=True).press("Enter")
    dialog = page.get_by_role("dialog", name="Insert a picture")
    dialog.get_by_label("File").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture_file()})
    dialog.get_by_role("button", name="Insert", exact=True).click()
    expect(dialog.get_by_label("Description")).to_have_accessible_description(re.compile("Describe the picture"))
    assert_accessible(page)
    dialog.get_by_label("Description").fill("Two babies")
    dialog.get_by_role("button", name="Insert", exact=True).click()
    expect(stem).to_be_focused()
    expect(stem).to_have_value(re.compile(r"^!\[Two babies\]\(picture:\w{64}\)Look: what next\?$"))
    expect(page.get_by_role("complementary", name="Hints").get_by_role("img", name="Two babies")).to_be_visible()
    expect(page.locator("#receipt")).to_contain_text("Saved at")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("rules")
def test_a_matching_item_is_written_by_keyboard(page_of: OpenPage, personas: Personas) -> None:
    page = page_of(personas.author())
    page.goto("/bank/items/new?kind=matching")
    page.get_by_role("button", name="Begin").press("Enter")
    page.get_by_role("textbox", name="Line 1", exact=True).press_sequentially("Secure base")
    page.get_by_label("Line 1 goes with").press("b")
    page.get_by_role("button", name="Add a line").press("Enter")
    page.get_by_role("textbox", name="Line 5", exact=True).press_sequentially("Good enough mother")
    page.get_by_role("textbox", name="Option A", exact=True).press_sequentially("Winnicott")
    page.get_by_role("textbox", name="Option B", exact=True).press_sequentially("Bowlby")
    page.get_by_label("Line 5 goes with").press("a")
    expect(page.get_by_role("complementary", name="Hints")).to_contain_text("Good enough mother")
    expect(page.locator("#receipt")).to_contain_text("Saved at")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Save draft").last.press("Enter")
    for pair in ("1 – B · Bowlby", "2 – A · Winnicott"):
        expect(page.get_by_role("main")).to_contain_text(pair)
