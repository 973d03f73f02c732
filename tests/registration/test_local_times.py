"""Local times of a window: what the clocks never show, and what they show twice, is refused and explained."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.registration.local_times import local, moment
from examapp.time_zones import US_ZONES
from question_bank.errors import RuleViolation


@pytest.mark.parametrize(
    ("typed", "zone", "expected"),
    [
        ("2027-03-14T01:59", "America/Denver", datetime(2027, 3, 14, 8, 59, tzinfo=UTC)),
        ("2027-03-14T03:00", "America/Denver", datetime(2027, 3, 14, 9, 0, tzinfo=UTC)),
        ("2027-03-14T02:30", "America/Phoenix", datetime(2027, 3, 14, 9, 30, tzinfo=UTC)),
        ("2027-11-07T00:59", "America/Denver", datetime(2027, 11, 7, 6, 59, tzinfo=UTC)),
        ("2027-11-07T02:00", "America/Denver", datetime(2027, 11, 7, 9, 0, tzinfo=UTC)),
        ("2027-11-07T01:30", "Pacific/Honolulu", datetime(2027, 11, 7, 11, 30, tzinfo=UTC)),
    ],
)
def test_a_local_time_that_exists_once_is_that_moment(typed: str, zone: str, expected: datetime) -> None:
    assert moment(datetime.fromisoformat(typed), zone) == expected


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_an_hour_the_clocks_skip_does_not_exist(minute: int) -> None:
    with pytest.raises(RuleViolation, match="does not exist"):
        moment(datetime.fromisoformat(f"2027-03-14T02:{minute:02}"), "America/Denver")


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_an_hour_the_clocks_repeat_happens_twice(minute: int) -> None:
    with pytest.raises(RuleViolation, match="happens twice"):
        moment(datetime.fromisoformat(f"2027-11-07T01:{minute:02}"), "America/Denver")


def test_a_zone_that_is_not_offered_is_refused() -> None:
    with pytest.raises(RuleViolation, match="time zone from the list"):
        moment(datetime.fromisoformat("2027-03-14T12:00"), "Europe/Paris")


@given(
    st.datetimes(datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2035-01-01")),
    st.sampled_from(tuple(US_ZONES)),
)
def test_what_is_accepted_is_shown_again_as_it_was_typed(typed: datetime, zone: str) -> None:
    try:
        assert local(moment(typed, zone), zone) == typed
    except RuleViolation:
        assert typed.month in (3, 11)
