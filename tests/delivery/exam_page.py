"""What tests in a browser say of the exam page."""

from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.delivery.models import AttemptPart, LateEvent, ResponseEvent
from examapp.delivery.responses import responses_of

OpenPage = Callable[..., Page]
REACH = 80  # more stops than any of these pages has


def saved(page: Page) -> None:
    state(page, "saved")


def state(page: Page, name: str) -> None:
    """What the line at the top says of the changes."""
    expect(page.locator("#save-state")).to_have_attribute("data-state", name)


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the focus is there, and is seen to be there."""
    for _stop in range(REACH):
        page.keyboard.press(key)
        if target.evaluate("control => control === document.activeElement"):
            assert target.evaluate("control => control.matches(':focus-visible')")
            return
    raise AssertionError(f"{target} cannot be reached by {key} on {page.url}")


IS_KEPT = r"""async () => {
  if (!(await caches.keys()).length || !(await navigator.serviceWorker.ready)) return false;
  const needed = performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0]);
  const kept = needed.filter((name) => /\.(js|css)$|\/pictures\//.test(name)).map((name) => caches.match(name));
  return (await Promise.all(kept)).every(Boolean);
}"""


def is_kept(page: Page) -> None:
    """The device keeps the page with all that it is made of, so that a reload needs no connection."""
    # A function to wait for may not itself wait: its promise counts as true.
    page.evaluate(f"async () => {{ while (!(await ({IS_KEPT})())) await new Promise((go) => setTimeout(go, 50)); }}")


def answer_shortly_before(page: Page, moment: datetime, seconds: int, time_machine: TimeMachineFixture) -> None:
    """Let the time pass until then, and answer: the page learns of the time from the receipt."""
    time_machine.move_to(moment - timedelta(seconds=seconds), tick=True)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_text("Answer a to question 1").click()


def answers_of(db: Session, part: AttemptPart) -> dict[str, str]:
    with db:  # and let go: on SQLite an open transaction would keep the page from writing
        return responses_of(db, [part.id])[part.id].answers


def values_of(db: Session, part: AttemptPart) -> list[str]:
    """Every change in the log, so that a doubled one is seen."""
    with db:
        return list(db.scalars(select(ResponseEvent.value).filter_by(part_id=part.id).order_by(ResponseEvent.seq)))


def late_values_of(db: Session, part: AttemptPart) -> list[str]:
    with db:
        return list(db.scalars(select(LateEvent.value).filter_by(part_id=part.id).order_by(LateEvent.seq)))
