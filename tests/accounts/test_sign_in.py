"""How long a sign-in lasts, and how failed tries are slowed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts import sign_in
from examapp.accounts.models import FailedSignIn, SignIn, User
from question_bank.errors import RuleViolation
from tests.personas import Personas

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def start(db: Session, user: User, at: datetime) -> str:
    return sign_in.start(db, user, address="192.0.2.1", browser="Firefox", at=at)


def fail(db: Session, times: int, at: datetime, email: str = "ana@example.org") -> None:
    for number in range(times):
        sign_in.note_failure(db, email, address="192.0.2.1", at=at + timedelta(seconds=number))


def test_the_database_keeps_only_a_digest_of_the_token(db: Session, at: datetime, personas: Personas) -> None:
    token = start(db, personas.rater(), at)
    row = db.scalars(select(SignIn)).one()
    assert token not in (row.token_hash, row.browser)
    assert sign_in.find_open(db, token, at) is row
    assert sign_in.find_open(db, "another token", at) is None


def test_a_sign_in_ends_after_twelve_hours_without_use(db: Session, at: datetime, personas: Personas) -> None:
    token = start(db, personas.rater(), at)
    assert sign_in.find_open(db, token, at + 11 * HOUR)
    assert sign_in.find_open(db, token, at + 12 * HOUR) is None


def test_a_sign_in_ends_after_seven_days_of_use(db: Session, at: datetime, personas: Personas) -> None:
    token = start(db, personas.rater(), at)
    row = sign_in.find_open(db, token, at)
    assert row is not None
    sign_in.note_seen(db, row.id, at=at + 7 * DAY - HOUR)
    db.expire_all()
    assert sign_in.find_open(db, token, at + 7 * DAY - timedelta(seconds=1))
    assert sign_in.find_open(db, token, at + 7 * DAY) is None


def test_use_does_not_bring_back_a_sign_in_that_was_ended(db: Session, at: datetime, personas: Personas) -> None:
    user = personas.rater()
    token = start(db, user, at)
    row = sign_in.open_sign_ins(db, user, at)[0]
    sign_in.end(db, row, by=user.id, at=at)
    sign_in.note_seen(db, row.id, at=at + HOUR)
    assert sign_in.find_open(db, token, at) is None
    with pytest.raises(RuleViolation, match="signed out already"):
        sign_in.end(db, row, by=user.id, at=at)


def test_signing_out_everywhere_else_keeps_this_browser(db: Session, at: datetime, personas: Personas) -> None:
    user, other = personas.rater(), personas.rater()
    start(db, other, at)
    for _ in range(3):
        start(db, user, at)
    here = sign_in.open_sign_ins(db, user, at)[-1]
    assert sign_in.end_others(db, user, here, at=at) == 2
    assert sign_in.open_sign_ins(db, user, at) == [here]
    assert len(sign_in.open_sign_ins(db, other, at)) == 1


WAITS = [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (40, 900)]


@pytest.mark.parametrize(("tries", "seconds"), WAITS)
def test_the_wait_grows_with_every_failure_after_the_fifth(tries: int, seconds: int, at: datetime) -> None:
    assert sign_in.wait_of([at] * tries, at) == timedelta(seconds=seconds)
    assert sign_in.wait_of([at] * tries, at + timedelta(seconds=seconds)) == timedelta()


def test_an_unknown_address_waits_like_a_known_one(db: Session, at: datetime, personas: Personas) -> None:
    personas.rater(email="known@example.org")
    for email in ("known@example.org", "unknown@example.org"):
        fail(db, 5, at, email)
        assert sign_in.look_up(db, email, at + timedelta(seconds=4)).wait == timedelta(seconds=30)


def test_failures_count_for_a_quarter_of_an_hour_and_are_then_forgotten(db: Session, at: datetime) -> None:
    fail(db, 5, at)
    later = at + timedelta(minutes=16)
    assert sign_in.look_up(db, "ana@example.org", later).wait == timedelta()
    fail(db, 1, later)
    assert len(db.scalars(select(FailedSignIn)).all()) == 1


def test_a_right_password_forgets_the_failures_before_it(db: Session, at: datetime, personas: Personas) -> None:
    user = personas.rater(email="ana@example.org")
    fail(db, 4, at)
    start(db, user, at)
    assert db.scalars(select(FailedSignIn)).all() == []
