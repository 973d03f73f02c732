"""What the room does while a candidate writes, as the exam page shows it: pauses, breaks, messages, time given back."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.clock import now
from examapp.delivery import clock_stops, time_ledger
from examapp.delivery.models import AttemptPart
from examapp.proctoring.messages import send_message
from examapp.registration.models import Accommodation, Registration
from tests.browser import assert_accessible, assert_fits
from tests.delivery.exam_page import OpenPage, answers_of, saved
from tests.personas import Personas


def ask_the_server(page: Page) -> None:
    """What the page does every 15 seconds, until the answer is there: a question asked meanwhile joins this one."""
    with page.expect_response("**/exam/log") as answer:
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
    answer.value.finished()


def test_a_pause_while_typing_covers_the_questions_and_saves_what_was_typed(
    open_part: OpenPage, db: Session, part_two: AttemptPart, personas: Personas, time_machine: TimeMachineFixture
) -> None:
    page, proctor = open_part(part_two), personas.proctor().id
    answer = page.get_by_role("textbox", name="Your answer")
    answer.press_sequentially("Ana looks")
    clock_stops.pause(db, [part_two], reason="Fire alarm.", by=proctor, at=now())
    db.commit()
    expect(page.get_by_role("heading", name="The proctor has stopped the clock")).to_be_focused()
    expect(page.get_by_text("Fire alarm.")).to_be_visible()
    expect(answer).to_be_hidden()
    saved(page)
    assert answers_of(db, part_two) == {"RFV-0001": "Ana looks"}
    shown = page.get_by_role("timer").text_content()
    time_machine.shift(600)
    ask_the_server(page)
    expect(page.get_by_role("timer")).to_have_text(shown or "")
    clock_stops.resume(db, [db.get_one(AttemptPart, part_two.id)], by=proctor, at=now())
    db.commit()
    ask_the_server(page)
    expect(answer).to_be_focused()
    expect(page.locator("#notices")).to_contain_text("The clock runs again.")
    page.keyboard.type(" tired.")
    saved(page)
    assert answers_of(db, part_two) == {"RFV-0001": "Ana looks tired."}


def test_a_break_is_taken_and_ended_by_the_candidate(
    open_part: OpenPage, db: Session, breaks: Accommodation, part_one: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    page = open_part(part_one)
    page.get_by_role("button", name="Take a break (15 minutes left)").click()
    expect(page.get_by_role("heading", name="You are on a break")).to_be_focused()
    expect(page.get_by_text("The break ends by itself in 1")).to_be_visible()
    expect(page.get_by_text("Answer a to question 1")).to_be_hidden()
    assert_accessible(page)
    time_machine.shift(300)
    page.get_by_role("button", name="End my break").click()
    expect(page.get_by_text("Answer a to question 1")).to_be_visible()
    expect(page.get_by_role("button", name="Take a break (10 minutes left)")).to_be_visible()
    expect(page.locator("#ends-at")).to_have_text("ends at 11:35 AM MDT")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_break_that_is_used_up_ends_by_itself(
    open_part: OpenPage, db: Session, breaks: Accommodation, part_one: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    page = open_part(part_one)
    page.get_by_role("button", name="Take a break (15 minutes left)").click()
    expect(page.get_by_role("heading", name="You are on a break")).to_be_visible()
    time_machine.shift(16 * 60)
    ask_the_server(page)
    expect(page.get_by_text("Answer a to question 1")).to_be_visible()
    expect(page.get_by_role("button", name="Take a break")).to_be_hidden()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_break_that_is_used_up_without_a_connection_uncovers_the_questions(
    open_part: OpenPage, page_of: OpenPage, breaks: Accommodation, part_one: AttemptPart, sitting: Registration
) -> None:
    page = page_of(sitting.candidate)
    page.clock.install()
    open_part(part_one, page)
    page.get_by_role("button", name="Take a break (15 minutes left)").click()
    expect(page.get_by_role("heading", name="You are on a break")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="End my break").click()
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    page.clock.run_for(901_500)
    page.get_by_text("Answer b to question 1").click()
    expect(page.locator("#save-text")).to_contain_text("1 change kept on this device")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_page_opened_while_the_clock_stands_still_is_covered(
    open_part: OpenPage, db: Session, part_one: AttemptPart, personas: Personas
) -> None:
    clock_stops.pause(db, [part_one], reason="Fire alarm.", by=personas.proctor().id, at=now())
    db.commit()
    page = open_part(part_one, width=390)
    expect(page.get_by_text("Fire alarm.")).to_be_visible()
    expect(page.get_by_text("Answer a to question 1")).to_be_hidden()
    expect(page.get_by_role("timer")).to_contain_text("1:30:00")
    assert_accessible(page)
    assert_fits(page)


def test_a_message_of_the_proctor_is_announced_and_can_be_read_again(
    open_part: OpenPage, db: Session, sitting: Registration, part_one: AttemptPart, personas: Personas
) -> None:
    page = open_part(part_one)
    saved(page)
    text = "The heating is noisy until eleven."
    send_message(db, sitting.administration, registration=None, text=text, by=personas.proctor().id, at=now())
    db.commit()
    ask_the_server(page)
    expect(page.locator("#notices")).to_contain_text(text)
    expect(page.get_by_role("status").get_by_text(text)).to_be_attached()
    page.get_by_role("button", name="Close this notice").click()
    expect(page.locator("#notices")).not_to_contain_text(text)
    page.reload()
    page.get_by_role("button", name="Messages from the proctor (1)").click()
    expect(page.get_by_role("dialog")).to_contain_text(text)
    expect(page.locator("#notices")).not_to_contain_text(text)
    assert_accessible(page)


def test_time_given_back_while_typing_is_told_and_disturbs_nothing(
    open_part: OpenPage, db: Session, part_two: AttemptPart, personas: Personas, at: datetime
) -> None:
    page = open_part(part_two)
    answer = page.get_by_role("textbox", name="Your answer")
    answer.press_sequentially("Before ")
    time_ledger.give_time(db, [part_two], seconds=600, reason="Fire alarm.", by=personas.proctor().id, at=at)
    db.commit()
    expect(page.get_by_role("status").get_by_text("The end of this part has changed")).to_be_attached()
    expect(answer).to_be_focused()
    page.keyboard.type("and after.")
    saved(page)
    assert answers_of(db, part_two) == {"RFV-0001": "Before and after."}
