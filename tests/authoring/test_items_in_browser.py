"""An item's way through the bank in a real browser, on a wide and on a narrow screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.accounts.models import Role
from question_bank.items import ReviewState
from tests.bank import Bank
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas

OpenPage = Callable[..., Page]
SHEET = b"question,a,b,c,answer\nWhat comes first?,Ask,Wait,Tell,A\nAnd then?,x,y,z,\n"


def judged(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("rules")
def test_an_item_is_written_reviewed_and_approved(page_of: OpenPage, personas: Personas, width: int) -> None:
    author = page_of(personas.author(), width=width)
    author.goto("/bank/items/new")
    judged(author)
    author.get_by_role("button", name="Begin").click()
    stem = "A father says that his baby never sleeps. What does the specialist ask first?"
    author.get_by_label("Stem", exact=True).fill(stem)
    author.get_by_label("Stem in Spanish").fill(
        "Un padre dice que su bebé no duerme. ¿Qué pregunta primero la especialista?"
    )
    for letter, text in (("A", "Who is at home"), ("B", "What happens then"), ("C", "Where he sleeps")):
        author.get_by_role("textbox", name=f"Option {letter}", exact=True).fill(text)
        author.get_by_role("textbox", name=f"Option {letter} in Spanish").fill(f"En español: {text}")
    author.get_by_text("B is the key").click()
    author.get_by_label("Area of expertise").select_option("Reflection")  # its terms come without a reload
    author.get_by_label("Primary term").select_option("curiosity")
    author.get_by_text("4: Infant Mental Health Mentor").click()
    author.get_by_label("Rationale").fill("Curiosity comes first.")
    author.get_by_label("Reference").fill("Invented, A. (2020). A book. Press.")
    judged(author)
    author.get_by_role("button", name="Save draft").last.click()
    judged(author)
    author.get_by_role("button", name="Send to review").click()
    expect(author.get_by_role("status")).to_contain_text("is in review now")
    for decision, said in (("Pass it on", "The content of TF-0001 is passed."), ("Approve", "TF-0001 is approved.")):
        reviewer = page_of(personas.reviewer(), width=width)
        reviewer.goto("/bank/review")
        judged(reviewer)
        reviewer.get_by_role("link", name="TF-0001").click()
        reviewer.wait_for_url("**/bank/review/TF-0001")  # all() takes the boxes that are there, and waits for none
        for box in reviewer.get_by_role("group", name="Checklist").locator("label").all():
            box.click()
        reviewer.locator("label").filter(has_text=decision).click()
        judged(reviewer)
        reviewer.get_by_role("button", name="Decide", exact=True).click()
        expect(reviewer.get_by_role("status")).to_contain_text(said)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("rules")
def test_a_comment_by_keyboard_leaves_what_is_ticked(
    page_of: OpenPage, personas: Personas, bank: Bank, db: Session
) -> None:
    bank.item(state=ReviewState.CONTENT_REVIEW)
    db.commit()
    page = page_of(personas.reviewer(), width=390)
    page.goto("/bank/review/TF-0001")
    page.get_by_text("Area, terms, levels, tracks").click()
    page.locator("#at-option-b summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Longer than the others.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    thread = page.locator("#at-option-b .remark-thread")
    expect(thread).to_contain_text("Longer than the others.")
    judged(page)
    expect(page.get_by_role("checkbox", name="Area, terms")).to_be_checked()
    thread.get_by_label("Answer").fill("Shorter now.")
    thread.get_by_role("button", name="Answer").click()
    expect(thread.locator(".remark")).to_have_count(2)
    thread.get_by_role("button", name="Mark as settled").click()
    expect(page.locator("#at-option-b .remark-thread")).to_be_hidden()


@pytest.mark.usefixtures("rules")
def test_a_vignette_gets_its_rubric_without_javascript(page_of: OpenPage, personas: Personas) -> None:
    page = page_of(personas.author(), java_script_enabled=False)
    page.goto("/bank/items/new?kind=essay")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Vignette", exact=True).fill("Ana visits.")
    for _ in range(2):
        page.get_by_role("button", name="Add a dimension").click()
    page.get_by_label("Dimension", exact=True).last.fill("Insight")
    page.get_by_role("button", name="Remove dimension 1").click()
    page.get_by_label("Area of expertise").select_option("Thinking")
    page.get_by_role("button", name="Show the terms of this area").click()
    page.get_by_label("Primary term").select_option("exercising sound judgment")
    page.get_by_role("button", name="Save draft").last.click()
    for text in ("Ana visits.", "Insight", "exercising sound judgment"):
        expect(page.get_by_role("main")).to_contain_text(text)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_is_imported(page_of: OpenPage, personas: Personas, width: int) -> None:
    page = page_of(personas.person(Role.AUTHOR), width=width)
    page.goto("/bank/import")
    judged(page)
    page.get_by_label("File").set_input_files({"name": "bank.csv", "mimeType": "text/csv", "buffer": SHEET})
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("main")).to_contain_text("It has no key.")
    judged(page)
    page.get_by_role("button", name="Import 1 item as a draft").click()
    expect(page.get_by_role("status")).to_contain_text("1 item was imported as a draft.")
    judged(page)
