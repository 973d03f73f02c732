"""The one place that asks the machine what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The server's time, aware, in UTC. Views and commands ask; everything below is told."""
    return datetime.now(UTC)
