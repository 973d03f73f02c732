"""The page on which an author says why advice is not followed."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank.item_writing import add_item
from question_bank.items import Item, ItemKind, ReviewState
from tests.drafts import complete_draft
from tests.personas import Client, Personas

pytestmark = pytest.mark.usefixtures("rules")
PAGE = "/bank/items/RF-0001/submit"
REASONS = {"absolute-term": "It is a saying.", "negative-option": "It is a quotation."}


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime) -> Item:
    draft = complete_draft(options=("She always asks", "She never tells", "She waits a while"))
    author = personas.author().id
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", draft, source="written here", by=author, at=at)


def test_reasons_are_asked_and_reviewers_read_them(client: Client, personas: Personas, db: Session, item: Item) -> None:
    client.sign_in_as(personas.author())
    assert f'href="{PAGE}"' in client.get("/bank/items/RF-0001").text
    assert client.get(PAGE).text.count("Why it does not fit this item") == 2
    assert client.post(PAGE, data=REASONS).location == "/bank/items/RF-0001"
    client.sign_in_as(personas.reviewer())
    page = client.get("/bank/review/RF-0001").text
    assert all(reason in page for reason in REASONS.values())


def test_a_missing_reason_is_said_beside_its_field(client: Client, personas: Personas, db: Session, item: Item) -> None:
    client.sign_in_as(personas.author())
    answer = client.post(PAGE, data={**REASONS, "negative-option": " "})
    assert answer.status_code == 422
    assert "Write the reason, or go back and follow the advice." in answer.text
    assert "It is a saying." in answer.text
    db.refresh(item.latest)
    assert item.latest.state is ReviewState.DRAFT


def test_only_authors_send_and_only_drafts(client: Client, personas: Personas, item: Item) -> None:
    client.sign_in_as(personas.reviewer())
    assert client.get(PAGE).status_code == 403
    client.sign_in_as(personas.author())
    assert client.get("/bank/items/TF-9999/submit").status_code == 404
    client.post(PAGE, data=REASONS)
    assert client.get(PAGE).status_code == 409
