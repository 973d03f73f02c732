from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.delivery import clock

START = datetime(2027, 3, 15, 16, 0, tzinfo=UTC)
moments = st.integers(1_600_000_000, 2_200_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
ledgers = st.lists(st.integers(0, 36_000), min_size=1, max_size=8)


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


@given(moments, ledgers, st.integers(0, 200_000), st.integers(1, 200_000))
def test_a_pause_never_takes_time_and_gives_less_than_a_second(
    start: datetime, ledger: list[int], stopped_after: int, milliseconds: int
) -> None:
    closes, stopped_at = start + timedelta(days=30), start + timedelta(seconds=min(stopped_after, sum(ledger)))
    resumed_at = stopped_at + timedelta(milliseconds=milliseconds)
    before = clock.deadline(start, ledger, closes) - stopped_at
    after = clock.deadline(start, [*ledger, clock.elapsed(stopped_at, resumed_at)], closes) - resumed_at
    assert timedelta(0) <= after - before < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("stopped", "left"),
    [(None, 600), (480, 480), (900, 600)],
    ids=["running", "stopped", "stopped, but the window ends before"],
)
def test_seconds_left(stopped: int | None, left: int) -> None:
    assert clock.seconds_left(START + timedelta(minutes=10), stopped, START) == left
    assert clock.seconds_left(START, None, START + timedelta(minutes=1)) == 0


def test_a_clock_that_was_set_back_makes_no_stop_of_negative_length() -> None:
    assert clock.elapsed(START, START - timedelta(hours=1)) == 0
