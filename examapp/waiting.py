"""What a home page shows as waiting for its reader: each feature offers its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WaitingItem:
    text: str
    url: str
    count: int
