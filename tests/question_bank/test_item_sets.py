"""Items that share a vignette and travel together."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank.errors import RuleViolation
from question_bank.item_sets import join, leave, members, set_of, set_problems, share_with_set, whole_sets
from question_bank.items import ItemVersion, ReviewState
from question_bank.translations import SPANISH
from tests.bank import Bank
from tests.personas import Personas

STORY = "Ana, two years old, stops playing when her mother leaves the room."


@pytest.fixture
def by(personas: Personas) -> int:
    return personas.author().id


def telling(version: ItemVersion, story: str = STORY) -> ItemVersion:
    version.content = {**version.content, "stimulus": story}
    return version


def test_an_item_that_joins_gets_the_vignette_in_a_draft(db: Session, bank: Bank, by: int, at: datetime) -> None:
    first, second = telling(bank.item()).item, bank.item().item
    join(db, second, first, by=by, at=at)
    assert set_of(db, first) == set_of(db, second) == [first, second]
    assert first.set_code == second.set_code == first.code
    assert (second.latest.number, second.latest.state) == (2, ReviewState.DRAFT)
    assert second.latest.content == {**second.versions[0].content, "stimulus": STORY}
    assert set_problems(db, second.latest) == []


def test_a_changed_vignette_is_shared_with_the_whole_set(db: Session, bank: Bank, by: int, at: datetime) -> None:
    first, second = telling(bank.item(state=ReviewState.DRAFT)).item, bank.item(state=ReviewState.DRAFT).item
    db.flush()
    join(db, second, first, by=by, at=at)
    telling(second.latest, "Ana, three years old, plays on.")
    assert set_problems(db, first.latest) == set_problems(db, second.latest) != []
    assert share_with_set(db, second, by=by, at=at) == [first]
    assert first.latest.content["stimulus"] == "Ana, three years old, plays on."
    assert set_problems(db, first.latest) == []


def test_its_spanish_goes_along(db: Session, bank: Bank, by: int, at: datetime) -> None:
    bank.spanish = True
    first, second = bank.item(state=ReviewState.DRAFT), bank.item(state=ReviewState.DRAFT)
    spanish = first.content["translations"][SPANISH]
    parts = {
        "texts": {**spanish["texts"], "stimulus": "Ana tiene dos años."},
        "of": {**spanish["of"], "stimulus": STORY},
    }
    first.content = {**first.content, "stimulus": STORY, "translations": {SPANISH: parts}}
    db.flush()
    join(db, second.item, first.item, by=by, at=at)
    told = second.item.latest.content["translations"][SPANISH]
    assert (told["texts"]["stimulus"], told["of"]["stimulus"]) == ("Ana tiene dos años.", STORY)


def test_what_cannot_be_a_set_is_said(db: Session, bank: Bank, by: int, at: datetime) -> None:
    first, second = bank.item().item, bank.item().item
    with pytest.raises(RuleViolation, match=f"Write the vignette of {first.code} first"):
        join(db, second, first, by=by, at=at)
    telling(first.latest)
    with pytest.raises(RuleViolation, match="a set has two at least"):
        join(db, first, first, by=by, at=at)
    with pytest.raises(RuleViolation, match="vignette of its own"):
        join(db, bank.vignette().item, first, by=by, at=at)
    waiting = bank.item(state=ReviewState.CONTENT_REVIEW).item
    with pytest.raises(RuleViolation, match="in review"):
        join(db, waiting, first, by=by, at=at)
    assert (waiting.set_code, first.set_code) == (None, None)
    join(db, second, first, by=by, at=at)
    with pytest.raises(RuleViolation, match="belongs to a vignette set already"):
        join(db, second, first, by=by, at=at)


def test_a_set_of_one_is_none(db: Session, bank: Bank, by: int, at: datetime) -> None:
    first, second, third = telling(bank.item()).item, bank.item().item, bank.item().item
    join(db, second, first, by=by, at=at)
    join(db, third, second, by=by, at=at)
    leave(db, first, by=by, at=at)
    assert set_of(db, second) == [second, third]
    leave(db, third, by=by, at=at)
    assert (first.set_code, second.set_code, third.set_code) == (None, None, None)
    with pytest.raises(RuleViolation, match="no vignette set"):
        leave(db, third, by=by, at=at)


def test_a_form_takes_whole_sets_only(db: Session, bank: Bank, by: int, at: datetime) -> None:
    first, second, alone = telling(bank.item()), telling(bank.item()), bank.item()
    first.item.set_code = second.item.set_code = first.item.code
    assert whole_sets(db, [first, alone]) == [alone]
    assert whole_sets(db, [first, second, alone]) == [first, second, alone]
    second.state = ReviewState.RETIRED
    assert members(db, first.item.code) == {first.item.code}
    assert whole_sets(db, [first, alone]) == [first, alone]
