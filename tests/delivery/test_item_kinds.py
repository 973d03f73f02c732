"""A part with every kind of item: answered by the keyboard, kept through a lost connection, and marked."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart
from examapp.registration.models import Registration
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.delivery.exam_page import OpenPage, answers_of, is_kept, saved, state, tab_to
from tests.personas import Personas

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # looks and words: the same on both


@pytest.fixture
def sitting(db: Session, personas: Personas, at: datetime) -> Registration:
    """In a practice examination whose form has one question of each kind, in English and Spanish."""
    groups = (("l3-clinical", 3, None, 2, ["RFV-0901", "RFV-0902", "RFV-0903"]),)
    form = factories.form_of_every_kind(db, at, spanish=True, purpose="practice", groups=groups)
    given = factories.practice(db, at, personas.administrator(), form_sha256=form.sha256)
    made = factories.registration(db, at, personas.candidate(name="Lucía Baca"), given, practice_round=1)
    db.commit()
    return made


def test_every_kind_is_answered_by_the_keyboard_kept_without_a_connection_and_marked(
    open_part: OpenPage, db: Session, part_one: AttemptPart, sitting: Registration
) -> None:
    page = open_part(part_one, width=390)
    saved(page)
    tab_to(page, page.get_by_role("radio", name="A Answer a to question 1"))
    press(page, "ArrowDown", "Alt+n")
    for name in ("C Answer c to question 2", "A Answer a to question 2"):
        page.get_by_role("checkbox", name=name).press("Space")
    press(page, "Alt+n")
    page.get_by_role("radio", name="A True").press("Space")
    press(page, "Alt+n")
    saved(page)
    assert_accessible(page)
    is_kept(page)
    page.context.set_offline(True)
    for line, letter in (("1 Line 1", "b"), ("2 Line 2", "c")):
        choice = page.get_by_role("combobox", name=line)
        choice.press(letter)
    state(page, "offline")
    page.reload()
    expect(page.get_by_role("combobox", name="2 Line 2")).to_have_value("c")
    expect(page.get_by_role("combobox", name="2 Line 2")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Question 4, partly answered")).to_be_visible()
    press(page, "Alt+n")
    page.get_by_role("textbox", name="Your answer").press_sequentially("serve and RETURN")
    page.context.set_offline(False)
    saved(page)
    press(page, "Alt+r")
    expect(page.locator("#review-summary")).to_have_text("Answered: 5 of 5.")
    expect(page.get_by_role("heading", name="Partly answered")).to_be_visible()
    page.get_by_role("button", name="Hand in Part One").press("Enter")
    page.get_by_role("button", name="Yes, hand in").press("Enter")
    page.get_by_role("link", name="Look at the keys and reasons").press("Enter")
    assert answers_of(db, part_one) == {
        "TF-0001": "b", "TF-0002": "a,c", "TF-0003": "a", "TF-0004": "1:b,2:c", "TF-0005": "serve and RETURN",
    }  # fmt: skip
    expect(page.get_by_text("You have 4 of 5 questions right. With part marks that makes 4.33 marks.")).to_be_visible()
    expect(page.get_by_text("Partly right: 0.33 of a mark")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
