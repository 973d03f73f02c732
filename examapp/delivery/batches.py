"""Reading what a browser posts to the log. Minimal on purpose: the shape, known items, and size; never the answer."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from examapp.delivery.models import EventKind

LARGEST_VALUE = 100_000  # bytes of one value: an essay, a note
LARGEST_ANSWER = 2_000  # bytes of the answer to a question: ids of options, or a few words
MOST_EVENTS = 500
CHAIN_LENGTH = 64
LARGEST_NUMBER = 2**31 - 1  # what both databases keep in an integer column
LARGEST_TIME = 8_640_000_000_000_000  # milliseconds; no clock of a browser says more


class BatchError(Exception):
    """The browser sent something our page does not send."""


class TooLargeError(Exception):
    """A value is larger than the log takes, of the item named; or the batch has too many events, and none is named."""

    def __init__(self, item: str | None = None) -> None:
        super().__init__(item)
        self.item = item


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
    # How many changes the device keeps after this batch, and what its clock says; None from a page that does not tell.
    unsent: int | None = None
    client_ms: int | None = None


def read_batch(body: bytes, codes: Collection[str], *, essays: bool = True) -> Batch:
    """Raises BatchError or TooLargeError. Answers are ``essays``, or else short."""
    try:
        raw = json.loads(body)
        after, chain, events = raw["after"], raw["chain"], raw["events"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BatchError from error
    after = whole_number(after, 0, LARGEST_NUMBER - MOST_EVENTS)
    if not isinstance(chain, str) or len(chain) != CHAIN_LENGTH or not isinstance(events, list):
        raise BatchError
    if len(events) > MOST_EVENTS:
        raise TooLargeError
    unsent, client_ms = raw.get("unsent"), raw.get("client_ms")
    return Batch(
        after,
        storable(chain),
        [read_event(event, codes, LARGEST_VALUE if essays else LARGEST_ANSWER) for event in events],
        unsent if unsent is None else whole_number(unsent, 0, LARGEST_NUMBER),
        client_ms if client_ms is None else whole_number(client_ms, -LARGEST_TIME, LARGEST_TIME),
    )


def whole_number(value: Any, least: int, most: int) -> int:
    """The value, which is a number between these; true and false are none."""
    if type(value) is not int or not least <= value <= most:
        raise BatchError
    return value


def read_event(raw: Any, codes: Collection[str], largest_answer: int) -> Event:
    try:
        kind, item, value, client_ms = EventKind(raw["kind"]), raw["item"], raw["value"], str(raw["client_ms"])
    except (ValueError, TypeError, KeyError) as error:
        raise BatchError from error
    if not isinstance(item, str) or item not in codes or not isinstance(value, str):
        raise BatchError
    value = storable(value)
    if len(value.encode()) > (largest_answer if kind is EventKind.ANSWER else LARGEST_VALUE):
        raise TooLargeError(item)
    return Event(kind, item, value, storable(client_ms)[:20])


def storable(text: str) -> str:
    """Text that both databases keep: half an emoji, or a NUL, would refuse a whole essay."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
