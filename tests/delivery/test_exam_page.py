"""The exam page in a real browser: saved only on a receipt, nothing lost offline, one tab, keyboard alone."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.delivery import attempts, time_ledger
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.delivery.responses import responses_of
from examapp.registration.models import Registration
from tests.delivery.exam_page import OpenPage, answer_shortly_before, answers_of, saved
from tests.personas import Personas


def test_an_answer_is_saved_at_once_and_is_still_there_after_a_reload(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one)
    page.get_by_text("Answer b to question 1").click()
    saved(page)
    expect(page.locator("#save-text")).to_contain_text("Saved ")
    assert answers_of(db, part_one) == {"TF-0001": "b"}
    page.reload()
    expect(page.get_by_label("Answer b to question 1")).to_be_checked()
    expect(page.get_by_role("button", name="Question 1, answered")).to_be_visible()


def test_typing_is_saved_and_is_still_there_after_a_reload(
    open_part: OpenPage, db: Session, part_two: AttemptPart
) -> None:
    page = open_part(part_two)
    page.get_by_role("textbox", name="Your answer").press_sequentially("Ana looks tired.")
    expect(page.get_by_text("Words: 3")).to_be_visible()
    expect(page.get_by_role("checkbox", name="I answer this vignette")).to_be_checked()
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saving")
    saved(page)
    assert answers_of(db, part_two) == {"RFV-0001": "Ana looks tired."}
    page.reload()
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("Ana looks tired.")


def test_offline_nothing_is_lost_even_when_the_page_is_closed(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one)
    saved(page)
    page.context.set_offline(True)
    page.get_by_text("Answer c to question 1").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Answer d to question 2").click()
    expect(page.locator("#save-text")).to_contain_text("2 changes kept on this device")
    assert answers_of(db, part_one) == {}
    page.context.set_offline(False)
    open_part(part_one, page)  # a new load of the page, before the old one could send anything
    saved(page)
    assert answers_of(db, part_one) == {"TF-0001": "c", "TF-0002": "d"}


def test_back_online_the_same_page_sends_what_it_kept(open_part: OpenPage, db: Session, part_two: AttemptPart) -> None:
    page = open_part(part_two)
    saved(page)
    page.context.set_offline(True)
    page.get_by_role("textbox", name="Your answer").fill("Written without a connection.")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "offline")
    page.get_by_role("textbox", name="Your answer").press_sequentially(" And more.")
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("#notices")).to_contain_text("The connection is back.")
    assert answers_of(db, part_two) == {"RFV-0001": "Written without a connection. And more."}


def test_a_second_tab_takes_over_and_the_first_becomes_read_only(
    open_part: OpenPage, page_of: OpenPage, sitting: Registration, db: Session, part_one: AttemptPart
) -> None:
    first = open_part(part_one)
    saved(first)
    second = open_part(part_one, first.context.new_page())
    expect(second.get_by_role("heading", name="This part is open in another window")).to_be_visible()
    second.get_by_role("button", name="Continue here").click()
    saved(second)
    second.get_by_text("Answer b to question 1").click()
    saved(second)
    first.get_by_text("Answer a to question 1").click()
    expect(first.get_by_role("button", name="Continue here")).to_be_visible()
    expect(first.get_by_label("Answer a to question 1")).to_be_disabled()
    assert answers_of(db, part_one) == {"TF-0001": "b"}


def test_what_a_lost_tab_kept_counts_only_when_the_candidate_says_so(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    first = open_part(part_one)
    saved(first)
    first.route("**/exam/log", lambda route: route.abort())  # this tab alone has no connection
    first.get_by_text("Answer a to question 1").click()
    expect(first.locator("#save-state")).to_have_attribute("data-state", "offline")
    second = open_part(part_one, first.context.new_page())
    second.get_by_role("button", name="Continue here").click()
    expect(second.get_by_role("dialog")).to_contain_text("Question 1: kept here “A Answer a to question 1”")
    second.get_by_role("button", name="Use the changes of this device").click()
    expect(second.get_by_label("Answer a to question 1")).to_be_checked()
    saved(second)
    assert answers_of(db, part_one) == {"TF-0001": "a"}


def test_the_keyboard_alone_is_enough(open_part: OpenPage, db: Session, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    saved(page)
    page.get_by_label("Answer a to question 1").focus()
    page.keyboard.press("ArrowDown")
    for button in ("Strike out option C", "Strike out option D", "Flag for later", "Note to myself", "Clear my answer"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=button)).to_be_focused()
    for _press in range(2):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove the flag")).to_be_focused()
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 2 of 4")).to_be_focused()
    page.get_by_role("button", name="Review and hand in").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Review and hand in")).to_be_focused()
    page.get_by_role("button", name="Hand in Part One").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Answered: 1 of 4.")
    expect(page.get_by_role("dialog")).to_contain_text("Not answered yet: 2–4")
    expect(page.get_by_role("dialog")).to_contain_text("Flagged: 1")
    page.keyboard.press("Shift+Tab")  # the way back has the focus first
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Part One is handed in")).to_be_visible()
    assert answers_of(db, part_one) == {"TF-0001": "b"}


def test_time_given_back_is_seen(
    open_part: OpenPage, db: Session, part_one: AttemptPart, personas: Personas, at: datetime
) -> None:
    page = open_part(part_one)
    saved(page)
    time_ledger.give_time(db, [part_one], seconds=600, reason="Fire alarm.", by=personas.proctor().id, at=at)
    db.commit()
    page.get_by_text("Answer b to question 1").click()
    expect(page.locator("#notices")).to_contain_text("The end of this part has changed: it is now 11:40 AM MDT.")
    expect(page.locator("#ends-at")).to_contain_text("11:40 AM")


def test_when_the_time_is_up_everything_typed_is_handed_in(
    open_part: OpenPage, db: Session, part_two: AttemptPart, at: datetime, time_machine: TimeMachineFixture
) -> None:
    part_two.deadline_at = at + timedelta(seconds=100)
    part_two.accepts_until = part_two.deadline_at + timedelta(seconds=20)
    db.commit()
    page = open_part(part_two)
    saved(page)
    time_machine.move_to(part_two.deadline_at - timedelta(seconds=6), tick=True)
    page.get_by_role("textbox", name="Your answer").fill("The last sentence")
    page.evaluate("window.scrollTo(0, 0)")
    expect(page.get_by_role("heading", name="Part Two is handed in")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Time is up", exact=True)).to_be_visible()
    assert answers_of(db, part_two) == {"RFV-0001": "The last sentence"}
    closed = db.get_one(AttemptPart, part_two.id)
    assert (closed.closed_at, closed.closed_by) == (closed.deadline_at, ClosedBy.DEADLINE)


def test_without_a_connection_at_the_end_nothing_is_thrown_away(
    open_part: OpenPage, db: Session, part_one: AttemptPart, at: datetime, time_machine: TimeMachineFixture
) -> None:
    part_one.deadline_at = part_one.accepts_until = at + timedelta(seconds=100)
    db.commit()
    page = open_part(part_one)
    saved(page)
    answer_shortly_before(page, part_one.deadline_at, 10, time_machine)
    page.context.set_offline(True)
    page.get_by_text("Answer b to question 1").click()
    expect(page.locator("#notices")).to_contain_text("Time is up, and there is no connection.", timeout=40_000)
    expect(page.get_by_role("radio", name="Answer b to question 1")).to_be_disabled()
    page.context.set_offline(False)
    expect(page.get_by_text("1 change arrived after the end.")).to_be_visible(timeout=20_000)
    assert answers_of(db, part_one) == {"TF-0001": "a"}


def test_the_last_minute_is_announced_once_and_the_time_can_be_hidden(
    open_part: OpenPage, db: Session, part_one: AttemptPart, at: datetime, time_machine: TimeMachineFixture
) -> None:
    part_one.deadline_at = at + timedelta(seconds=400)
    part_one.accepts_until = part_one.deadline_at
    db.commit()
    page = open_part(part_one)
    expect(page.get_by_role("timer")).to_have_attribute("aria-live", "off")
    saved(page)
    answer_shortly_before(page, part_one.deadline_at, 59, time_machine)  # the laptop slept over the five minutes
    told = page.get_by_role("status").get_by_text(re.compile("minutes? left"))
    expect(told).to_have_text("One minute left")
    expect(page.get_by_role("timer")).to_contain_text("00:5")
    page.get_by_role("button", name="Hide time").click()
    expect(page.get_by_role("timer")).to_have_text("Time hidden")


def test_the_page_speaks_spanish(
    open_part: OpenPage, db: Session, sitting: Registration, part_one: AttemptPart
) -> None:
    sitting.candidate.locale = "es"
    db.commit()
    page = open_part(part_one)
    saved(page)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("#save-text")).not_to_contain_text("{time}")


def test_on_a_spanish_page_the_words_of_the_exam_are_marked_as_english(
    open_part: OpenPage, db: Session, sitting: Registration, part_one: AttemptPart, part_two: AttemptPart
) -> None:
    sitting.candidate.locale = "es"
    db.commit()
    page = open_part(part_two)
    saved(page)
    for text in ("Vignette RFV-0001", "Ana brings her daughter", "What do you notice"):
        spoken = page.get_by_text(text).locator("visible=true")
        assert set(spoken.evaluate_all("all => all.map(e => e.closest('[lang]').lang)")) == {"en"}
    assert page.get_by_role("textbox").locator("visible=true").get_attribute("lang") == "en"
    assert page.get_by_role("button", name="Vignette RFV-0002").locator(".map-title").get_attribute("lang") == "en"


def test_the_end_is_shown_with_its_zone(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    expect(page.locator("#ends-at")).to_have_text("ends at 11:30 AM MDT")


def test_closed_by_the_proctor_the_page_leads_on(
    open_part: OpenPage, db: Session, part_one: AttemptPart, at: datetime
) -> None:
    page = open_part(part_one)
    saved(page)
    attempts.close_part(db, part_one, closed_by=ClosedBy.STAFF, at=at + timedelta(seconds=1), reason="Ill.")
    db.commit()
    page.get_by_text("Answer b to question 1").click()
    expect(page.get_by_text("Closed by the proctor")).to_be_visible()
    expect(page.get_by_text("1 change arrived after the end.")).to_be_visible()


def test_saving_goes_on_when_the_sign_in_has_ended(open_part: OpenPage, db: Session, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    saved(page)
    page.context.clear_cookies()
    page.get_by_text("Answer b to question 1").click()
    saved(page)
    expect(page.get_by_role("button", name="Question 1, answered")).to_be_visible()
    assert answers_of(db, part_one) == {"TF-0001": "b"}


def test_choosing_keeps_to_two_of_three_and_can_be_changed(
    open_part: OpenPage, db: Session, part_two: AttemptPart
) -> None:
    page = open_part(part_two)
    saved(page)
    page.get_by_text("I answer this vignette").first.click()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("I answer this vignette").locator("visible=true").click()
    page.get_by_role("button", name="Next").click()
    box = page.get_by_role("checkbox", name="I answer this vignette")
    expect(box).to_be_disabled()
    expect(page.get_by_text("To choose another, take one back first.").locator("visible=true")).to_be_visible()
    page.get_by_role("button", name="Previous").click()
    page.get_by_text("I answer this vignette").locator("visible=true").click()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("checkbox", name="I answer this vignette")).to_be_enabled()
    saved(page)
    assert responses_of(db, [part_two.id])[part_two.id].chosen == ["RFV-0001"]
