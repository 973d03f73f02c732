"""Filters of the list that people keep for themselves."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.saved_filters import MOST, SavedFilter
from tests.bank import Bank
from tests.personas import Client, Personas


@pytest.fixture
def author(client: Client, personas: Personas, bank: Bank) -> None:
    """An author has signed in and kept a filter."""
    bank.item()
    client.sign_in_as(personas.author())
    client.post("/bank/filters?state=operational&area=reflection&page=3&nonsense=1", data={"name": "Mine & yours"})


def number(db: Session) -> int:
    return db.scalars(select(SavedFilter.id)).one()


@pytest.mark.usefixtures("author")
def test_a_filter_is_kept_under_a_name_and_offered_above_the_list(client: Client, db: Session) -> None:
    assert db.scalars(select(SavedFilter)).one().asked == {"state": "operational", "area": "reflection"}
    page = client.get("/bank").text
    address = page.partition('">Mine &amp; yours</a>')[0].rpartition('href="')[2]
    assert sorted(address.removeprefix("/bank?").split("&amp;")) == ["area=reflection", "state=operational"]
    assert "Keep this filter" not in page
    assert "Keep this filter" in client.get("/bank?state=operational").text
    assert list(db.scalars(select(AuditEvent.action).where(AuditEvent.target_kind == "saved_filter"))) == [
        "filter.kept"
    ]


@pytest.mark.usefixtures("author")
def test_the_same_name_stands_for_the_newest_filter(client: Client, db: Session) -> None:
    client.post("/bank/filters?words=baby", data={"name": "Mine & yours"})
    assert db.scalars(select(SavedFilter)).one().asked == {"words": "baby"}


@pytest.mark.usefixtures("author")
@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("?state=draft", "", "Give the filter a name."),
        ("?state=draft", "x" * 61, "Field cannot be longer"),
        ("", "Everything", "Filter the list first: this one shows everything."),
    ],
)
def test_what_cannot_be_kept_is_said_beside_what_was_typed(
    client: Client, db: Session, query: str, name: str, said: str
) -> None:
    answer = client.post(f"/bank/filters{query}", data={"name": name})
    beside = answer.text.partition("usa-error-message")[2].partition("</form>")[0]
    assert (answer.status_code, said in beside, f'value="{name}"' in beside) == (422, True, True)
    assert f'href="/bank{query}"' in beside
    assert db.scalars(select(SavedFilter.name)).all() == ["Mine & yours"]


@pytest.mark.usefixtures("author")
def test_there_is_an_end_to_keeping(client: Client, db: Session) -> None:
    for count in range(MOST):
        client.post("/bank/filters?state=draft", data={"name": f"Filter {count:02}"})
    page = client.post("/bank/filters?state=draft", data={"name": "One more"}, follow_redirects=True).text
    assert f"You keep {MOST} filters already." in page


@pytest.mark.usefixtures("author")
def test_a_filter_is_renamed_and_removed(client: Client, db: Session) -> None:
    client.post("/bank/filters?words=baby", data={"name": "Second"})
    first = db.scalars(select(SavedFilter.id).where(SavedFilter.name != "Second")).one()
    taken = client.post(f"/bank/filters/{first}/rename", data={"name": "Second"})
    assert (taken.status_code, "another filter of this name" in taken.text) == (422, True)
    assert client.post(f"/bank/filters/{first}/rename", data={"name": ""}).status_code == 422
    client.post(f"/bank/filters/{first}/rename", data={"name": "First"})
    assert "First" in client.get("/bank/filters").text
    assert "Remove “First”?" in client.get(f"/bank/filters/{first}/remove").text
    client.post(f"/bank/filters/{first}/remove")
    assert db.scalars(select(SavedFilter.name)).all() == ["Second"]


@pytest.mark.usefixtures("author")
def test_a_kept_filter_is_its_owners_alone(client: Client, personas: Personas, db: Session) -> None:
    client.get("/bank")  # what was said is gone
    client.sign_in_as(personas.reviewer())
    assert "Mine" not in client.get("/bank").text
    assert "You keep no filter yet" in client.get("/bank/filters").text
    for path in ("rename", "remove"):
        assert client.get(f"/bank/filters/{number(db)}/{path}").status_code == 404
        assert client.post(f"/bank/filters/{number(db)}/{path}", data={"name": "x"}).status_code == 404
    client.sign_in_as(personas.candidate())
    assert client.get("/bank/filters").status_code == 403
    assert client.post("/bank/filters?state=draft", data={"name": "x"}).status_code == 403
