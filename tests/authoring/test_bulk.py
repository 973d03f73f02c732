"""Many items at once, on pages: chosen, looked at, changed, taken back."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.assignments import ReviewAssignment
from question_bank.item_writing import add_item
from question_bank.items import ItemKind, ItemVersion, ReviewState
from question_bank.review import Move
from tests.bank import Bank
from tests.browser import assert_accessible, assert_fits
from tests.drafts import complete_draft
from tests.personas import Client, Personas
from tests.reviews import take

pytestmark = pytest.mark.usefixtures("rules")
TAG = {"tag": "tracks:policy", "how": "add"}


@pytest.fixture
def filled(db: Session, personas: Personas, bank: Bank, at: datetime) -> None:
    """RF-0001 and RF-0002 are drafts, TF-0001 is in use, TF-0002 in review."""
    by = personas.author().id
    for _ in range(2):
        add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(), source="x", by=by, at=at)
    bank.item()
    bank.item(state=ReviewState.CONTENT_REVIEW)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    return found[1] if found else ""


def tracks(db: Session) -> list[list[str]]:
    db.expire_all()
    return list(db.scalars(select(ItemVersion.tracks).order_by(ItemVersion.id)))


@pytest.mark.usefixtures("filled")
def test_tags_change_after_a_look_and_come_back(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    address = "/bank/chosen/tags?code=RF-0001&code=TF-0001&area=reflection"
    assert "2 items are chosen." in client.get(address).text
    preview = client.post(address, data=TAG).text
    assert "1 item will change" in preview
    assert "1 item is left out" in preview
    assert "Its tags were fixed when it was sent to review." in preview
    assert tracks(db)[0] == ["clinical"]
    done = client.post(address, data={**TAG, "seen": seen(preview)})
    assert done.location == "/bank?area=reflection"
    page = client.get("/bank").text
    assert "1 draft is tagged anew." in page
    assert tracks(db)[:2] == [["clinical", "policy"], ["clinical"]]
    undo = re.search(r'action="(/bank/changes/\d+/undo)"', page)
    assert undo
    assert "1 item is as it was." in client.post(undo[1], follow_redirects=True).text
    assert tracks(db)[0] == ["clinical"]
    assert client.post(undo[1]).status_code == 409


@pytest.mark.usefixtures("filled")
def test_only_what_was_seen_is_done(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    address = "/bank/chosen/tags?code=RF-0001"
    preview = client.post(address, data=TAG).text
    other = client.post(address, data={**TAG, "tag": "levels:3", "how": "remove", "seen": seen(preview)}).text
    assert "What would change is not what you saw" in other
    assert seen(other) != seen(preview)
    nothing = client.post(address, data={**TAG, "how": "remove", "seen": seen(preview)}).text
    assert "It is tagged like this already." in nothing
    assert tracks(db)[0] == ["clinical"]


@pytest.mark.usefixtures("filled")
def test_all_that_is_found_is_chosen_with_one_tick(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    address = "/bank/chosen/tags?all=1&state=draft"
    preview = client.post(address, data=TAG).text
    assert "2 items will change" in preview
    client.post(address, data={**TAG, "seen": seen(preview)})
    assert tracks(db)[:2] == [["clinical", "policy"]] * 2


@pytest.mark.usefixtures("filled")
def test_what_makes_no_sense_is_said_beside_the_field(client: Client, personas: Personas, bank: Bank) -> None:
    client.sign_in_as(personas.author())
    assert client.post("/bank/chosen/tags?code=RF-0001", data={"tag": "levels:99", "how": "x"}).status_code == 422
    assert "Nothing was chosen." in client.get("/bank/chosen/tags?code=XX-1", follow_redirects=True).text
    client.sign_in_as(personas.reviewer())
    for data in ({"reviewer": "999999", "due_on": "2027-04-01"}, {"reviewer": "x", "due_on": "never"}):
        assert client.post("/bank/chosen/reviewer?code=TF-0002", data=data).status_code == 422
    past = client.post("/bank/chosen/reviewer?code=TF-0002", data={"reviewer": "1", "due_on": "2027-03-01"})
    assert "Choose a day that is not over." in past.text
    assert "Write the reason." in client.post("/bank/chosen/retirement?code=TF-0001", data={}).text


@pytest.mark.usefixtures("filled")
def test_a_reviewer_is_asked_and_sees_it_first(client: Client, personas: Personas, db: Session) -> None:
    reviewer = personas.reviewer(name="Rosa Baca")
    client.sign_in_as(personas.reviewer())
    address, asked = (
        "/bank/chosen/reviewer?code=TF-0002&code=RF-0001",
        {"reviewer": reviewer.id, "due_on": "2027-04-01"},
    )
    preview = client.post(address, data=asked).text
    assert "It is not in review." in preview
    client.post(address, data={**asked, "seen": seen(preview)})
    assert db.scalars(select(ReviewAssignment.reviewer_id)).all() == [reviewer.id]
    client.sign_in_as(reviewer)
    assert "You are asked to review it by" in client.get("/bank/review").text


@pytest.mark.usefixtures("filled")
def test_nobody_is_asked_for_another_review_than_was_seen(
    client: Client, personas: Personas, db: Session, at: datetime
) -> None:
    version = db.scalars(select(ItemVersion).where(ItemVersion.state == ReviewState.CONTENT_REVIEW)).one()
    client.sign_in_as(personas.reviewer())
    address = f"/bank/chosen/reviewer?code={version.item.code}"
    data = {"reviewer": personas.reviewer().id, "due_on": "2027-04-01"}
    preview = client.post(address, data=data).text
    take(db, version, Move.PASS_CONTENT, by=personas.reviewer().id, at=at)
    again = client.post(address, data={**data, "seen": seen(preview)}).text
    assert "What would change is not what you saw" in again
    assert not db.scalars(select(ReviewAssignment)).all()


@pytest.mark.usefixtures("filled")
def test_items_in_use_are_retired_with_a_reason(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.reviewer())
    address, why = "/bank/chosen/retirement?code=TF-0001&code=RF-0001", {"comment": "Outdated."}
    preview = client.post(address, data=why).text
    assert "It has no approved version." in preview
    client.post(address, data={**why, "seen": seen(preview)})
    assert "You retired 1 item." in client.get("/bank").text
    assert "Outdated." in client.get("/bank/items/TF-0001").text


@pytest.mark.usefixtures("filled")
def test_approved_items_are_put_to_use_together(client: Client, personas: Personas, db: Session, bank: Bank) -> None:
    approved = bank.item(state=ReviewState.APPROVED)
    client.sign_in_as(personas.reviewer())
    address = f"/bank/chosen/use?code=TF-0001&code={approved.item.code}"
    preview = client.get(address).text
    assert "the step is taken already" in preview
    client.post(address, data={"seen": seen(preview)})
    assert "You put 1 item to use." in client.get("/bank").text
    assert approved.state is ReviewState.OPERATIONAL


def test_there_is_a_limit_to_at_once(client: Client, personas: Personas, bank: Bank, db: Session) -> None:
    for _ in range(501):
        bank.item()
    client.sign_in_as(personas.reviewer())
    page = client.get("/bank/chosen/retirement?all=1", follow_redirects=True).text
    assert "At most 500 items are changed at once." in page


@pytest.mark.usefixtures("filled")
def test_everybody_changes_what_their_role_allows(client: Client, personas: Personas, db: Session) -> None:
    author, reviewer = personas.author(), personas.reviewer()
    client.sign_in_as(author)
    preview = client.post("/bank/chosen/tags?code=RF-0001", data=TAG).text
    client.post("/bank/chosen/tags?code=RF-0001", data={**TAG, "seen": seen(preview)})
    undo = re.search(r'action="(/bank/changes/\d+/undo)"', client.get("/bank").text)
    assert undo
    for path in ("reviewer", "retirement"):
        assert client.get(f"/bank/chosen/{path}?code=TF-0001").status_code == 403
    client.sign_in_as(reviewer)
    assert client.get("/bank/chosen/tags?code=RF-0001").status_code == 403
    assert client.post(undo[1]).status_code == 404
    assert "You changed a tag" not in client.get("/bank").text
    client.sign_in_as(personas.candidate())
    assert client.get("/bank/chosen/retirement?code=TF-0001").status_code == 403


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("filled")
def test_ticking_looking_changing_and_undoing(page_of: Callable[..., Page], personas: Personas, db: Session) -> None:
    page = page_of(personas.author(), width=390)
    db.commit()
    page.goto("/bank?state=draft")
    expect(page.get_by_role("button", name="Tag")).to_be_disabled()
    page.locator("label[for=choose-RF-0002]").click()
    page.get_by_role("button", name="Tag").click()
    assert "csrf" not in page.url
    page.get_by_label("Tag", exact=True).select_option("tracks:policy")
    page.get_by_role("button", name="Show what will change").click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Tag 1 draft").click()
    expect(page.get_by_text("1 draft is tagged anew.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 item is as it was.")).to_be_visible()
