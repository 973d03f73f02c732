"""Reviews given out fairly: who may not, how much everybody has, and asking many people at once."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank import review
from question_bank.assignments import ReviewAssignment, asked_now
from question_bank.bulk_deeds import ask_reviewers, plan_giving_out, undo
from question_bank.errors import RuleViolation
from question_bank.expertise import say_areas
from question_bank.framework import default_framework
from question_bank.giving_out import barred_from, open_loads, propose_reviewers
from question_bank.item_writing import add_item
from question_bank.items import ItemKind, ItemVersion, ReviewState
from question_bank.review import Move
from question_bank.review_conflicts import declare
from question_bank.review_queues import unasked
from tests.bank import Bank
from tests.drafts import complete_draft
from tests.personas import Personas
from tests.reviews import take

DAY = date(2027, 4, 1)
CONTENT = ReviewState.CONTENT_REVIEW


@pytest.fixture
def passed_on(db: Session, personas: Personas, at: datetime) -> ItemVersion:
    """RF-0001 waits for its second review."""
    author, first = personas.author().id, personas.reviewer().id
    draft = complete_draft()
    version = add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", draft, source="x", by=author, at=at).latest
    take(db, version, Move.SUBMIT, by=author, at=at)
    ask_reviewers(db, [(version, first)], DAY, by=first, at=at)
    take(db, version, Move.PASS_CONTENT, by=first, at=at)
    return version


def test_who_is_barred_from_many_is_barred_from_each(
    db: Session, personas: Personas, bank: Bank, passed_on: ItemVersion, at: datetime
) -> None:
    near, other = personas.reviewer().id, bank.item(state=ReviewState.CONTENT_REVIEW)
    declare(db, passed_on.item, reason="Taught the author.", by=near, at=at)
    both = [passed_on, other]
    assert barred_from(db, both) == {version.id: review.barred(db, version) for version in both}
    assert len(barred_from(db, both)[passed_on.id]) == 3


def test_what_was_passed_on_waits_for_somebody_new(db: Session, personas: Personas, passed_on: ItemVersion) -> None:
    people = [personas.reviewer().id, *review.passed_content(db, passed_on)]
    assert open_loads(db) == {}
    assert db.scalars(unasked(people)).all() == [passed_on]
    assert not asked_now(db, [passed_on])
    assert plan_giving_out(db, [passed_on], people).changed == [passed_on]


@pytest.mark.parametrize("leaves", ["the committee", "this item"])
def test_what_was_asked_of_somebody_who_may_no_longer_review_it_is_given_out_anew(
    db: Session, personas: Personas, bank: Bank, at: datetime, leaves: str
) -> None:
    version, asked, other = bank.item(state=CONTENT), personas.reviewer().id, personas.reviewer().id
    ask_reviewers(db, [(version, asked)], DAY, by=other, at=at)
    assert db.scalars(unasked([asked, other])).all() == plan_giving_out(db, [version], [asked, other]).changed == []
    people = [other] if leaves == "the committee" else [asked, other]
    if leaves == "this item":
        declare(db, version.item, reason="My own case.", by=asked, at=at)
    assert db.scalars(unasked(people)).all() == plan_giving_out(db, [version], people).changed == [version]
    assert propose_reviewers(db, [version], people).proposed == {version.item.code: other}


def test_reviews_go_to_those_who_know_the_area_and_come_back(
    db: Session, personas: Personas, bank: Bank, at: datetime
) -> None:
    versions = [bank.item(state=ReviewState.CONTENT_REVIEW) for _ in range(4)]
    one, two, stranger = (personas.reviewer().id for _ in range(3))
    for person in (one, two):
        say_areas(db, person, ["theoretical-foundations"], default_framework(), by=person, at=at)
    proposal = propose_reviewers(db, versions, [one, two, stranger])
    assert proposal.shares == {one: 2, two: 2}
    asked = [(version, proposal.proposed[version.item.code] or 0) for version in versions]
    deed = ask_reviewers(db, asked, DAY, by=stranger, at=at)
    assert open_loads(db) == {one: 2, two: 2}
    assert {why for _, why in plan_giving_out(db, versions, [one, two]).left_out} == {"Somebody is asked already."}
    undo(db, deed, by=stranger, at=at)
    assert open_loads(db) == {}


def test_one_who_is_barred_stops_all_of_it(db: Session, personas: Personas, bank: Bank, at: datetime) -> None:
    one, other = bank.item(state=ReviewState.CONTENT_REVIEW), bank.item(state=ReviewState.CONTENT_REVIEW)
    by = personas.reviewer().id
    with pytest.raises(RuleViolation, match="may not judge it"), db.begin_nested():
        ask_reviewers(db, [(one, by), (other, bank.author_id)], DAY, by=by, at=at)
    assert not db.scalars(select(ReviewAssignment)).all()
