"""Accommodations: granted before the first part, one grant in force at a time, told by mail."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import examapp
from examapp.accounts.models import OutboxMail, User
from examapp.endorsements.models import EndorsementFile
from examapp.registration.accommodations import grant, is_short_notice, revoke, time_needed
from examapp.registration.administrations import too_short_for
from examapp.registration.models import Accommodation, Administration, Registration
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
    assert "Accommodation for your written examination" in db.scalars(select(OutboxMail.subject)).all()


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        ({"factor": Decimal("0.5")}, "from 1 to 3"),
        ({"factor": Decimal("3.01")}, "from 1 to 3"),
        ({"extra_minutes": 241}, "from 0 to 240"),
        ({"break_minutes": -1}, "from 0 to 240"),
        ({"factor": Decimal(1), "arrangements": "  "}, "Grant something"),
        ({"extra_minutes": 10, "reason": "  "}, "on what the accommodation rests"),
    ],
)
def test_a_grant_without_sense_or_reason_is_refused(
    db: Session, at: datetime, office: User, registered: Registration, conditions: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RuleViolation, match=sentence):
        grant(db, registered, **{"reason": "Letter", **conditions}, by=office.id, at=at)
    assert registered.accommodation is None


def test_everything_granted_is_told_by_mail_and_never_why(
    db: Session, at: datetime, office: User, registered: Registration
) -> None:
    grant(
        db, registered, factor=Decimal("1.5"), extra_minutes=10, break_minutes=15, arrangements="A room of your own.",
        reason="Letter of Dr. Ruiz", by=office.id, at=at,
    )  # fmt: skip
    mail = db.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert mail
    for words in ("1.5 times", "10 minutes more", "15 minutes of breaks", "A room of your own."):
        assert words in mail.body
    assert "Ruiz" not in mail.body


@pytest.mark.parametrize(
    ("minutes", "factor", "extra_minutes", "seconds"),
    [
        (90, "1", 0, 0),
        (90, "1.5", 0, 2700),
        (90, "1.25", 0, 1350),
        (90, "2", 0, 5400),
        (1, "1.0001", 0, 1),
        (7, "1.3333", 0, 140),
        (90, "1", 10, 600),
        (90, "1.5", 10, 3300),  # the factor first: it multiplies the allowance, not the minutes
    ],
)
def test_the_factor_multiplies_the_allowance_and_the_minutes_follow(
    minutes: int, factor: str, extra_minutes: int, seconds: int
) -> None:
    granted = Accommodation(factor=Decimal(factor), extra_minutes=extra_minutes)
    assert granted.extra_seconds(minutes) == seconds


def test_the_window_is_compared_with_what_the_candidate_needs(
    db: Session, at: datetime, office: User, registered: Registration
) -> None:
    policy = default_exam_policy()
    usual = time_needed(registered, policy)
    registered.administration.closes_at = registered.administration.opens_at + usual
    assert not too_short_for(registered.administration, registered, policy)
    grant(db, registered, break_minutes=10, extra_minutes=5, reason="Letter", by=office.id, at=at)
    assert time_needed(registered, policy) - usual == timedelta(minutes=30)  # in each of the two parts
    assert too_short_for(registered.administration, registered, policy)


def test_a_new_grant_ends_the_old_one(db: Session, at: datetime, office: User, registered: Registration) -> None:
    first = grant(db, registered, factor=Decimal("1.25"), reason="Letter", by=office.id, at=at)
    second = grant(db, registered, factor=Decimal(2), reason="Second letter", by=office.id, at=at)
    assert (first.revoked_by_id, registered.accommodation) == (office.id, second)
    revoke(db, registered, by=office.id, at=at)
    assert registered.accommodation is None
    with pytest.raises(RuleViolation, match="No accommodation is in force"):
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


def test_raters_and_reports_know_nothing_of_accommodations() -> None:
    """Only the replay of an attempt, which is the administrator's, tells its time ledger."""
    package = Path(examapp.__file__).parent
    folders = [package / each for each in ("scoring", "reporting", "templates/scoring", "templates/reporting")]
    files = [path for folder in folders for path in folder.rglob("*.*") if path.suffix in (".py", ".html")]
    knowing = {path.name for path in files if "accommodat" in path.read_text().lower()}
    assert len(files) > 40
    assert knowing <= {"replay_parts.html"}
