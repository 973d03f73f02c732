"""From the honour statement to the hand-in with the keyboard alone, by the keys people press: Tab, Space, Enter."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.delivery.responses import responses_of
from examapp.registration.models import Registration
from tests.delivery.exam_page import OpenPage, answers_of, saved, tab_to

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def press(page: Page, button: str, key: str = "Enter") -> None:
    tab_to(page, page.get_by_role("button", name=button, exact=True).locator("visible=true"))
    page.keyboard.press(key)


def test_the_honour_statement_is_accepted_and_part_one_started(page_of: OpenPage, sitting: Registration) -> None:
    page = page_of(sitting.candidate)
    page.goto(f"/exam/{sitting.code}")
    press(page, "Start Part One")
    expect(page.get_by_role("alert")).to_be_focused()  # it says that the statement was not accepted
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link of the summary leads to the box
    accepted = page.get_by_role("checkbox")
    expect(accepted).to_be_focused()
    page.keyboard.press("Space")
    expect(accepted).to_be_checked()
    press(page, "Start Part One")
    expect(page.get_by_role("heading", name="Part One", level=1)).to_be_visible()
    saved(page)


def test_prompts_are_chosen_and_written_about(open_part: OpenPage, db: Session, part_two: AttemptPart) -> None:
    page = open_part(part_two)
    saved(page)
    box = page.get_by_role("checkbox", name="I answer this vignette")
    answer = page.get_by_role("textbox", name="Your answer")
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    tab_to(page, page.get_by_role("region", name="Vignette Vignette RFV-0001"))  # so that arrows scroll a long one
    tab_to(page, answer)
    page.keyboard.type("Ana looks tired.")
    press(page, "Next")
    expect(page.get_by_role("heading", name="Vignette RFV-0002")).to_be_focused()
    tab_to(page, answer)  # whoever writes has chosen
    page.keyboard.type("She holds him.")
    expect(box).to_be_checked()
    press(page, "Next")
    expect(page.get_by_role("heading", name="Vignette RFV-0003")).to_be_focused()
    expect(box).to_be_disabled()
    saved(page)
    assert answers_of(db, part_two) == {"RFV-0001": "Ana looks tired.", "RFV-0002": "She holds him."}
    assert responses_of(db, [part_two.id])[part_two.id].chosen == ["RFV-0001", "RFV-0002"]


def test_a_choice_is_taken_back_and_another_made(open_part: OpenPage, db: Session, part_two: AttemptPart) -> None:
    page = open_part(part_two)
    saved(page)
    box = page.get_by_role("checkbox", name="I answer this vignette")
    for _vignette in range(2):
        tab_to(page, box)
        page.keyboard.press("Space")
        press(page, "Next")
    expect(box).to_be_disabled()
    press(page, "Previous")
    expect(page.get_by_role("heading", name="Vignette RFV-0002")).to_be_focused()
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    press(page, "Next")
    tab_to(page, box)
    page.keyboard.press("Space")
    saved(page)
    with db:
        assert responses_of(db, [part_two.id])[part_two.id].chosen == ["RFV-0001", "RFV-0003"]


def test_part_two_is_handed_in_after_a_second_thought(open_part: OpenPage, db: Session, part_two: AttemptPart) -> None:
    page = open_part(part_two)
    saved(page)
    tab_to(page, page.get_by_role("textbox", name="Your answer"))
    page.keyboard.type("Ana looks tired.")
    press(page, "Review and hand in")
    expect(page.get_by_role("heading", name="Review and hand in")).to_be_focused()
    press(page, "Hand in Part Two")
    back = page.get_by_role("dialog").get_by_role("button", name="Go back")
    expect(back).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Hand in Part Two")).to_be_focused()
    page.keyboard.press("Enter")
    expect(back).to_be_focused()
    tab_to(page, page.get_by_role("dialog").get_by_role("button", name="Yes, hand in"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Part Two is handed in")).to_be_visible()
    assert answers_of(db, part_two) == {"RFV-0001": "Ana looks tired."}
    assert db.get_one(AttemptPart, part_two.id).closed_by is ClosedBy.CANDIDATE


def test_the_list_of_vignettes_leads_to_each(open_part: OpenPage, part_two: AttemptPart) -> None:
    page = open_part(part_two)
    saved(page)
    tab_to(page, page.get_by_role("button", name="Vignette RFV-0003"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vignette RFV-0003")).to_be_focused()


def test_the_skip_link_leads_past_the_questions_to_their_map(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    saved(page)
    tab_to(page, page.get_by_role("link", name="Skip to the question map"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Question 3, not answered"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 3 of 4")).to_be_focused()
