"""Reading what a browser posts to the log. Minimal on purpose: the shape, known items, and size; never the answer."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from examapp.delivery.models import EventKind

LARGEST_VALUE = 100_000  # bytes of one value
MOST_EVENTS = 500
CHAIN_LENGTH = 64


class BatchError(Exception):
    """The browser sent something our page does not send."""


class TooLargeError(Exception):
    """A value or a batch is larger than the log takes; the text stays on the device."""


@dataclass(frozen=True)
class Event:
    kind: EventKind
    item: str
    value: str
    client_ms: str


@dataclass(frozen=True)
class Batch:
    """Changes that follow each other: the first gets the number after ``after``. An empty one only asks the time."""

    after: int
    chain: str
    events: list[Event]


def read_batch(body: bytes, codes: Collection[str]) -> Batch:
    """Raises BatchError or TooLargeError."""
    try:
        raw = json.loads(body)
        after, chain, events = raw["after"], raw["chain"], raw["events"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BatchError from error
    if type(after) is not int or after < 0 or not isinstance(chain, str) or len(chain) != CHAIN_LENGTH:
        raise BatchError
    if not isinstance(events, list):
        raise BatchError
    if len(events) > MOST_EVENTS:
        raise TooLargeError
    return Batch(after, storable(chain), [read_event(event, codes) for event in events])


def read_event(raw: Any, codes: Collection[str]) -> Event:
    try:
        kind, item, value, client_ms = EventKind(raw["kind"]), raw["item"], raw["value"], str(raw["client_ms"])
    except (ValueError, TypeError, KeyError) as error:
        raise BatchError from error
    if not isinstance(item, str) or item not in codes or not isinstance(value, str):
        raise BatchError
    value = storable(value)
    if len(value.encode()) > LARGEST_VALUE:
        raise TooLargeError
    return Event(kind, item, value, storable(client_ms)[:20])


def storable(text: str) -> str:
    """Text that both databases keep: half an emoji, or a NUL, would refuse a whole essay."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
