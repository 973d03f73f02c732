"""The board of the committee, and the same as a list."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from question_bank.bulk_deeds import ask_reviewers
from question_bank.items import ItemVersion, ReviewState
from tests.bank import Bank
from tests.browser import assert_accessible, assert_fits
from tests.personas import Client, Personas
from tests.statements import statements_for

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def reviewer(personas: Personas) -> User:
    return personas.reviewer(name="Rosa Lujan")


@pytest.fixture
def asked(db: Session, bank: Bank, reviewer: User, at: datetime) -> ItemVersion:
    """Two items are in content review, the newer one waits for Rosa; one is in use, one retired."""
    bank.item(state=ReviewState.CONTENT_REVIEW)
    version = bank.item(state=ReviewState.CONTENT_REVIEW)
    bank.item("reflection", "curiosity")
    bank.item(state=ReviewState.RETIRED)
    ask_reviewers(db, [(version, reviewer.id)], date(2027, 4, 1), by=reviewer.id, at=at)
    return version


def column(page: str, state: str) -> list[str]:
    """The codes of one column, from the top."""
    part = page.partition(f'id="column-{state}"')[2].partition("</section>")[0]
    return re.findall(r'class="item-code" href="[^"]*">([^<]+)<', part)


def test_every_item_stands_in_the_column_of_its_state(client: Client, personas: Personas, asked: ItemVersion) -> None:
    client.sign_in_as(personas.author())
    page = client.get("/bank/board").text
    assert column(page, "content_review") == ["TF-0001", "TF-0002"]
    assert column(page, "operational") == ["RF-0003"]
    assert "TF-0004" not in page
    assert "not assigned" in page
    assert "Rosa Lujan, by" in page
    assert "Waiting for you" not in page


def test_what_waits_for_the_reader_comes_first(client: Client, reviewer: User, asked: ItemVersion) -> None:
    client.sign_in_as(reviewer)
    page = client.get("/bank/board").text
    assert "Waiting for you" in page
    assert column(page, "content_review") == ["TF-0002", "TF-0001"]
    assert 'href="/bank/review/TF-0002"' in page
    listed = re.findall(r'class="item-code"><a href="[^"]*">([^<]+)<', client.get("/bank/board?view=list").text)
    assert listed == ["TF-0002", "TF-0001", "RF-0003"]


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        ("area=reflection", {"RF-0003"}),
        ("state=content_review", {"TF-0001", "TF-0002"}),
        ("state=retired", {"TF-0001", "TF-0002", "RF-0003"}),
        ("age=7", set()),
        ("age=8", {"TF-0001", "TF-0002", "RF-0003"}),
        ("reviewer=0", set()),
    ],
)
@pytest.mark.parametrize("view", ["", "view=list&"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_filters_narrow_both_views(
    client: Client, reviewer: User, asked: ItemVersion, view: str, asked_for: str, found: set[str]
) -> None:
    client.sign_in_as(reviewer)
    page = client.get(f"/bank/board?{view}{asked_for}").text
    assert set(re.findall(r"(?:TF|RF)-\d{4}(?=</a>)", page)) == found


def test_the_age_counts_from_the_last_step(client: Client, reviewer: User, bank: Bank, at: datetime) -> None:
    bank.at = at - timedelta(days=20)
    bank.item(state=ReviewState.CONTENT_REVIEW)
    client.sign_in_as(reviewer)
    page = client.get("/bank/board?age=14&reviewer=&view=list").text
    assert "TF-0001" in page
    assert "TF-0001" not in client.get("/bank/board?age=30").text


def test_a_reviewers_share_can_be_seen(client: Client, personas: Personas, reviewer: User, asked: ItemVersion) -> None:
    client.sign_in_as(personas.author())
    assert column(client.get(f"/bank/board?reviewer={reviewer.id}").text, "content_review") == ["TF-0002"]


def test_a_long_column_leads_to_the_list_and_takes_no_more_statements(
    client: Client, reviewer: User, bank: Bank, asked: ItemVersion
) -> None:
    client.sign_in_as(reviewer)
    addresses = ("/bank/board", "/bank/board?view=list")
    few = [statements_for(client, address) for address in addresses]
    for _ in range(22):
        bank.item(state=ReviewState.CONTENT_REVIEW)
    assert [statements_for(client, address) for address in addresses] == few
    page = client.get("/bank/board").text
    assert len(column(page, "content_review")) == 20
    assert "All 24 in the list" in page


@pytest.mark.parametrize(
    ("address", "chosen"),
    [
        ("", "content_review"),  # the first with something in it
        ("?column=operational", "operational"),
        ("?column=retired", "content_review"),
        ("?column=draft&area=reflection", "draft"),
        ("?state=operational&column=draft", "operational"),
        ("?area=none", "draft"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_narrow_screen_shows_the_column_that_is_asked_for(
    client: Client, reviewer: User, asked: ItemVersion, address: str, chosen: str
) -> None:
    client.sign_in_as(reviewer)
    page = client.get(f"/bank/board{address}").text
    assert re.findall(r'class="board-column is-chosen" id="column-(\w+)"', page) == [chosen]
    assert ('<select class="usa-select" id="column"' in page) == ("state=" not in address)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_the_board_is_read_on_every_screen(
    page_of: Callable[..., Page], db: Session, reviewer: User, asked: ItemVersion, width: int
) -> None:
    page = page_of(reviewer, width=width)
    db.commit()
    for address in (
        "/bank/board",
        "/bank/board?view=list",
        "/bank/chosen/reviewers?unasked=1",
        "/bank/my-areas",
        "/bank/blueprints/1/progress",
    ):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
    page.goto("/bank/board?age=7")
    if width == 390:
        page.get_by_label("Column", exact=True).select_option("Content review (0)")
        page.get_by_role("button", name="Show").click()
        expect(page).to_have_url(re.compile(r"age=7&column=content_review#columns$"))
        expect(page.locator(".board-column:visible")).to_have_count(1)
    else:
        page.goto("/bank/board")
        page.get_by_role("link", name="Content review 2").click()
        expect(page.get_by_role("heading", name="Content review 2")).to_be_in_viewport()
