"""The time zones people may choose, by the names they know them by."""

from functools import cache
from zoneinfo import available_timezones

from flask_babel import lazy_gettext

US_ZONES = {
    "America/Denver": lazy_gettext("Mountain time (Denver, Albuquerque)"),
    "America/Phoenix": lazy_gettext("Mountain time without daylight saving (Phoenix)"),
    "America/Chicago": lazy_gettext("Central time (Chicago)"),
    "America/New_York": lazy_gettext("Eastern time (New York)"),
    "America/Los_Angeles": lazy_gettext("Pacific time (Los Angeles)"),
    "America/Anchorage": lazy_gettext("Alaska time (Anchorage)"),
    "Pacific/Honolulu": lazy_gettext("Hawaii time (Honolulu)"),
    "America/Puerto_Rico": lazy_gettext("Atlantic time (Puerto Rico)"),
}
REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def other_zones() -> tuple[str, ...]:
    """Every other place on Earth, by its name in the time zone database."""
    return tuple(sorted(zone for zone in available_timezones() if zone.startswith(REGIONS) and zone not in US_ZONES))


def is_time_zone(name: str) -> bool:
    return name in US_ZONES or name in other_zones()


def zone_name(zone: str) -> str:
    """A zone as people know it; other places by continent and town."""
    return str(US_ZONES[zone]) if zone in US_ZONES else zone.replace("_", " ").replace("/", " – ")
