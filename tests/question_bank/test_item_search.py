"""Finding items in the bank."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank.item_search import PAGE_SIZE, ItemFilter, count_by_area, find_items
from question_bank.item_writing import add_item, new_version, save_draft
from question_bank.items import ItemKind, ReviewState
from tests.bank import Bank
from tests.drafts import complete_draft, complete_essay
from tests.personas import Personas


@pytest.fixture
def filled(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(stem="Ask a Niña 50%?"), source="x", by=by, at=at)
    vignette = complete_essay(area="thinking", levels=[4])
    spanish = {"texts": {"title": "Ana", "stimulus": "Una visita", "prompt": "¿Qué ve?"}, "of": {}}
    vignette.content["translations"] = {"es": spanish}
    add_item(db, ItemKind.ESSAY, "TH", vignette, source="x", by=by, at=at)


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (ItemFilter(), ["RF-0001", "THV-0001"]),
        (ItemFilter(words="niña"), ["RF-0001"]),
        (ItemFilter(words="50%"), ["RF-0001"]),
        (ItemFilter(words="5_%"), []),
        (ItemFilter(words="thv-"), ["THV-0001"]),
        (ItemFilter(words="ANA VISITS"), ["THV-0001"]),
        (ItemFilter(words="una visita"), ["THV-0001"]),
        (ItemFilter(words="'; --"), []),
        (ItemFilter(area="thinking"), ["THV-0001"]),
        (ItemFilter(level=3), ["RF-0001"]),
        (ItemFilter(level=4), ["RF-0001", "THV-0001"]),
        (ItemFilter(kind=ItemKind.ESSAY), ["THV-0001"]),
        (ItemFilter(state=ReviewState.APPROVED), []),
        (ItemFilter(words="ask", state=ReviewState.DRAFT, area="reflection"), ["RF-0001"]),
    ],
)
@pytest.mark.usefixtures("filled")
def test_the_list_is_narrowed(db: Session, wanted: ItemFilter, codes: list[str]) -> None:
    assert sorted(version.item.code for version in find_items(db, wanted, 1).versions) == codes


def test_an_item_is_listed_once_by_its_latest_version(db: Session, bank: Bank, at: datetime) -> None:
    item = bank.item(stem="Old text?").item
    db.flush()
    version = new_version(db, item, by=bank.author_id, at=at)
    draft = replace(complete_draft(stem="New text?"), area="thinking")
    save_draft(db, version, draft, edit_count=0, by=bank.author_id, at=at)
    assert find_items(db, ItemFilter(words="old text"), 1).total == 0
    assert find_items(db, ItemFilter(words="new text"), 1).versions == [version]
    assert count_by_area(db) == {("thinking", ReviewState.DRAFT): 1}


@pytest.mark.parametrize(("asked", "shown", "length"), [(1, 1, PAGE_SIZE), (2, 2, 1), (99, 2, 1), (-5, 1, PAGE_SIZE)])
def test_the_list_has_pages(db: Session, bank: Bank, asked: int, shown: int, length: int) -> None:
    for _ in range(PAGE_SIZE + 1):
        bank.item()
    db.flush()
    page = find_items(db, ItemFilter(), asked)
    assert (page.page, page.pages, page.total, len(page.versions)) == (shown, 2, PAGE_SIZE + 1, length)
