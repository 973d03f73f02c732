"""The deadline of a part: pure rules over times that others looked up. Client time never enters here."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

# How long after the deadline an answer on its way may still arrive, unless the installation says otherwise.
NETWORK_GRACE_SECONDS = 20


def allowance(minutes: int) -> int:
    """The seconds every candidate has."""
    return minutes * 60


def ledger_end(started_at: datetime, ledger: Iterable[int]) -> datetime:
    """The start and everything in the ledger (seconds)."""
    return started_at + timedelta(seconds=sum(ledger))


def deadline(started_at: datetime, ledger: Iterable[int], window_closes_at: datetime) -> datetime:
    """When a part ends: the start and everything in its ledger, but never after the window."""
    return min(ledger_end(started_at, ledger), window_closes_at)


def accepts_until(deadline_at: datetime, grace_seconds: int) -> datetime:
    return deadline_at + timedelta(seconds=grace_seconds)


# While the clock stands still


def elapsed(since: datetime, until: datetime) -> int:
    """The seconds of a stop. A begun second counts whole, so that a stop never costs time; a clock set back, none."""
    return max(0, math.ceil((until - since).total_seconds()))


def stopped_left(started_at: datetime, ledger: Iterable[int], stopped_at: datetime) -> int:
    """What the ledger still gave when the clock stopped."""
    return elapsed(stopped_at, ledger_end(started_at, ledger))


def latest_end(
    started_at: datetime, ledger: Iterable[int], window_closes_at: datetime, break_left: int | None
) -> datetime:
    """When a stopped part would end by itself: a break ends when it is used up, a pause (None) lasts to the window."""
    if break_left is None:
        return window_closes_at
    return deadline(started_at, [*ledger, break_left], window_closes_at)


def seconds_left(deadline_at: datetime, stopped: int | None, at: datetime) -> int:
    """The time left on a clock that runs, or stands still with ``stopped`` seconds. The window goes on meanwhile."""
    left = elapsed(at, deadline_at)
    return left if stopped is None else min(stopped, left)
