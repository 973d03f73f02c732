"""Several devices, a sign-in that ends, a clock that is wrong: nothing is lost, and the page says how it stands."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.delivery import attempts
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.registration.models import Registration
from tests.delivery.exam_page import OpenPage, answers_of, late_values_of, saved, state, values_of


def lose_the_connection(page: Page) -> None:
    page.route("**/exam/log", lambda route: route.abort())


def come_back(page: Page) -> None:
    page.unroute("**/exam/log")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")


def test_a_second_device_is_told_what_the_first_may_keep_and_both_are_saved_in_the_end(
    open_part: OpenPage, db: Session, part_one: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    first = open_part(part_one)
    saved(first)
    lose_the_connection(first)
    first.get_by_text("Answer a to question 1").click()
    state(first, "offline")
    time_machine.shift(120)
    second = open_part(part_one)
    expect(second.get_by_text("The other window was last heard of at 10:00 AM MDT.")).to_be_visible()
    second.get_by_role("button", name="Continue here").click()
    second.get_by_role("button", name="Next").click()
    second.get_by_text("Answer b to question 2").click()
    saved(second)
    come_back(first)
    expect(first.get_by_text("This window keeps changes that are not saved (1).")).to_be_visible()
    first.get_by_role("button", name="Continue here").click()
    first.get_by_role("button", name="Use the changes of this device").click()
    saved(first)
    assert answers_of(db, part_one) == {"TF-0002": "b", "TF-0001": "a"}
    assert values_of(db, part_one) == ["b", "a"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("unsent", "told"),
    [(0, "everything written there is saved"), (3, "It kept changes that were not saved (3).")],
)
def test_a_device_that_was_just_heard_of_is_described_as_it_said(
    open_part: OpenPage, db: Session, part_one: AttemptPart, unsent: int, told: str
) -> None:
    saved(open_part(part_one))
    part_one.unsent = unsent
    db.commit()
    expect(open_part(part_one).get_by_text(told)).to_be_visible()


def test_what_a_device_kept_that_was_taken_over_is_sent_as_late_once_the_part_is_closed(
    open_part: OpenPage, page_of: OpenPage, db: Session, sitting: Registration, part_one: AttemptPart, at: datetime
) -> None:
    first = page_of(sitting.candidate)
    first.clock.install()
    open_part(part_one, first)
    saved(first)
    lose_the_connection(first)
    first.get_by_text("Answer a to question 1").click()
    state(first, "offline")
    second = open_part(part_one)
    second.get_by_role("button", name="Continue here").click()
    saved(second)
    come_back(first)
    expect(first.locator("#save-text")).to_have_text("Read-only here – changes kept on this device: 1")
    first.clock.run_for(31_000)
    assert late_values_of(db, part_one) == []
    part = db.get_one(AttemptPart, part_one.id)
    attempts.close_part(db, part, closed_by=ClosedBy.STAFF, at=at + timedelta(minutes=5), reason="Ill.")
    db.commit()
    first.clock.run_for(31_000)
    expect(first.get_by_text("1 change arrived after the end.")).to_be_visible()
    assert (answers_of(db, part_one), late_values_of(db, part_one)) == ({}, ["a"])


def test_handed_in_on_one_device_the_other_one_writes_no_more(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    first = open_part(part_one)
    saved(first)
    second = open_part(part_one)
    second.get_by_role("button", name="Continue here").click()
    second.get_by_text("Answer b to question 1").click()
    saved(second)
    second.get_by_role("button", name="Review and hand in").click()
    second.get_by_role("button", name="Hand in Part One").click()
    second.get_by_role("button", name="Yes, hand in").click()
    expect(second.get_by_role("heading", name="Part One is handed in")).to_be_visible()
    first.get_by_text("Answer c to question 1").click()
    expect(first.get_by_text("1 change arrived after the end.")).to_be_visible()
    assert (answers_of(db, part_one), late_values_of(db, part_one)) == ({"TF-0001": "b"}, ["c"])


def test_a_new_tab_goes_on_by_itself_when_the_old_one_is_gone(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    crashed = open_part(part_one)
    saved(crashed)
    lose_the_connection(crashed)
    crashed.get_by_text("Answer a to question 1").click()
    state(crashed, "offline")
    page = crashed.context.new_page()
    crashed.close()
    open_part(part_one, page)
    saved(page)
    expect(page.get_by_label("Answer a to question 1")).to_be_checked()
    assert answers_of(db, part_one) == {"TF-0001": "a"}


def test_a_sign_in_that_ends_while_typing_costs_nothing_and_the_part_is_handed_in_without_it(
    open_part: OpenPage, db: Session, part_two: AttemptPart
) -> None:
    page = open_part(part_two)
    page.get_by_role("textbox", name="Your answer").fill("Before.")
    saved(page)
    page.context.clear_cookies()
    page.get_by_role("textbox", name="Your answer").fill("Before. And after the sign-in ended.")
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in Part Two").click()
    page.get_by_role("button", name="Yes, hand in").click()
    expect(page.get_by_role("heading", name="Part Two is handed in")).to_be_focused()
    expect(page.get_by_text("Your sign-in has ended meanwhile")).to_be_visible()
    assert answers_of(db, part_two) == {"RFV-0001": "Before. And after the sign-in ended."}
    assert db.get_one(AttemptPart, part_two.id).closed_by is ClosedBy.CANDIDATE


@pytest.mark.parametrize("days", [1, -1])
def test_the_clock_of_the_device_decides_nothing(
    open_part: OpenPage, page_of: OpenPage, db: Session, sitting: Registration, part_one: AttemptPart,
    at: datetime, days: int,
) -> None:  # fmt: skip
    page = page_of(sitting.candidate)
    page.clock.install(time=at + timedelta(days=days))
    open_part(part_one, page)
    expect(page.get_by_role("timer")).to_contain_text("1:29:")
    expect(page.locator("#ends-at")).to_have_text("ends at 11:30 AM MDT")
    page.get_by_text("Answer b to question 1").click()
    saved(page)
    expect(page.locator("#save-text")).to_contain_text("Saved 10:00:")
    assert answers_of(db, part_one) == {"TF-0001": "b"}
    part = db.get_one(AttemptPart, part_one.id)
    assert part.closed_at is None
    assert part.clock_offset_ms is not None
    assert abs(part.clock_offset_ms - days * 86_400_000) < 60_000
