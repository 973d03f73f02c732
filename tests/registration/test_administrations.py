"""Administrations: announcing, changing while nobody has started, cancelling, and in which phase they are."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.endorsements.models import EndorsementFile
from examapp.registration.administrations import (
    Phase,
    administrations_in,
    cancel,
    change_administration,
    fingerprint,
    open_administration,
)
from examapp.registration.models import Administration
from examapp.registration.registrations import register
from question_bank import exam_policy
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.exam_policy import Dates, default_exam_policy, save_exam_policy
from tests import factories

MAY_1 = datetime(2027, 5, 1, tzinfo=UTC)


def announce(db: Session, at: datetime, by: User, **values: Any) -> Administration:
    usual: dict[str, Any] = {
        "title": "Fall 2027",
        "opens_at": at + timedelta(days=20),
        "closes_at": at + timedelta(days=21),
        "time_zone": "America/Denver",
        "form_sha256": factories.whole_form(db, at).sha256,
        "proctored": True,
    }
    return open_administration(db, **{**usual, **values}, by=by.id, at=at)


def change(db: Session, found: Administration, by: User, at: datetime, **values: Any) -> None:
    usual = {name: getattr(found, name) for name in ("title", "opens_at", "closes_at", "time_zone", "proctored")}
    change_administration(db, found, **{"seen": fingerprint(found), **usual, **values}, by=by.id, at=at)


def test_the_policy_in_force_on_the_opening_day_is_pinned(db: Session, at: datetime, office: User) -> None:
    first = exam_policy.load_default(db, at=at)
    second = save_exam_policy(db, default_exam_policy(), effective_from=date(2027, 4, 4), note="n", by=office.id, at=at)
    # April 4 has begun in UTC, but not in Denver, where the window is.
    evening = datetime(2027, 4, 4, 3, tzinfo=at.tzinfo)
    made = announce(db, at, office, opens_at=evening, closes_at=evening + timedelta(days=1))
    later = announce(
        db, at, office, title="Later", opens_at=evening + timedelta(hours=6), closes_at=evening + timedelta(days=2)
    )
    assert (made.policy_id, later.policy_id) == (first.id, second.id)


def test_a_policy_of_one_day_keeps_an_administration_to_it(db: Session, at: datetime, office: User) -> None:
    one_day = default_exam_policy().model_copy(update={"dates": Dates.ONE_DAY})
    save_exam_policy(db, one_day, effective_from=date(2027, 1, 1), note="n", by=office.id, at=at)
    evening = datetime(2027, 5, 2, 1, tzinfo=at.tzinfo)  # May 1 in Denver
    with pytest.raises(RuleViolation, match="gives the examination on one day"):
        announce(db, at, office, opens_at=evening, closes_at=evening + timedelta(hours=8))
    made = announce(db, at, office, opens_at=evening - timedelta(hours=8), closes_at=evening)
    with pytest.raises(RuleViolation, match="gives the examination on one day"):
        change(db, made, office, at, closes_at=evening + timedelta(hours=8))


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"form_sha256": "0" * 64}, "Choose a sealed form"),
        ({"opens_at": MAY_1 + timedelta(days=1), "closes_at": MAY_1}, "must close after it opens"),
        ({"opens_at": MAY_1, "closes_at": MAY_1}, "must close after it opens"),
        ({"opens_at": MAY_1 - timedelta(days=90), "closes_at": MAY_1 - timedelta(days=80)}, "over already"),
        ({"time_zone": "Mars/Olympus"}, "time zone from the list"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(
    db: Session, at: datetime, office: User, values: dict[str, Any], refusal: str
) -> None:
    exam_policy.load_default(db, at=at)
    with pytest.raises(RuleViolation, match=refusal):
        announce(db, at, office, **values)


def test_a_form_sealed_under_other_rules_is_refused(db: Session, at: datetime, office: User) -> None:
    exam_policy.load_default(db, at=at)
    policy = default_exam_policy()
    short = factories.sealed_form(db, at)
    other = policy.model_copy(update={"slot_groups": policy.slot_groups[:1]})
    for form, refusal in ((short, "4 items in Part One"), (factories.whole_form(db, at, policy=other), "vignettes")):
        with pytest.raises(RuleViolation, match=refusal):
            announce(db, at, office, form_sha256=form.sha256)


def test_a_window_may_have_opened_already(db: Session, at: datetime, office: User) -> None:
    exam_policy.load_default(db, at=at)
    assert announce(db, at, office, opens_at=at - timedelta(hours=1)).id


def test_a_title_is_given_once(db: Session, at: datetime, office: User, spring: Administration) -> None:
    with pytest.raises(RuleViolation, match="title of its own"):
        announce(db, at, office, title="Spring  2027 ")


def test_phases_follow_the_clock(db: Session, at: datetime, office: User) -> None:
    def given(title: str, opens: int, closes: int, **values: Any) -> Administration:
        window = {"opens_at": at + timedelta(hours=opens), "closes_at": at + timedelta(hours=closes)}
        return factories.administration(db, at, office, title=title, **window, **values)

    later, soon = given("later", 48, 50), given("soon", 24, 26)
    edge, running = given("edge", -8, 0), given("running", 0, 8)
    gone = given("gone", -5, 5, cancelled_at=at)
    assert administrations_in(db, Phase.UPCOMING, at) == [soon, later]
    assert administrations_in(db, Phase.OPEN, at) == [running]
    assert administrations_in(db, Phase.PAST, at) == [edge]
    assert administrations_in(db, Phase.CANCELLED, at) == [gone]


def test_a_moved_window_is_written_down_and_told_to_everybody_registered(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    register(db, spring, file, by=office.id, at=at)
    change(
        db,
        spring,
        office,
        at,
        opens_at=spring.opens_at + timedelta(days=1),
        closes_at=spring.closes_at + timedelta(days=1),
    )
    event = db.scalars(select(AuditEvent).where(AuditEvent.action == "administration.changed")).one()
    assert event.details["before"]["opens_at"] < event.details["after"]["opens_at"]
    assert "New time of your written examination" in db.scalars(select(OutboxMail.subject)).all()


def test_a_new_title_alone_writes_no_mail(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    register(db, spring, file, by=office.id, at=at)
    before = len(db.scalars(select(OutboxMail.id)).all())
    change(db, spring, office, at, title="Spring sitting")
    assert len(db.scalars(select(OutboxMail.id)).all()) == before


def test_once_somebody_has_started_nothing_changes(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    register(db, spring, file, by=office.id, at=at).started_at = at
    db.flush()
    with pytest.raises(RuleViolation, match="has started"):
        change(db, spring, office, at, title="Other")
    with pytest.raises(RuleViolation, match="has started"):
        cancel(db, spring, by=office.id, at=at)


def test_a_form_filled_over_old_values_is_refused(
    db: Session, at: datetime, office: User, spring: Administration
) -> None:
    stale = fingerprint(spring)
    change(db, spring, office, at, title="First")
    with pytest.raises(RuleViolation, match="while you had this page open"):
        change(db, spring, office, at, title="Second", seen=stale)


def test_the_window_is_not_moved_beyond_the_approval_of_a_candidate(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    register(db, spring, file, by=office.id, at=at)
    late = datetime(2028, 3, 1, 16, tzinfo=at.tzinfo)  # the approval ends on February 29
    with pytest.raises(RuleViolation, match="Lucía Baca"):
        change(db, spring, office, at, opens_at=late, closes_at=late + timedelta(hours=8))


def test_cancelling_tells_everybody_registered_and_closes_the_list(
    db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile
) -> None:
    register(db, spring, file, by=office.id, at=at)
    cancel(db, spring, by=office.id, at=at)
    assert "Your written examination is cancelled" in db.scalars(select(OutboxMail.subject)).all()
    with pytest.raises(RuleViolation, match="is cancelled"):
        cancel(db, spring, by=office.id, at=at)
