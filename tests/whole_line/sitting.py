"""The candidate sits both parts, through a reload and a crash of the server; the proctor watches."""

import re

from playwright.sync_api import Locator, expect

from tests.whole_line import texts
from tests.whole_line.cast import Cast
from tests.whole_line.registering import TITLE
from tests.whole_line.site import Site
from tests.whole_line.visitor import Visitor

# A page asks the server again after 1, 2, 4, 8 and then every 15 seconds; waiting rooms too.
BY_ITSELF = 40_000


def sit(site: Site, cast: Cast) -> None:
    wait_for_admission(cast)
    sit_part_one(site, cast)
    sit_part_two(cast.candidate)


def wait_for_admission(cast: Cast) -> None:
    candidate, proctor = cast.candidate, cast.proctor
    candidate.visit("/")
    candidate.follow("1 examination is open for you")
    candidate.follow("Go to the waiting room")
    candidate.sees("Wait here for the proctor")
    proctor.visit("/")
    proctor.follow("1 candidate is not admitted yet")
    proctor.follow(TITLE)
    proctor.follow(f"Admit {candidate.name}")
    proctor.tick("I have seen an identity document")
    proctor.press("Admit")
    proctor.sees(f"{candidate.name} is admitted.")
    start = candidate.page.get_by_role("button", name="Start Part One")
    expect(start).to_be_visible(timeout=BY_ITSELF)
    candidate.judge()


# Part One


def sit_part_one(site: Site, cast: Cast) -> None:
    """Six questions, without a mouse."""
    candidate = cast.candidate
    candidate.tick("I have read the honour statement")
    candidate.press("Start Part One", until="Saved")
    for _question in range(3):
        answer(candidate)
        go_on(candidate)
    go_back_and_flag(candidate)
    reload(candidate)
    write_on_without_the_server(site, candidate)
    give_time_back(cast)
    answer(candidate)
    expect(candidate.page.locator("#notices")).to_contain_text("The end of this part has changed")
    hand_in(candidate, "Part One", "Answered: 6 of 6.")
    candidate.sees("6 of 6")


def screen(candidate: Visitor) -> Locator:
    return candidate.page.locator(".screen:visible")


def answer(candidate: Visitor) -> None:
    """Answer the question that is shown, and rightly."""
    stem = screen(candidate).locator(".stem").inner_text()
    key = next(choice.key for choice in texts.EVERY_CHOICE if choice.stem == stem)
    options = screen(candidate).get_by_role("radio")
    options.first.focus()
    candidate.page.keyboard.press("Space")
    for _step in range("abcd".index(key)):
        candidate.page.keyboard.press("ArrowDown")
    expect(options.nth("abcd".index(key))).to_be_checked()


def go_on(candidate: Visitor) -> None:
    candidate.page.get_by_role("button", name="Next", exact=True).press("Enter")


def question(candidate: Visitor, number: int) -> Locator:
    """The question's place in the map; its name tells its state."""
    return candidate.page.get_by_role("button", name=re.compile(f"^Question {number},"))


def go_back_and_flag(candidate: Visitor) -> None:
    question(candidate, 2).press("Enter")
    candidate.page.get_by_role("button", name="Flag for later").press("Enter")
    expect(question(candidate, 2)).to_have_accessible_name("Question 2, answered, flagged")


def reload(candidate: Visitor) -> None:
    """Everything that was saved is there again."""
    expect_saved(candidate)
    candidate.page.reload()
    expect(candidate.page.locator("#map-count")).to_have_text("3 of 6 answered")
    expect(question(candidate, 2)).to_have_accessible_name("Question 2, answered, flagged")
    candidate.judge()


def write_on_without_the_server(site: Site, candidate: Visitor) -> None:
    """What is answered while the server is dead is kept on the device, and saved when it lives again."""
    site.kill()
    for number in (4, 5):
        question(candidate, number).press("Enter")
        answer(candidate)
    expect(candidate.page.locator("#save-text")).to_contain_text("changes kept on this device")
    candidate.judge()
    site.start()
    expect_saved(candidate)
    candidate.page.reload()
    expect(candidate.page.locator("#map-count")).to_have_text("5 of 6 answered")
    question(candidate, 6).press("Enter")


def give_time_back(cast: Cast) -> None:
    cast.proctor.visit("/room")
    cast.proctor.follow(TITLE)
    cast.proctor.sees("Writing", "Part One")
    cast.proctor.page.locator("summary", has_text=f"Actions {cast.candidate.name}").press("Enter")
    cast.proctor.follow(f"Give time {cast.candidate.name}")
    cast.proctor.write({"Minutes": "10", "Reason": "The server was down."})
    cast.proctor.press("Give time")
    cast.proctor.sees(f"{cast.candidate.name} has more time.")


def expect_saved(candidate: Visitor) -> None:
    expect(candidate.page.locator("#save-text")).to_contain_text("Saved", timeout=BY_ITSELF)


def hand_in(candidate: Visitor, part: str, summary: str) -> None:
    expect_saved(candidate)
    page = candidate.page
    page.get_by_role("button", name="Review and hand in").press("Enter")
    candidate.sees(summary)
    candidate.judge()
    page.get_by_role("button", name=f"Hand in {part}").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("After that you cannot come back to this part.")
    candidate.judge()
    candidate.press("Yes, hand in")
    candidate.sees(f"{part} is handed in")


# Part Two


def sit_part_two(candidate: Visitor) -> None:
    """One of two vignettes, by choice."""
    candidate.press("Start Part Two", until="Saved")
    chosen, other = texts.VIGNETTES
    look_at(candidate, chosen.title)
    expect(screen(candidate)).to_contain_text(chosen.story)
    candidate.tick("I answer this vignette", within=screen(candidate))
    candidate.write({"Your answer": texts.ESSAY}, within=screen(candidate))
    expect_saved(candidate)
    look_at(candidate, other.title)
    expect(screen(candidate)).to_contain_text("You have chosen 1 of 1.")
    expect(screen(candidate).get_by_label("I answer this vignette")).to_be_disabled()
    hand_in(candidate, "Part Two", "Answered: 1 of 1.")
    candidate.sees("You have finished the examination")


def look_at(candidate: Visitor, title: str) -> None:
    candidate.page.locator("#map-list button", has_text=title).press("Enter")
