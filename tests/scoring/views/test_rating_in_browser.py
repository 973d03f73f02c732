"""The rating page in a browser: every change is saved by itself, and the lock keeps it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from examapp.scoring.models import RatingTask
from tests.browser import assert_accessible, assert_fits
from tests.scoring.exam import COMPETENT, Exam

PageOf = Callable[..., Page]


@pytest.fixture
def task(exam: Exam, db: Session) -> RatingTask:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    db.commit()
    return exam.tasks(rater=exam.raters[0])[0]


def choose(page: Page, dimension: str, level: int) -> None:
    page.locator(f"label[for='level-{dimension}-{level}']").click()


def test_changes_in_quick_succession_are_all_saved(exam: Exam, db: Session, page_of: PageOf, task: RatingTask) -> None:
    page = page_of(exam.raters[0])
    page.goto(f"/rating/{task.code}")
    choose(page, "insight", 1)
    choose(page, "insight", 3)
    choose(page, "planning", 3)
    with page.expect_response(lambda response: "Clear and kind." in (response.request.post_data or "")):
        page.get_by_label("Comment").fill("Clear and kind.")
    expect(page.locator("#receipt")).to_contain_text("Saved 10:00:")
    page.reload()
    expect(page.get_by_label("Comment")).to_have_value("Clear and kind.")
    db.refresh(task)
    assert (task.levels, task.comment) == (COMPETENT, "Clear and kind.")


def test_a_save_that_does_not_arrive_is_said_and_tried_again(
    exam: Exam, db: Session, page_of: PageOf, task: RatingTask
) -> None:
    page = page_of(exam.raters[0])
    page.goto(f"/rating/{task.code}")
    page.context.set_offline(True)
    choose(page, "insight", 2)
    expect(page.locator("#receipt")).to_have_text("Not saved yet. Trying again …")
    page.context.set_offline(False)
    expect(page.locator("#receipt")).to_contain_text("Saved 10:00:")
    db.refresh(task)
    assert task.levels == {"insight": 2}


def lose(page: Page, *, receipts: int = 0, requests: int = 0) -> None:
    """The server gets the next saves, but their receipts are lost; then further ones do not even arrive."""
    seen: list[Route] = []

    def deliver(route: Route) -> None:
        seen.append(route)
        if len(seen) <= receipts:
            route.fetch()
        if len(seen) <= receipts + requests:
            route.abort()
        else:
            route.continue_()

    page.route("**/draft", deliver)


def kept(db: Session, task: RatingTask) -> tuple[dict[str, int], str]:
    db.rollback()
    db.refresh(task)
    found = task.levels, task.comment
    db.rollback()  # on SQLite an open transaction would keep the page from writing
    return found


@pytest.mark.parametrize("requests", [0, 1])
def test_what_was_changed_after_a_lost_receipt_is_saved(
    exam: Exam, db: Session, page_of: PageOf, task: RatingTask, requests: int
) -> None:
    page = page_of(exam.raters[0])
    page.goto(f"/rating/{task.code}")
    lose(page, receipts=1, requests=requests)
    choose(page, "insight", 1)
    expect(page.locator("#receipt")).to_have_text("Not saved yet. Trying again …")
    assert kept(db, task) == ({"insight": 1}, "")
    choose(page, "insight", 3)
    expect(page.locator("#receipt")).to_contain_text("Saved 10:00:", timeout=20_000)
    expect(page.locator("#conflict")).to_be_hidden()
    assert kept(db, task) == ({"insight": 3}, "")


def test_a_lost_receipt_does_not_keep_from_the_lock(exam: Exam, db: Session, page_of: PageOf, task: RatingTask) -> None:
    page = page_of(exam.raters[0])
    page.goto(f"/rating/{task.code}")
    choose(page, "insight", 3)
    expect(page.locator("#receipt")).to_contain_text("Saved 10:00:")
    lose(page, receipts=1)
    choose(page, "planning", 3)
    expect(page.locator("#receipt")).to_have_text("Not saved yet. Trying again …")
    page.get_by_label("Comment").fill("Clear and kind.")
    page.get_by_role("button", name="Go on to lock").click()
    expect(page.get_by_role("heading", name="Lock reading")).to_be_visible()
    assert kept(db, task) == (COMPETENT, "Clear and kind.")


@pytest.mark.parametrize(("mine", "counts"), [(True, {"insight": 4}), (False, {"insight": 2})])
def test_of_two_windows_the_rater_decides_which_counts(
    exam: Exam, db: Session, page_of: PageOf, task: RatingTask, mine: bool, counts: dict[str, int]
) -> None:
    here, there = page_of(exam.raters[0], width=390), page_of(exam.raters[0])
    for page in (here, there):
        page.goto(f"/rating/{task.code}")
    choose(there, "insight", 2)
    expect(there.locator("#receipt")).to_contain_text("Saved 10:00:")
    choose(here, "insight", 4)
    expect(here.get_by_role("heading", name="This reading was saved in another window since")).to_be_visible()
    assert_accessible(here)
    assert_fits(here)
    assert kept(db, task) == ({"insight": 2}, "")
    if mine:
        here.get_by_role("button", name="What stands here").click()
        expect(here.locator("#receipt")).to_contain_text("Saved 10:00:")
    else:
        here.get_by_role("link", name="Show what is saved").click()
        expect(here.locator("#level-insight-2")).to_be_checked()
    assert kept(db, task) == (counts, "")


def test_a_reading_is_locked_from_the_page(exam: Exam, db: Session, page_of: PageOf, task: RatingTask) -> None:
    page = page_of(exam.raters[0])
    page.goto(f"/rating/{task.code}")
    choose(page, "insight", 3)
    choose(page, "planning", 3)
    page.get_by_role("button", name="Go on to lock").click()
    expect(page.get_by_role("heading", name="Lock reading")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_text("is locked. Thank you.")).to_be_visible()
    db.refresh(task)
    assert task.locked_at is not None


@pytest.mark.parametrize("width", [1280, 390])
def test_the_rating_page_is_accessible_and_fits(exam: Exam, page_of: PageOf, task: RatingTask, width: int) -> None:
    page = page_of(exam.raters[0], width=width)
    page.goto(f"/rating/{task.code}")
    assert_accessible(page)
    assert_fits(page)


def test_wide_screens_keep_prompt_and_essay_in_view(exam: Exam, page_of: PageOf, task: RatingTask) -> None:
    page = page_of(exam.raters[0])
    page.goto(f"/rating/{task.code}")
    page.get_by_label("Comment").scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="Vignette and prompt")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="The essay")).to_be_in_viewport()
