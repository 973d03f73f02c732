"""Every state of the exam page: no complaint of axe, nothing over the edge, the focus in order and in sight."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.delivery import clock_stops
from examapp.delivery.models import AttemptPart
from examapp.proctoring.messages import send_message
from examapp.registration.models import Registration
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.delivery.exam_page import OpenPage, saved
from tests.personas import Personas

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def judge(page: Page) -> None:
    assert_accessible(page)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)


def look(page: Page, **settings: str) -> None:
    """As the settings would have it: ``look(page, size="200", colors="dark")``."""
    page.evaluate("settings => Object.assign(document.documentElement.dataset, settings)", settings)


def test_questions_one_at_a_time_and_all_on_one_page(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    page.get_by_text("Answer b to question 1").click()
    page.get_by_role("button", name="Strike out option A").click()
    page.get_by_role("button", name="Flag for later").click()
    page.get_by_role("button", name="Note to myself").click()
    saved(page)
    judge(page)
    page.get_by_role("button", name="Show all on one page").click()
    judge(page)


def test_review_closing_settings_and_shortcuts(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    saved(page)
    page.keyboard.press("Alt+KeyR")
    judge(page)
    for button, dialog in (
        ("Hand in Part One", "Hand in Part One?"),
        ("Settings", "Settings"),
        ("Shortcuts", "Shortcuts"),
    ):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog", name=dialog)).to_be_visible()
        judge(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=button)).to_be_focused()


def test_an_essay_chosen_or_not(open_part: OpenPage, part_two: AttemptPart) -> None:
    page = open_part(part_two)
    page.get_by_role("textbox", name="Your answer").fill("Ana looks tired.")
    judge(page)
    page.get_by_text("I answer this vignette").locator("visible=true").click()
    page.keyboard.press("Alt+KeyM")  # which opens the list of vignettes on a phone
    expect(page.get_by_role("button", name="Vignette RFV-0001 not chosen, kept, not scored")).to_be_visible()
    judge(page)


def test_offline_with_a_message_and_stopped(
    open_part: OpenPage,
    db: Session,
    sitting: Registration,
    part_one: AttemptPart,
    personas: Personas,
    at: datetime,
) -> None:
    page = open_part(part_one)
    saved(page)
    proctor, room = personas.proctor(), sitting.administration
    send_message(db, room, registration=None, text="Ten minutes of noise next door.", by=proctor.id, at=at)
    db.commit()
    page.get_by_text("Answer b to question 1").click()
    expect(page.locator("#notices")).to_contain_text("The proctor says: Ten minutes")
    page.context.set_offline(True)
    page.get_by_text("Answer c to question 1").click()
    expect(page.locator("#save-state")).to_have_attribute("data-state", "offline")
    judge(page)
    page.get_by_role("button", name="Messages from the proctor").click()
    judge(page)
    clock_stops.pause(db, [part_one], reason="Fire alarm.", by=proctor.id, at=at)
    db.commit()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="The proctor has stopped the clock")).to_be_focused()
    judge(page)


def test_held_in_another_window_and_changes_kept_here(open_part: OpenPage, part_one: AttemptPart) -> None:
    first = open_part(part_one)
    saved(first)
    first.route("**/exam/log", lambda route: route.abort())  # this tab alone has no connection
    first.get_by_text("Answer a to question 1").click()
    expect(first.locator("#save-state")).to_have_attribute("data-state", "offline")
    second = open_part(part_one, first.context.new_page())
    expect(second.get_by_role("heading", name="This part is open in another window")).to_be_focused()
    judge(second)
    second.get_by_role("button", name="Continue here").click()
    expect(second.get_by_role("dialog")).to_contain_text("This device kept changes that were not saved")
    judge(second)


def test_waiting_for_the_proctor_and_handed_in(
    page_of: OpenPage, open_part: OpenPage, db: Session, sitting: Registration, at: datetime
) -> None:
    sitting.administration.proctored = True
    db.commit()
    page = page_of(sitting.candidate)
    page.goto(f"/exam/{sitting.code}")
    expect(page.get_by_text("Waiting for the proctor").first).to_be_visible()
    judge(page)
    sitting.administration.proctored = False
    part = factories.started_part(db, at, sitting)
    db.commit()
    open_part(part, page)
    saved(page)
    page.keyboard.press("Alt+KeyR")
    page.get_by_role("button", name="Hand in Part One").click()
    page.get_by_role("button", name="Yes, hand in").click()
    expect(page.get_by_role("heading", name="Part One is handed in")).to_be_visible()
    judge(page)
    page.goto("/exam")
    judge(page)


@pytest.mark.parametrize("part", ["part_one", "part_two"])
def test_on_a_phone(open_part: OpenPage, request: pytest.FixtureRequest, part: str) -> None:
    page = open_part(request.getfixturevalue(part), width=390)
    saved(page)
    page.get_by_role("link", name="Question map" if part == "part_one" else "Vignettes", exact=True).click()
    expect(page.get_by_role("button", name="Review and hand in")).to_be_in_viewport()
    page.get_by_role("button", name="Show all on one page").click()
    assert_accessible(page)


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_high_contrast_in_every_place(open_part: OpenPage, part_two: AttemptPart, colors: str) -> None:
    page = open_part(part_two)
    page.get_by_role("textbox", name="Your answer").fill("Ana looks tired.")
    page.get_by_text("I answer this vignette").locator("visible=true").click()
    saved(page)
    look(page, colors=colors)
    judge(page)
    page.keyboard.press("Alt+KeyR")
    page.get_by_role("button", name="Hand in Part Two").click()
    judge(page)


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (640, 450), (390, 844), (320, 256)])
def test_large_and_wide_text_reflows(open_part: OpenPage, part_one: AttemptPart, width: int, height: int) -> None:
    page = open_part(part_one)  # 640 and 320 px are 1280 px at 200 % and 400 %
    saved(page)
    page.set_viewport_size({"width": width, "height": height})
    for size, spacing in (("100", "normal"), ("200", "normal"), ("200", "wide")):
        look(page, size=size, spacing=spacing)
        assert_fits(page)
    page.keyboard.press("Alt+KeyR")
    assert_fits(page)
    page.get_by_role("button", name="Hand in Part One").focus()
    expect(page.get_by_role("button", name="Hand in Part One")).to_be_in_viewport()


def test_forced_colors_show_what_color_says_and_nothing_moves(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.get_by_text("Answer b to question 1").click()
    saved(page)
    judge(page)
    outline = "element => getComputedStyle(element).outlineStyle"
    current = page.get_by_role("button", name="Question 1, answered")
    assert current.evaluate(outline) == "solid"
    assert page.get_by_role("button", name="Question 2").evaluate(outline) == "none"
    dot = "element => getComputedStyle(element.labels[0], '::before').backgroundColor"
    chosen, other = (page.get_by_label(f"Answer {option} to question 1").evaluate(dot) for option in "ba")
    assert chosen != other
    moving = (
        "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0.01)"
    )
    assert page.evaluate(f"{moving}.length") == 0


def test_the_focus_goes_through_the_page_in_the_order_of_reading(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one)
    saved(page)
    name = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
    ring = """(() => {
      const { activeElement: focused } = document;
      const radio = focused.type === "radio";
      return getComputedStyle(radio ? focused.labels[0] : focused, radio ? "::before" : null).outline;
    })()"""
    names = []
    page.locator("body").evaluate("body => { body.tabIndex = -1; body.focus(); body.removeAttribute('tabindex'); }")
    for _stop in range(18):
        page.keyboard.press("Tab")
        names.append(" ".join(page.evaluate(name).split()))
        assert page.evaluate(ring) == "rgb(168, 67, 31) solid 3px", names[-1]  # 5:1 and more on every ground
    assert names == [
        "Skip to the main content",
        "Say the time left",
        "Hide time",
        "Settings",
        "Shortcuts",
        "Español",
        "Skip to the question map",
        "",  # the options: one stop, then the arrow keys
        *(f"Strike out option {letter}" for letter in "ABCD"),
        "Flag for later",
        "Note to myself",
        "Next",
        "Question map 0 of 4 answered",
        "Question 1, not answered",
        "Question 2, not answered",
    ]


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_what_has_the_focus_is_never_hidden_by_the_bars(
    open_part: OpenPage, part_one: AttemptPart, width: int, height: int
) -> None:
    page = open_part(part_one, width=width)
    saved(page)
    page.set_viewport_size({"width": width, "height": height})
    page.get_by_role("button", name="Show all on one page").click()
    page.get_by_role("heading", name="Question 1 of 4").focus()
    covered = """() => {
      const { activeElement: focused } = document;
      const target = focused.type === "radio" ? focused.labels[0] : focused;
      const { x, y, width, height } = target.getBoundingClientRect();
      const [top, bottom] = [y + 3, y + height - 3].map((edge) => document.elementFromPoint(x + width / 2, edge));
      return [top, bottom].some((seen) => target.contains(seen)) ? "" : focused.outerHTML;
    }"""
    for _stop in range(34):
        page.keyboard.press("Tab")
        assert page.evaluate(covered) == ""
