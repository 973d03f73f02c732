"""From what somebody types as a local date and time to the moment it means. Pure.

When clocks change, an hour of local time does not exist and another happens twice. Both are refused with an
explanation, because guessing would move an examination by an hour.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from question_bank.errors import RuleViolation

# The zones of the United States, by the name people know them by.
US_ZONES = {
    "America/Denver": "Mountain time (Denver, Albuquerque)",
    "America/Phoenix": "Mountain time without daylight saving (Phoenix)",
    "America/Chicago": "Central time (Chicago)",
    "America/New_York": "Eastern time (New York)",
    "America/Los_Angeles": "Pacific time (Los Angeles)",
    "America/Anchorage": "Alaska time (Anchorage)",
    "Pacific/Honolulu": "Hawaii time (Honolulu)",
    "America/Puerto_Rico": "Atlantic time (Puerto Rico)",
}


def moment(typed: datetime, zone: str) -> datetime:
    """The moment in UTC at which the clocks of ``zone`` show ``typed``."""
    if zone not in US_ZONES:
        raise RuleViolation("Choose a time zone from the list.")
    local = typed.replace(tzinfo=ZoneInfo(zone), fold=0)
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != typed:
        raise RuleViolation(
            "%(typed)s does not exist in %(zone)s: the clocks go forward over it that night. Choose another time.",
            typed=f"{typed:%Y-%m-%d %H:%M}",
            zone=US_ZONES[zone],
        )
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise RuleViolation(
            "%(typed)s happens twice in %(zone)s: the clocks go back over it that night. "
            "Choose a time outside that hour.",
            typed=f"{typed:%Y-%m-%d %H:%M}",
            zone=US_ZONES[zone],
        )
    return local.astimezone(UTC)


def local(value: datetime, zone: str) -> datetime:
    """What the clocks of ``zone`` show at a moment, as it is typed into a field."""
    return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
