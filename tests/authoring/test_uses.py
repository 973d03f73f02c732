"""What becomes of an approved item, on pages: tried out, put to use, released as a sample, retired."""

import pytest
from sqlalchemy.orm import Session

from question_bank.items import ItemVersion, ReviewState
from tests.bank import Bank
from tests.personas import Client, Personas

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def approved(db: Session, bank: Bank) -> ItemVersion:
    """TF-0001, approved and not used yet."""
    made = bank.item(state=ReviewState.APPROVED)
    db.flush()
    return made


def test_an_approved_item_is_tried_out_and_then_put_to_use(
    client: Client, personas: Personas, approved: ItemVersion
) -> None:
    client.sign_in_as(personas.reviewer())
    page = client.get("/bank/items/TF-0001").text
    assert "Try out" in page and "Put to use" in page
    assert "does not count in their result" in client.get("/bank/items/TF-0001/trial").text
    assert client.post("/bank/items/TF-0001/trial").location == "/bank/items/TF-0001"
    assert "Try out" not in client.get("/bank/items/TF-0001").text
    assert client.get("/bank/items/TF-0001/trial").status_code == 404
    assert client.post("/bank/items/TF-0001/use").location == "/bank/items/TF-0001"
    assert approved.state is ReviewState.OPERATIONAL


def test_the_page_says_which_version_is_replaced(client: Client, personas: Personas, bank: Bank, db: Session) -> None:
    old = bank.item()
    newer = bank.version(old.item, old.content, old.area, old.levels, ReviewState.APPROVED, number=2)
    db.flush()
    client.sign_in_as(personas.reviewer())
    assert "Version 1 is retired." in client.get("/bank/items/TF-0001/use").text
    client.post("/bank/items/TF-0001/use")
    db.expire_all()
    assert (old.state.value, newer.state.value) == ("retired", "operational")


def test_the_page_of_an_older_version_offers_no_use(
    client: Client, personas: Personas, bank: Bank, db: Session
) -> None:
    old = bank.item(state=ReviewState.APPROVED)
    bank.version(old.item, old.content, old.area, old.levels, ReviewState.OPERATIONAL, number=2)
    db.flush()
    client.sign_in_as(personas.reviewer())
    page = client.get("/bank/items/TF-0001?version=1").text
    assert "Put to use" not in page and "Try out" not in page
    assert client.post("/bank/items/TF-0001/use").status_code == 404
    assert client.post("/bank/items/TF-0001/trial").status_code == 404


@pytest.mark.parametrize("step", ["trial", "use"])
def test_neither_authors_nor_whoever_wrote_it_decide(
    client: Client, personas: Personas, db: Session, approved: ItemVersion, step: str
) -> None:
    client.sign_in_as(personas.author())
    assert client.post(f"/bank/items/TF-0001/{step}").status_code == 403
    reviewer = personas.reviewer()
    approved.item.author_id = reviewer.id
    client.sign_in_as(reviewer)
    assert "Put to use" not in client.get("/bank/items/TF-0001").text
    assert client.post(f"/bank/items/TF-0001/{step}").status_code == 403
    assert client.post(f"/bank/items/XX-0001/{step}").status_code == 404
    assert approved.state is ReviewState.APPROVED


def test_retiring_an_item_retires_everything_of_it_that_stands(
    client: Client, personas: Personas, db: Session, bank: Bank
) -> None:
    old = bank.item()
    newer = bank.version(old.item, old.content, old.area, old.levels, ReviewState.PRETEST, number=2)
    db.flush()
    client.sign_in_as(personas.reviewer())
    client.post("/bank/items/TF-0001/retire", data={"comment": "Outdated law."})
    assert {old.state, newer.state} == {ReviewState.RETIRED}


def test_an_item_is_retired_with_a_reason_after_a_question(
    client: Client, personas: Personas, db: Session, bank: Bank
) -> None:
    version = bank.item()
    client.sign_in_as(personas.author())
    assert client.get("/bank/items/TF-0001/retire").status_code == 403
    client.sign_in_as(personas.reviewer())
    assert "Retire TF-0001?" in client.get("/bank/items/TF-0001/retire").text
    assert client.post("/bank/items/TF-0001/retire", data={"comment": " "}).status_code == 422
    client.post("/bank/items/TF-0001/retire", data={"comment": "Outdated law."})
    assert version.state is ReviewState.RETIRED
    assert client.get("/bank/items/TF-0001/retire").location == "/bank/items/TF-0001"


def test_a_reviewer_releases_an_approved_item_as_a_sample(client: Client, personas: Personas, bank: Bank) -> None:
    version = bank.item()
    client.sign_in_as(personas.author())
    assert client.post("/bank/items/TF-0001/sample").status_code == 403
    client.sign_in_as(personas.reviewer())
    assert "Release as a sample" in client.get("/bank/items/TF-0001").text
    assert "cannot be taken back" in client.get("/bank/items/TF-0001/sample").text
    client.post("/bank/items/TF-0001/sample")
    assert version.item.is_sample
    assert "Sample item" in client.get("/bank/items/TF-0001").text
    assert client.post("/bank/items/TF-0001/sample").status_code == 409
