from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.delivery import clock

START = datetime(2027, 3, 15, 16, 0, tzinfo=UTC)
moments = st.integers(1_600_000_000, 2_200_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
ledgers = st.lists(st.integers(0, 36_000), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("minutes", "factor", "extra"),
    [(90, "1", 0), (90, "1.5", 2700), (90, "1.25", 1350), (90, "2", 5400), (1, "1.0001", 1), (7, "1.3333", 140)],
)
def test_accommodation_multiplies_the_allowance_and_never_loses_a_second(minutes: int, factor: str, extra: int) -> None:
    assert clock.accommodation(minutes, Decimal(factor)) == extra


@pytest.mark.parametrize(
    ("ledger", "window_hours", "minutes"),
    [
        ([5400], 8, 90),
        ([5400, 2700], 8, 135),  # accommodation
        ([5400, 2700, 600], 8, 145),  # and time given back
        ([5400], 1, 60),  # the window closes first
        ([5400, 36_000], 2, 120),  # however much is given
    ],
)
def test_deadline(ledger: list[int], window_hours: int, minutes: int) -> None:
    ends = clock.deadline(START, ledger, START + timedelta(hours=window_hours))
    assert ends == START + timedelta(minutes=minutes)


@given(moments, ledgers, st.integers(1, 200_000), st.integers(0, 36_000))
def test_more_time_never_brings_the_deadline_nearer_and_never_passes_the_window(
    start: datetime, ledger: list[int], window: int, given_back: int
) -> None:
    closes = start + timedelta(seconds=window)
    before = clock.deadline(start, ledger, closes)
    after = clock.deadline(start, [*ledger, given_back], closes)
    assert before <= after <= closes
    assert clock.deadline(start, reversed([*ledger, given_back]), closes) == after


@given(moments, st.integers(0, 120))
def test_grace_never_takes_time_away(deadline: datetime, grace: int) -> None:
    assert clock.accepts_until(deadline, grace) >= deadline
