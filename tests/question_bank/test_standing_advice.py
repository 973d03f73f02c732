"""Advice that is not followed needs a written reason."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank.errors import RuleViolation
from question_bank.framework import current_framework, load_default
from question_bank.item_writing import add_item, new_version
from question_bank.items import Item, ItemKind, ReviewState
from question_bank.review import Move, left_out, move
from question_bank.standing_advice import last_reasons, reasons_of, standing_advice
from tests.drafts import complete_draft
from tests.personas import Personas

OPTIONS = ("She always asks", "She never tells", "She waits a while")  # two rules: absolute-term, negative-option


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime) -> Item:
    load_default(db, at=at)
    draft, by = complete_draft(options=OPTIONS), personas.author().id
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", draft, source="written here", by=by, at=at)


def send(db: Session, item: Item, at: datetime, **reasons: str) -> None:
    named = {rule.replace("_", "-"): reason for rule, reason in reasons.items()}
    move(db, item.latest, Move.SUBMIT, by=item.author_id, comment="", at=at, reasons=named)


def test_a_note_needs_no_reason_and_a_warning_does(item: Item) -> None:
    assert set(standing_advice(item.latest)) == {"absolute-term", "negative-option"}


@pytest.mark.parametrize(
    "reasons", [{}, {"absolute_term": "A saying"}, {"absolute_term": "A saying", "negative_option": " "}]
)
def test_without_every_reason_it_is_not_sent(db: Session, item: Item, at: datetime, reasons: dict[str, str]) -> None:
    with pytest.raises(RuleViolation):
        send(db, item, at, **reasons)
    assert item.latest.state is ReviewState.DRAFT
    assert left_out(db, current_framework(db), item.latest, pictures=())


def test_reasons_stay_with_the_version_and_are_offered_to_the_next(
    db: Session, personas: Personas, item: Item, at: datetime
) -> None:
    send(db, item, at, absolute_term="A saying", negative_option="A quotation", clang="Mended meanwhile")
    given = {"absolute-term": "A saying", "negative-option": "A quotation"}
    assert reasons_of(db, item.latest) == given
    move(db, item.latest, Move.SEND_BACK, by=personas.reviewer().id, comment="Please look again", at=at)
    draft = new_version(db, item, by=item.author_id, at=at)
    assert reasons_of(db, draft) == {}
    assert last_reasons(db, item) == given
