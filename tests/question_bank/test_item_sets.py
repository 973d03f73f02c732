"""Items that share a vignette and travel together."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank.enemies import declare
from question_bank.errors import RuleViolation
from question_bank.item_pool import versions_in_use
from question_bank.item_sets import (
    join,
    leave,
    members,
    set_of,
    set_problems,
    share_with_set,
    told_with,
    unlike,
    whole_sets,
)
from question_bank.items import ItemKind, ItemVersion, ReviewState
from question_bank.translations import SPANISH
from tests.bank import Bank
from tests.personas import Personas
from tests.statements import statements_seen

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
    for one, other in ((bank.vignette().item, first), (first, bank.vignette().item)):
        with pytest.raises(RuleViolation, match="different parts of a form, so they share no vignette"):
            join(db, one, other, by=by, at=at)
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


def test_a_form_takes_no_set_that_tells_two_stories(db: Session, bank: Bank) -> None:
    first, second, alone = telling(bank.item()), telling(bank.item(), "Another."), bank.item()
    first.item.set_code = second.item.set_code = first.item.code
    assert whole_sets(db, [first, second, alone]) == [alone]


def test_an_item_that_named_a_set_and_left_begins_another_one(db: Session, bank: Bank, by: int, at: datetime) -> None:
    first, second, third, fourth = (telling(bank.item()).item for _ in range(4))
    for item in (second, third):
        join(db, item, first, by=by, at=at)
    leave(db, first, by=by, at=at)
    join(db, fourth, first, by=by, at=at)
    assert set_of(db, first) == [first, fourth]
    assert set_of(db, second) == [second, third]


def test_enemies_are_in_no_set_together(db: Session, bank: Bank, by: int, at: datetime) -> None:
    first, second, foe = (telling(bank.item()).item for _ in range(3))
    db.flush()
    declare(db, second, foe, reason="Same fact", by=by, at=at)
    join(db, second, first, by=by, at=at)
    with pytest.raises(RuleViolation, match=f"{second.code}, {foe.code} are enemies .Same fact., and a set"):
        join(db, foe, first, by=by, at=at)
    assert foe.set_code is None


def test_what_a_form_leaves_out_is_left_alone(db: Session, bank: Bank, by: int, at: datetime) -> None:
    first, retired = telling(bank.item()), telling(bank.item(), "Another.")
    first.item.set_code = retired.item.set_code = first.item.code
    retired.state = ReviewState.RETIRED
    db.flush()
    assert unlike(db, first) == []
    assert share_with_set(db, first.item, by=by, at=at) == []
    assert whole_sets(db, [first]) == [first]


def test_an_essay_that_joins_gets_the_vignette_its_kind_and_its_spanish(
    db: Session, bank: Bank, by: int, at: datetime
) -> None:
    bank.spanish = True
    first, second = bank.vignette("policy"), bank.vignette("clinical")
    picture = f"{STORY}\n\n![Ana at the door](picture:{'a' * 64})"
    bank.translated(telling(first, picture))
    db.flush()
    join(db, second.item, first.item, by=by, at=at)
    told = second.item.latest
    assert (told.number, told.state, told.title) == (2, ReviewState.DRAFT, second.title)
    assert (told.content["stimulus"], told.content["slot"]) == (picture, "policy")
    assert told.content["prompt"] == second.content["prompt"]
    spanish = told.content["translations"][SPANISH]
    assert (spanish["texts"]["stimulus"], spanish["of"]["stimulus"]) == (f"ES: {picture}", picture)
    assert set_problems(db, told) == []


@pytest.mark.parametrize("changed", [{"stimulus": "Another story."}, {"slot": "policy"}])
def test_essays_of_a_set_say_one_vignette_of_one_kind(
    db: Session, bank: Bank, by: int, at: datetime, changed: dict[str, str]
) -> None:
    first, second = telling(bank.vignette()), telling(bank.vignette())
    first.item.set_code = second.item.set_code = first.item.code
    first.content = {**first.content, **changed}
    db.flush()
    assert (unlike(db, first), unlike(db, second)) == ([second.item.code], [first.item.code])
    assert share_with_set(db, first.item, by=by, at=at) == [second.item]
    assert second.item.latest.content.items() >= changed.items()
    assert unlike(db, first) == []


def test_who_met_one_of_a_set_knows_the_vignette_of_the_others(db: Session, bank: Bank) -> None:
    first, second, retired, alone = (bank.vignette() for _ in range(4))
    first.item.set_code = second.item.set_code = retired.item.set_code = first.item.code
    retired.state = ReviewState.RETIRED
    db.flush()
    met = {first.item.code, alone.item.code}
    assert told_with(db, met) == {version.item.code: first.item.code for version in (second, retired)}


def in_both(version: ItemVersion, spanish: str) -> ItemVersion:
    parts = {"texts": {"stem": "¿Qué?", "stimulus": spanish}, "of": {"stem": "What?", "stimulus": STORY}}
    version.content = {**version.content, "stimulus": STORY, "translations": {SPANISH: parts}}
    return version


@pytest.mark.parametrize(
    ("source", "stored", "kept"),
    [
        (None, None, True),
        ("Ana.", None, True),
        (None, "Ana.", True),
        ("Ana.", "Ana.", True),
        ("Ana.", "Eva.", False),
        ("Ana.", "", False),
    ],
)
def test_a_vignette_is_written_only_where_it_says_something_new(
    db: Session, bank: Bank, by: int, at: datetime, source: str | None, stored: str | None, kept: bool
) -> None:
    first, second = telling(bank.item()), telling(bank.item())
    for version, spanish in ((first, source), (second, stored)):
        if spanish is not None:
            in_both(version, spanish)
    first.item.set_code = second.item.set_code = first.item.code
    db.flush()
    assert share_with_set(db, first.item, by=by, at=at) == ([] if kept else [second.item])
    texts = second.item.latest.content.get("translations", {}).get(SPANISH, {}).get("texts", {})
    assert texts.get("stimulus") == (stored if kept else source)


def test_another_english_vignette_takes_the_spanish_of_the_old_one_away(
    db: Session, bank: Bank, by: int, at: datetime
) -> None:
    first, second = telling(bank.item(), "Another story."), in_both(bank.item(), "Ana.")
    first.item.set_code = second.item.set_code = first.item.code
    db.flush()
    assert share_with_set(db, first.item, by=by, at=at) == [second.item]
    told = second.item.latest.content
    assert (told["stimulus"], told["translations"][SPANISH]["texts"]["stimulus"]) == ("Another story.", "")


def test_many_sets_are_looked_up_together(db: Session, bank: Bank) -> None:
    for _ in range(5):
        first, second = bank.item().item, bank.item().item
        first.set_code = second.set_code = first.code
    db.flush()
    db.expunge_all()
    found = versions_in_use(db, ItemKind.SINGLE_BEST_ANSWER)
    with statements_seen() as seen:
        assert whole_sets(db, found) == found
    assert len(seen) <= 3  # items, their versions, the terms of these
