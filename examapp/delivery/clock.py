"""The deadline of a part: pure rules over times that others looked up. Client time never enters here."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

# How long after the deadline an answer on its way may still arrive, unless the installation says otherwise.
NETWORK_GRACE_SECONDS = 20


def allowance(minutes: int) -> int:
    """The seconds every candidate has."""
    return minutes * 60


def accommodation(minutes: int, factor: Decimal) -> int:
    """The seconds added to the allowance when it is multiplied by ``factor``; a fraction counts as a whole second."""
    return int((minutes * 60 * (factor - 1)).to_integral_value(ROUND_CEILING))


def deadline(started_at: datetime, ledger: Iterable[int], window_closes_at: datetime) -> datetime:
    """When a part ends: the start and everything in its ledger (seconds), but never after the window."""
    return min(started_at + timedelta(seconds=sum(ledger)), window_closes_at)


def accepts_until(deadline_at: datetime, grace_seconds: int) -> datetime:
    return deadline_at + timedelta(seconds=grace_seconds)
