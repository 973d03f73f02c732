"""The essay is read blind, everything is scored, and two people release the result."""

from tests.whole_line import texts
from tests.whole_line.cast import Cast
from tests.whole_line.registering import TITLE
from tests.whole_line.site import Site
from tests.whole_line.visitor import Visitor

STRONG, WEAK = "4 · Accomplished", "2 · Developing"


def score(cast: Cast) -> None:
    """Two blind readings that differ, a third one, and the run."""
    administrator = cast.administrator
    open_scoring(administrator)
    administrator.press("Collect the essays")
    administrator.sees("1 essay collected.")
    first, second, third = cast.raters
    assign(administrator, first, second)
    administrator.sees("2 readings assigned.")
    read(first, cast, STRONG, STRONG)
    read(second, cast, STRONG, WEAK)
    open_scoring(administrator)
    administrator.sees("1 essay asked for a third reading.")
    assign(administrator, third)
    read(third, cast, STRONG, "3 · Competent")
    open_scoring(administrator)
    administrator.sees("3 of 3 readings are locked.")
    administrator.press("Score")
    administrator.sees("Scoring run 1 is done.", cast.candidate.name, "6 of 6")


def open_scoring(administrator: Visitor) -> None:
    administrator.visit("/scoring")
    administrator.follow(TITLE)


def assign(administrator: Visitor, *raters: Visitor) -> None:
    administrator.follow("Choose raters")
    administrator.tick(*(rater.name for rater in raters))
    administrator.press("Assign the readings")


def read(rater: Visitor, cast: Cast, *levels: str) -> None:
    """A rater sees vignette, essay and rubric, and nothing that says whose essay it is."""
    rater.visit("/")
    rater.follow("1 essay to read")
    expect_blind(rater, cast)
    rater.go(rater.main.get_by_role("table").get_by_role("link").first)
    rater.sees(texts.VIGNETTES[0].story, texts.ESSAY)
    expect_blind(rater, cast)
    for dimension, level in zip(texts.DIMENSIONS, levels, strict=True):
        rater.tick(level, within=rater.main.get_by_role("group", name=dimension))
    rater.press("Go on to lock")
    expect_blind(rater, cast)
    rater.press("Lock")
    rater.sees("is locked. Thank you.")


def expect_blind(rater: Visitor, cast: Cast) -> None:
    """Not a word of the candidate, nor of the other raters, in anything the browser was sent."""
    others = [other for other in cast.raters if other is not rater]
    sent = rater.page.content()
    for person in (cast.candidate, *others):
        for word in (*person.name.split(), person.email):
            assert word not in sent, f"“{word}” is on {rater.page.url}"


def release(site: Site, cast: Cast) -> None:
    """Who proposes a release cannot confirm it; a colleague does, and the candidate is told."""
    first, second = cast.administrator, cast.second_administrator
    open_scoring(first)
    first.follow("Preview the release")
    first.sees(cast.candidate.name, "Passed")
    first.press("Propose the release")
    first.sees("You proposed this release, so another administrator has to confirm it.")
    refused = first.page.request.get(f"{first.page.url}/confirm")
    assert refused.status == 403
    second.visit("/")
    second.follow("1 release waits for you to confirm")
    second.follow(TITLE)
    second.follow("Check and confirm")
    second.follow("Confirm the release")
    second.press("Release the results")
    second.sees("1 result is released.")
    mail = site.mail_to(cast.candidate.email, "Your result of the written examination")
    read_result(cast.candidate, site.address_in(mail))


def read_result(candidate: Visitor, address: str) -> None:
    """The letter: the outcome, each part with its areas or dimensions, and no question or essay."""
    candidate.visit("/")
    candidate.follow("1 result is ready to read")
    candidate.follow(TITLE)
    assert candidate.page.url == address
    candidate.sees("Congratulations", "Part One", "6 of 6", "Theoretical Foundations", "Part Two", *texts.DIMENSIONS)
    assert texts.ESSAY not in candidate.text()
    assert not any(choice.stem in candidate.text() for choice in texts.EVERY_CHOICE)
