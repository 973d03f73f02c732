"""What the exam page offers besides answering: notes, strike-out, the map, settings, shortcuts, language, review."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart
from examapp.delivery.option_order import option_order
from examapp.delivery.responses import PartResponses, responses_of
from examapp.registration.models import Registration
from tests import factories
from tests.browser import assert_fits
from tests.delivery.exam_page import OpenPage, saved

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def recorded(db: Session, part: AttemptPart) -> PartResponses:
    with db:  # and let go: on SQLite an open transaction would keep the page from writing
        return responses_of(db, [part.id])[part.id]


def letters(page: Page) -> list[str]:
    """The options as they stand on the page, such as "A Answer c to question 1"."""
    return page.locator(".option").locator("visible=true").all_inner_texts()


def test_a_note_to_oneself_is_saved_like_an_answer_and_is_none(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one)
    page.get_by_role("button", name="Note to myself").click()
    note = page.get_by_role("textbox", name="Note to myself")
    expect(note).to_be_focused()
    expect(note).to_have_accessible_description(
        "Private: saved like an answer, never scored and never shown to a rater."
    )
    note.press_sequentially("Think again")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saving")
    saved(page)
    assert recorded(db, part_one) == PartResponses(notes={"TF-0001": "Think again"})
    page.reload()
    expect(page.get_by_role("textbox", name="Note to myself")).to_have_value("Think again")
    expect(page.get_by_role("button", name="Question 1, not answered")).to_be_visible()


def test_an_option_struck_out_can_still_be_chosen_which_takes_that_back(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one)
    for letter in "CA":
        page.get_by_role("button", name=f"Strike out option {letter}").click()
    saved(page)
    assert recorded(db, part_one).struck == {"TF-0001": ["a", "c"]}
    page.reload()
    expect(page.get_by_role("button", name="Strike out option C", pressed=True)).to_be_visible()
    expect(page.get_by_role("radio", name="C Answer c to question 1 (struck out)")).not_to_be_checked()
    page.get_by_text("Answer c to question 1").click()
    expect(page.get_by_role("radio", name="C Answer c to question 1", exact=True)).to_be_checked()
    expect(page.get_by_role("button", name="Strike out option C")).to_have_count(0)  # what is chosen is not struck out
    saved(page)
    assert recorded(db, part_one) == PartResponses(answers={"TF-0001": "c"}, struck={"TF-0001": ["a"]})


def test_every_candidate_may_have_an_order_of_options_with_letters_from_the_top(
    open_part: OpenPage, db: Session, sitting: Registration, part_one: AttemptPart
) -> None:
    sitting.administration.shuffle_options = True
    sitting.code = "R-000002"  # whose order is d, c, a, b
    db.commit()
    order = option_order(sitting.code, factories.sealed_item(1))
    assert order == ["d", "c", "a", "b"]
    page = open_part(part_one)
    saved(page)
    shown = [f"{letter} Answer {option} to question 1" for letter, option in zip("ABCD", order, strict=True)]
    assert [" ".join(text.split()) for text in letters(page)] == shown
    page.get_by_role("button", name="Strike out option A").click()
    page.get_by_text(shown[1][2:]).click()
    saved(page)
    assert recorded(db, part_one) == PartResponses(answers={"TF-0001": order[1]}, struck={"TF-0001": [order[0]]})


def test_all_on_one_page_and_back_stays_at_the_question(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Show all on one page").click()
    expect(page.get_by_role("heading", name="Question")).to_have_count(4)
    page.get_by_text("Answer b to question 3").click()
    expect(page.get_by_role("button", name="Question 3, answered")).to_have_attribute("aria-current", "true")
    page.reload()  # the choice is kept in the browser, and so is the place
    expect(page.get_by_role("heading", name="Question")).to_have_count(4)
    page.get_by_role("button", name="Show one at a time").click()
    expect(page.get_by_role("heading", name="Question")).to_have_text("Question 3 of 4")
    expect(page.get_by_role("button", name="Show all on one page")).to_be_focused()


def test_settings_are_kept_in_the_browser_and_change_the_page_at_once(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one)
    page.get_by_role("button", name="Settings").click()
    dialog = page.get_by_role("dialog", name="Settings")
    for choice in ("200 %", "Wide", "High contrast, dark"):
        dialog.get_by_text(choice).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Settings")).to_be_focused()
    page.reload()
    expect(page.get_by_role("heading", name="Question 1 of 4")).to_be_visible()
    looks = "[getComputedStyle(document.documentElement).fontSize, getComputedStyle(document.body).backgroundColor]"
    assert page.evaluate(looks) == ["32px", "rgb(0, 0, 0)"]
    assert_fits(page)
    page.get_by_role("button", name="Settings").click()
    dialog.get_by_role("button", name="Back to standard").click()
    assert page.evaluate(looks) == ["16px", "rgb(255, 255, 255)"]
    assert recorded(db, part_one) == PartResponses()


def test_shortcuts_lead_around_and_say_the_time_left(open_part: OpenPage, db: Session, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    saved(page)
    page.keyboard.press("Alt+KeyN")
    expect(page.get_by_role("heading", name="Question 2 of 4")).to_be_focused()
    page.keyboard.press("Alt+KeyG")
    expect(page.get_by_role("button", name="Question 2, not answered, flagged")).to_be_visible()
    page.keyboard.press("Alt+KeyP")
    expect(page.get_by_role("heading", name="Question 1 of 4")).to_be_focused()
    page.keyboard.press("Alt+KeyM")
    expect(page.get_by_role("navigation", name="Question map")).to_be_focused()
    page.keyboard.press("Alt+KeyK")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_contain_text("Alt + T")
    page.keyboard.press("Alt+KeyR")  # nothing happens behind a dialog
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+KeyT")
    expect(
        page.get_by_role("status")
        .get_by_text("1 hour, 29 minutes left")
        .or_(page.get_by_text("1 hour, 30 minutes left"))
    ).to_be_attached()
    saved(page)
    assert recorded(db, part_one).flagged == {"TF-0002"}


def test_a_hidden_time_shows_itself_for_a_moment_to_who_asks(
    open_part: OpenPage, page_of: OpenPage, sitting: Registration, part_one: AttemptPart
) -> None:
    page = page_of(sitting.candidate)
    page.clock.install()
    open_part(part_one, page)
    page.get_by_role("button", name="Hide time").click()
    expect(page.get_by_role("timer")).to_have_text("Time hidden")
    page.get_by_role("button", name="Say the time left").click()
    expect(page.get_by_role("timer")).to_contain_text("1:")
    page.clock.fast_forward(11_000)
    expect(page.get_by_role("timer")).to_have_text("Time hidden")


def test_the_language_of_the_page_changes_and_what_was_typed_stays(
    open_part: OpenPage, db: Session, part_two: AttemptPart
) -> None:
    page = open_part(part_two)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Your answer").press_sequentially("Ana looks tired.")
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", name="Vignette RFV-0002")).to_be_visible()  # the words of the exam, at its place
    expect(page.get_by_role("textbox").first).to_have_value("Ana looks tired.")
    page.context.set_offline(True)
    page.get_by_role("button", name="English").click()
    expect(page.locator("#notices .usa-alert")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_the_time_is_announced_at_30_10_5_and_1_minutes(
    open_part: OpenPage, part_one: AttemptPart, at: datetime
) -> None:
    page = open_part(part_one)
    saved(page)
    said = page.evaluate(
        """async () => {
          const { Clock } = await import("/static/js/exam/clock.js");
          const clock = new Clock(), said = [];
          clock.addEventListener("warning", (event) => said.push(event.detail));
          const end = Date.now() + 7200_000;
          for (const minutes of [31, 30, 11, 10, 6, 4.9, 1.1, 0.9, 0.5, 31, 3.2]) {
            const now = new Date(end - minutes * 60_000).toISOString();
            const receipt = { now, deadline: new Date(end).toISOString(), stopped_left: null };
            clock.synchronise(receipt, performance.now());
          }
          return said;
        }"""
    )
    assert said == [30, 10, 5, 1, 4]  # at last after a sleep from 31 minutes to 3.2: what is left now, once
    expect(page.get_by_role("status")).to_have_attribute(
        "id", "announcements"
    )  # which is polite, and the timer is silent


def test_the_review_leads_to_what_is_unanswered_flagged_and_noted(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    page.get_by_text("Answer b to question 1").click()
    page.get_by_role("button", name="Flag for later").click()
    page.get_by_role("button", name="Note to myself").click()
    page.get_by_role("textbox", name="Note to myself").fill("Compare")
    page.get_by_role("button", name="Review and hand in").click()
    review = page.get_by_role("region", name="Review and hand in")
    expect(review.get_by_role("heading")).to_have_text(
        ["Review and hand in", "Not answered yet", "Flagged", "With a note to yourself"]
    )
    expect(review.get_by_role("listitem")).to_have_text(
        ["Question 2", "Question 3", "Question 4", "Question 1", "Question 1"]
    )
    review.get_by_role("button", name="Question 3").click()
    expect(page.get_by_role("heading", name="Question 3 of 4")).to_be_focused()


def test_what_is_written_but_not_chosen_is_kept_and_said_to_be(
    open_part: OpenPage, db: Session, part_two: AttemptPart
) -> None:
    page = open_part(part_two)
    page.get_by_role("textbox", name="Your answer").fill("Ana looks tired.")
    kept = page.get_by_text("Not chosen: what you have written is kept, and not scored.").locator("visible=true")
    expect(kept).to_have_count(0)
    page.get_by_text("I answer this vignette").locator("visible=true").click()
    expect(kept).to_be_visible()
    expect(page.get_by_role("button", name="Vignette RFV-0001 not chosen, kept, not scored")).to_be_visible()
    page.get_by_role("button", name="Review and hand in").click()
    expect(page.get_by_role("region", name="Review and hand in")).to_contain_text(
        "Written but not chosen: kept, not scored"
    )
    page.get_by_role("button", name="Hand in Part Two").click()
    expect(page.get_by_role("dialog")).to_contain_text("Written but not chosen: kept, not scored: Vignette RFV-0001")
    assert recorded(db, part_two).answers == {"RFV-0001": "Ana looks tired."}


def test_the_vignette_stays_in_view_beside_a_long_answer(open_part: OpenPage, part_two: AttemptPart) -> None:
    page = open_part(part_two)
    page.get_by_role("textbox", name="Your answer").fill("A sentence of the answer.\n" * 80)
    page.evaluate("window.scrollTo(0, 1200)")
    expect(page.get_by_role("region", name="Vignette Vignette RFV-0001")).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_text("Vignette", exact=True).locator("visible=true").click()
    expect(page.get_by_role("region", name="Vignette Vignette RFV-0001")).to_have_count(0)  # folded away on a phone
