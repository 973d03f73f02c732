"""A connection that fails, in a real browser: whatever was typed is in the database in the end, once."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.delivery.models import AttemptPart
from examapp.registration.models import Registration
from tests.delivery.exam_page import OpenPage, answers_of, is_kept, late_values_of, saved, state, values_of

# What a browser keeps of this site, but its cookies.
KEPT = """async () => {
  const database = await new Promise((resolve) => {
    indexedDB.open("examapp").onsuccess = (event) => resolve(event.target.result);
  });
  const count = (name) => new Promise((resolve) => {
    database.transaction(name).objectStore(name).count().onsuccess = (event) => resolve(event.target.result);
  });
  const stores = [];
  for (const name of database.objectStoreNames) if (await count(name)) stores.push(name);
  const workers = await navigator.serviceWorker.getRegistrations();
  return [...stores, ...(await caches.keys()), ...workers.map(({ scope }) => scope)];
}"""


def lose_the_connection(page: Page) -> None:
    """Also for what a page still sends while it is left, other than ``set_offline``."""
    page.context.route("**/exam/log", lambda route: route.abort())


def test_offline_for_five_minutes_while_typing_an_essay(
    open_part: OpenPage, page_of: OpenPage, db: Session, part_two: AttemptPart, sitting: Registration,
    time_machine: TimeMachineFixture,
) -> None:  # fmt: skip
    page = page_of(sitting.candidate)
    page.clock.install()
    open_part(part_two, page)
    saved(page)
    page.context.set_offline(True)
    for minute in range(1, 6):
        page.get_by_role("textbox", name="Your answer").press_sequentially(f"Minute {minute}. ")
        page.clock.run_for(60_000)
        time_machine.shift(60)
        expect(page.locator("#save-text")).to_contain_text("Offline since 10:00 AM MDT")
    assert answers_of(db, part_two) == {}
    page.context.set_offline(False)
    saved(page)
    assert answers_of(db, part_two) == {"RFV-0001": "Minute 1. Minute 2. Minute 3. Minute 4. Minute 5. "}
    assert late_values_of(db, part_two) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_typing_without_a_pause_is_saved_every_two_seconds(
    open_part: OpenPage, page_of: OpenPage, part_two: AttemptPart, sitting: Registration
) -> None:
    page = page_of(sitting.candidate)
    page.clock.install()
    open_part(part_two, page)
    saved(page)
    saves: list[str] = []
    page.on("request", lambda asked: saves.append(asked.post_data or "") if asked.url.endswith("/exam/log") else None)
    page.get_by_role("textbox", name="Your answer").focus()
    for _letter in range(40):
        page.keyboard.type("a")
        page.clock.run_for(300)
    assert sum("RFV-0001" in save for save in saves) >= 6  # in twelve seconds


def test_a_reload_without_a_connection_goes_on(open_part: OpenPage, db: Session, part_two: AttemptPart) -> None:
    page = open_part(part_two)
    page.get_by_role("textbox", name="Your answer").fill("Saved.")
    saved(page)
    is_kept(page)
    page.context.set_offline(True)
    page.get_by_role("textbox", name="Your answer").fill("Saved. Not sent.")
    state(page, "offline")
    page.reload()
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("Saved. Not sent.")
    page.get_by_role("textbox", name="Your answer").press_sequentially(" After the reload.")
    expect(page.locator("#save-text")).to_contain_text("kept on this device")
    page.context.set_offline(False)
    saved(page)
    assert answers_of(db, part_two) == {"RFV-0001": "Saved. Not sent. After the reload."}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_handing_in_nothing_of_the_part_stays_on_the_device(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    page.get_by_text("Answer b to question 1").click()
    saved(page)
    is_kept(page)
    assert page.evaluate(KEPT) != []
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in Part One").click()
    page.get_by_role("button", name="Yes, hand in").click()
    expect(page.get_by_role("heading", name="Part One is handed in")).to_be_visible()
    assert page.evaluate(KEPT) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_closed_while_the_page_was_not_open_the_next_visit_clears_the_device(
    open_part: OpenPage, db: Session, part_one: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    page = open_part(part_one)
    saved(page)
    is_kept(page)
    page.goto("/exam")
    assert page.evaluate(KEPT) != []
    time_machine.move_to(part_one.deadline_at + timedelta(minutes=1), tick=True)
    page.reload()
    page.wait_for_function(f"async () => !(await ({KEPT})()).length")


def test_a_reload_at_every_step_loses_nothing(open_part: OpenPage, db: Session, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    for number, letter in enumerate("bcda", start=1):
        page.get_by_text(f"Answer {letter} to question {number}").click()
        page.reload()  # whether or not the change was sent by then
        expect(page.get_by_role("button", name=f"Question {number}, answered")).to_be_visible()
        page.locator("#next").click()
    saved(page)
    assert answers_of(db, part_one) == {"TF-0001": "b", "TF-0002": "c", "TF-0003": "d", "TF-0004": "a"}
    assert values_of(db, part_one) == ["b", "c", "d", "a"]


def test_a_receipt_that_was_lost_on_its_way_doubles_nothing(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one)
    saved(page)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/exam/log", lose_the_answer)
    page.get_by_text("Answer b to question 1").click()
    state(page, "offline")
    page.unroute("**/exam/log")
    page.reload()
    saved(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Answer c to question 2").click()
    saved(page)
    assert values_of(db, part_one) == ["b", "c"]


def test_what_could_not_be_sent_in_time_is_sent_at_a_later_visit_as_late(
    open_part: OpenPage, db: Session, part_two: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    page = open_part(part_two)
    page.get_by_role("textbox", name="Your answer").fill("In time.")
    saved(page)
    lose_the_connection(page)
    page.get_by_role("textbox", name="Your answer").fill("In time. And more, without a connection.")
    state(page, "offline")
    time_machine.move_to(part_two.deadline_at + timedelta(hours=3), tick=True)
    page.goto("about:blank")  # the laptop is opened and shut again; a page sends once more when it is left
    page.context.unroute_all()
    page.goto("/exam")
    expect(page.get_by_text("Changes of Part Two that this device had kept have been sent.")).to_be_visible()
    assert answers_of(db, part_two) == {"RFV-0001": "In time."}
    assert late_values_of(db, part_two) == ["In time. And more, without a connection."]
    assert page.evaluate(KEPT) == []


def test_the_page_after_a_part_sends_what_is_left_and_tells_how_much_came_late(
    open_part: OpenPage, db: Session, part_one: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    page = open_part(part_one)
    saved(page)
    lose_the_connection(page)
    page.get_by_text("Answer b to question 1").click()
    state(page, "offline")
    time_machine.move_to(part_one.deadline_at + timedelta(minutes=5), tick=True)
    page.goto("about:blank")
    page.context.unroute_all()
    open_part(part_one, page)
    expect(page.get_by_text("1 change arrived after the end.")).to_be_visible()
    assert late_values_of(db, part_one) == ["b"]


# A server that is newer than the page


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_page_that_asks_in_the_way_of_before_an_update_keeps_its_changes_until_a_reload(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one)
    saved(page)
    page.route("**/exam/log", lambda route: route.continue_(url=f"{route.request.url}/token"))
    page.get_by_text("Answer b to question 1").click()
    state(page, "offline")
    page.unroute("**/exam/log")
    page.reload()
    saved(page)
    assert answers_of(db, part_one) == {"TF-0001": "b"}


# A device that cannot keep anything


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_device_that_keeps_nothing_says_so_and_saves_all_the_same(
    open_part: OpenPage, page_of: OpenPage, db: Session, part_one: AttemptPart, sitting: Registration
) -> None:
    page = page_of(sitting.candidate)
    page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('private window'); }")
    open_part(part_one, page)
    expect(page.locator("#notices")).to_contain_text("This browser cannot keep changes on the device.")
    page.context.set_offline(True)
    page.get_by_text("Answer b to question 1").click()
    expect(page.locator("#save-text")).to_contain_text("changes only in this window (1): do not close it")
    page.context.set_offline(False)
    saved(page)
    assert answers_of(db, part_one) == {"TF-0001": "b"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_disk_that_fails_meanwhile_is_told_and_its_recovery_too(
    open_part: OpenPage, db: Session, part_one: AttemptPart
) -> None:
    page = open_part(part_one)
    saved(page)
    page.evaluate(
        "() => { IDBDatabase.prototype.whole = IDBDatabase.prototype.transaction;"
        "IDBDatabase.prototype.transaction = () => { throw new Error('no space left'); } }"
    )
    lose_the_connection(page)
    page.get_by_text("Answer b to question 1").click()
    expect(page.locator("#notices")).to_contain_text("This browser cannot keep changes on the device.")
    expect(page.locator("#save-text")).to_contain_text("only in this window")
    page.evaluate("() => { IDBDatabase.prototype.transaction = IDBDatabase.prototype.whole; }")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Answer c to question 2").click()
    expect(page.locator("#save-text")).to_contain_text("kept on this device")
    page.goto("about:blank")
    page.context.unroute_all()
    open_part(part_one, page)
    saved(page)
    assert answers_of(db, part_one) == {"TF-0001": "b", "TF-0002": "c"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_text_too_long_to_be_saved_is_told_beside_it_and_the_rest_is_saved(
    open_part: OpenPage, db: Session, part_two: AttemptPart
) -> None:
    page = open_part(part_two)
    answer = page.get_by_role("textbox", name="Your answer")
    answer.evaluate("area => { area.maxLength = 200000; }")
    answer.fill("é" * 51_000)
    expect(page.get_by_text("This is too long to be saved, so it is not.")).to_be_visible()
    expect(page.locator("#save-text")).to_have_text("Not saved: an answer is too long")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("I answer this vignette").locator("visible=true").click()
    page.get_by_role("button", name="Previous").click()
    page.reload()  # the text is still there
    expect(answer).to_have_value("é" * 51_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download a copy").locator("visible=true").click()
    assert "é" * 51_000 in download.value.path().read_text()
    answer.fill("Shorter.")
    saved(page)
    assert answers_of(db, part_two) == {"RFV-0001": "Shorter."}
