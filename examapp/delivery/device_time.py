"""What the device's clock said, as a moment. Evidence for people to weigh; it decides nothing."""

from datetime import UTC, datetime, timedelta


def device_time(client_ms: str, offset_ms: int | None = None) -> datetime | None:
    """The moment the device gave, put right by how far its clock is ahead of ours; None when it gave none."""
    try:
        return datetime.fromtimestamp(int(client_ms) / 1000, UTC) - timedelta(milliseconds=offset_ms or 0)
    except (ValueError, OverflowError, OSError):
        return None
