"""Similar items of the bank, found by an index that follows what is written."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from question_bank.item_writing import ItemDraft, new_version, save_draft
from question_bank.items import ReviewState
from question_bank.similar_items import SimilarItems
from tests.bank import Bank

STEM = "A grandmother says that the toddler bites at every goodbye. What does the specialist offer first?"


def codes(similar: SimilarItems, db: Session, text: str = STEM, besides: Collection[int] = ()) -> list[str]:
    db.flush()
    return [item.version.item.code for item in similar.near(db, text, besides=besides)]


def test_similar_items_are_found_the_most_similar_first(db: Session, bank: Bank) -> None:
    bank.item(stem=STEM.replace("toddler", "girl"))
    same = bank.item(stem=STEM)
    bank.item(stem="How many visits does the reflective supervisor hear about in one month of her work?")
    similar = SimilarItems()
    assert codes(similar, db) == ["TF-0002", "TF-0001"]
    assert codes(similar, db, besides=[same.item_id]) == ["TF-0001"]


def test_the_newest_text_of_an_item_counts(db: Session, bank: Bank, at: datetime) -> None:
    old, similar = bank.item(stem=STEM), SimilarItems()
    assert codes(similar, db) == ["TF-0001"]
    draft = new_version(db, old.item, by=bank.author_id, at=at + timedelta(hours=1))
    assert codes(similar, db) == ["TF-0001"]
    other = ItemDraft(content={**draft.content, "stem": "What may a supervisor of many years never ask in writing?"})
    save_draft(db, draft, other, edit_count=0, by=bank.author_id, at=at + timedelta(hours=2))
    assert codes(similar, db) == []


def test_what_was_deleted_is_forgotten(db: Session, bank: Bank) -> None:
    version, similar = bank.item(stem=STEM, state=ReviewState.DRAFT), SimilarItems()
    assert codes(similar, db) == ["TF-0001"]
    db.delete(version.item)
    assert codes(similar, db) == []
    assert not similar.known
