"""From what somebody types as a local date and time to the moment it means. Pure.

When clocks change, an hour of local time does not exist and another happens twice. Both are refused with an
explanation, because guessing would move an examination by an hour.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from examapp.time_zones import US_ZONES
from question_bank.errors import RuleViolation


def moment(typed: datetime, zone: str) -> datetime:
    """The moment in UTC at which the clocks of ``zone`` show ``typed``."""
    if zone not in US_ZONES:
        raise RuleViolation("Choose a time zone from the list.")
    local = typed.replace(tzinfo=ZoneInfo(zone), fold=0)
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != typed:
        raise RuleViolation(
            "%(typed)s does not exist in this time zone: the clocks go forward over it. Choose another time.",
            typed=f"{typed:%Y-%m-%d %H:%M}",
        )
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise RuleViolation(
            "%(typed)s happens twice in this time zone: the clocks go back over it. Choose a time outside that hour.",
            typed=f"{typed:%Y-%m-%d %H:%M}",
        )
    return local.astimezone(UTC)


def local(value: datetime, zone: str) -> datetime:
    """What the clocks of ``zone`` show at a moment, as it is typed into a field."""
    return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
