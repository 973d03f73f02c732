"""Two items that may not meet on a form."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank.audit import AuditEvent
from question_bank.enemies import EnemyPair, declare, enemies_among, enemies_of, reconcile
from question_bank.errors import RuleViolation
from tests.bank import Bank
from tests.personas import Personas


@pytest.fixture
def by(personas: Personas) -> int:
    return personas.author().id


def test_enemies_know_each_other_until_they_are_reconciled(db: Session, bank: Bank, by: int, at: datetime) -> None:
    one, other, third = (bank.item().item for _ in range(3))
    db.flush()
    declare(db, other, one, reason=" One gives the other away. ", by=by, at=at)
    assert [(enemy.item, enemy.pair.reason) for enemy in enemies_of(db, one)] == [(other, "One gives the other away.")]
    assert [enemy.item for enemy in enemies_of(db, other)] == [one]
    assert enemies_among(db, [one.code, third.code]) == {}
    assert enemies_among(db, [one.code, other.code, third.code]) == {
        frozenset([one.code, other.code]): "One gives the other away."
    }
    reconcile(db, one, other, by=by, at=at)
    assert enemies_of(db, one) == enemies_of(db, other) == []
    said = db.scalars(select(AuditEvent).where(AuditEvent.action.startswith("item.enemy"))).all()
    assert {(event.action, event.target_id, event.details["enemy"]) for event in said} == {
        (action, mine, its)
        for action in ("item.enemy_declared", "item.enemy_reconciled")
        for mine, its in ((one.code, other.code), (other.code, one.code))
    }


def test_what_makes_no_enemies_is_said(db: Session, bank: Bank, by: int, at: datetime) -> None:
    one, other = bank.item().item, bank.item().item
    db.flush()
    with pytest.raises(RuleViolation, match="no enemy of itself"):
        declare(db, one, one, reason="Same.", by=by, at=at)
    with pytest.raises(RuleViolation, match="Write down why"):
        declare(db, one, other, reason=" ", by=by, at=at)
    declare(db, one, other, reason="Cue.", by=by, at=at)
    with pytest.raises(RuleViolation, match="enemies already"):
        declare(db, other, one, reason="Cue.", by=by, at=at)
    reconcile(db, one, other, by=by, at=at)
    with pytest.raises(RuleViolation, match="no longer enemies"):
        reconcile(db, one, other, by=by, at=at)


def test_the_database_keeps_each_pair_once(db: Session, bank: Bank, by: int, at: datetime) -> None:
    one, other = bank.item().item, bank.item().item
    db.flush()
    db.add(EnemyPair(one_id=other.id, other_id=one.id, reason="Cue.", declared_at=at, declared_by_id=by))
    with pytest.raises(IntegrityError):
        db.flush()
