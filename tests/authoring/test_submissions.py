"""Many drafts to review at once, from the list and after an import."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.item_writing import add_item
from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from tests.browser import assert_accessible, assert_fits
from tests.drafts import complete_draft
from tests.personas import Client, Personas

pytestmark = pytest.mark.usefixtures("rules")
HEADER = "question,a,b,c,answer,area,term,level,rationale,reference\n"
FINISHED = "What comes first at every visit?,Ask,Wait,Tell,A,Reflection,curiosity,4,Why,Book\n"
SHEET = HEADER + FINISHED + "And then?,x,y,z,C,,,,,\n"


def write(db: Session, by: int, at: datetime, **changes: str) -> Item:
    draft = complete_draft(**changes)
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", draft, source="written here", by=by, at=at)


def states(db: Session) -> list[ReviewState]:
    return list(db.scalars(select(ItemVersion.state).order_by(ItemVersion.id)))


def import_sheet(client: Client) -> str:
    upload = {"file": (BytesIO(SHEET.encode()), "bank.csv")}
    address = client.post("/bank/import", data=upload).location
    imported = client.post(address, data={"expected": 2}).location
    assert imported is not None
    return imported


def test_chosen_drafts_are_sent_and_the_unfinished_are_named(
    client: Client, personas: Personas, db: Session, at: datetime
) -> None:
    author = personas.author()
    write(db, author.id, at)
    write(db, author.id, at, stem="Else?", reference="")
    write(db, author.id, at, stem="Not chosen?")
    client.sign_in_as(author)
    assert client.get("/bank?state=draft").text.count('name="code"') == 3
    response = client.post("/bank/submit?state=draft&nonsense=1", data={"code": ["RF-0001", "RF-0002"]})
    assert response.location == "/bank?state=draft"
    page = client.get(response.location).text
    assert "1 item is in review now." in page
    assert "1 item stays a draft: something in it is missing, must be mended or needs a reason: RF-0002." in page
    assert states(db) == [ReviewState.CONTENT_REVIEW, ReviewState.DRAFT, ReviewState.DRAFT]


def test_nothing_chosen_is_said(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    assert "Nothing was chosen." in client.post("/bank/submit", follow_redirects=True).text


def test_what_an_import_made_is_sent_together(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    address = import_sheet(client)
    page = client.get(address).text
    assert "Submit 2 items for review" in page
    assert "Choose the area of expertise." in page
    page = client.post(f"{address}/submit", follow_redirects=True).text
    assert "1 item is in review now." in page
    assert "must be mended or needs a reason: IM-0001." in page
    assert "Submit 1 item for review" in page
    assert states(db) == [ReviewState.CONTENT_REVIEW, ReviewState.DRAFT]


def test_an_import_says_which_vignette_is_not_that_of_its_set(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    address = import_sheet(client)
    torn = "Its vignette is not that of its set."
    assert torn not in client.get(address).text
    first, second = db.scalars(select(Item).order_by(Item.code))
    first.set_code = second.set_code = first.code
    second.latest.content = {**second.latest.content, "stimulus": "Ana visits."}
    db.flush()
    assert client.get(address).text.count(torn) == 2
    client.post(f"{address}/submit")
    assert states(db) == [ReviewState.DRAFT, ReviewState.DRAFT]


def test_an_import_is_shown_to_its_author_only(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    address = import_sheet(client)
    client.sign_in_as(personas.author())
    assert client.get(address).status_code == 404
    assert client.get("/bank/imported/yesterday").status_code == 404
    client.sign_in_as(personas.reviewer())
    assert client.get(address).status_code == 403
    assert client.post("/bank/submit", data={"code": "RF-0001"}).status_code == 403
    assert "for review" not in client.get("/bank").text


@pytest.mark.parametrize("width", [1280, 390])
def test_all_drafts_of_a_page_are_chosen_with_one_tick(
    page_of: Callable[..., Page], personas: Personas, db: Session, at: datetime, width: int
) -> None:
    author = personas.author()
    for number in range(3):
        write(db, author.id, at, stem=f"Question {number} about a baby?")
    db.commit()
    page = page_of(author, width=width)
    page.goto("/bank")
    expect(page.get_by_role("button", name="Submit 0 drafts for review")).to_be_disabled()
    page.locator("label[for=choose-RF-0002]").click()
    expect(page.get_by_role("button", name="Submit 1 draft for review")).to_be_enabled()
    page.get_by_text("Choose all 3 items on this page").click()
    page.get_by_label("State").select_option("Draft")  # the list comes anew: nothing is chosen in it
    expect(page.get_by_role("button", name="Submit 0 drafts for review")).to_be_disabled()
    page.get_by_text("Choose all 3 items on this page").click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Submit 3 drafts for review").click()
    expect(page.get_by_text("3 items are in review now.")).to_be_visible()
