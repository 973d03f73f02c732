"""Extra time: granted before the first part, one grant in force at a time, told by mail."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.endorsements.models import EndorsementFile
from examapp.registration.accommodations import grant, is_short_notice, revoke
from examapp.registration.models import Administration, Registration
from examapp.registration.registrations import register, withdraw
from question_bank.errors import RuleViolation
from question_bank.exam_policy import default_exam_policy


@pytest.fixture
def registered(db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile) -> Registration:
    return register(db, spring, file, by=office.id, at=at)


@pytest.mark.parametrize("factor", ["1.01", "1.25", "1.5", "2", "3"])
def test_a_factor_above_one_and_up_to_three_is_granted(
    db: Session, at: datetime, office: User, registered: Registration, factor: str
) -> None:
    made = grant(db, registered, factor=Decimal(factor), reason="Letter of March 2", by=office.id, at=at)
    assert registered.accommodation is made
    assert "Extra time for your written examination" in db.scalars(select(OutboxMail.subject)).all()


@pytest.mark.parametrize(("factor", "reason"), [("1", "x"), ("0.5", "x"), ("3.01", "x"), ("1.5", "  ")])
def test_other_factors_and_grants_without_a_reason_are_refused(
    db: Session, at: datetime, office: User, registered: Registration, factor: str, reason: str
) -> None:
    with pytest.raises(RuleViolation):
        grant(db, registered, factor=Decimal(factor), reason=reason, by=office.id, at=at)
    assert registered.accommodation is None


def test_a_new_grant_ends_the_old_one(db: Session, at: datetime, office: User, registered: Registration) -> None:
    first = grant(db, registered, factor=Decimal("1.25"), reason="Letter", by=office.id, at=at)
    second = grant(db, registered, factor=Decimal(2), reason="Second letter", by=office.id, at=at)
    assert (first.revoked_by_id, registered.accommodation) == (office.id, second)
    revoke(db, registered, by=office.id, at=at)
    assert registered.accommodation is None
    with pytest.raises(RuleViolation, match="No extra time is in force"):
        revoke(db, registered, by=office.id, at=at)


@pytest.mark.parametrize("state", ["started", "withdrawn"])
def test_nothing_changes_once_started_or_withdrawn(
    db: Session, at: datetime, office: User, registered: Registration, state: str
) -> None:
    grant(db, registered, factor=Decimal(2), reason="Letter", by=office.id, at=at)
    if state == "started":
        registered.started_at = at
    else:
        withdraw(db, registered, by=office.id, at=at)
    db.flush()
    with pytest.raises(RuleViolation):
        grant(db, registered, factor=Decimal(3), reason="Late", by=office.id, at=at)
    with pytest.raises(RuleViolation):
        revoke(db, registered, by=office.id, at=at)


def test_short_notice_is_known_by_the_policy(registered: Registration, at: datetime) -> None:
    opens = registered.administration.opens_at
    policy = default_exam_policy()
    assert not is_short_notice(registered, policy, opens - timedelta(days=14))
    assert is_short_notice(registered, policy, opens - timedelta(days=13, hours=23))
