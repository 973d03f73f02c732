"""The attempt token: what a tab shows to save and to close. It outlives the sign-in, and ends with its lease.

Before it comes the start ticket, which the page before a part holds: with it a full room starts at once, and nobody is
kept out by a sign-in that ended in the waiting room.
"""

from dataclasses import asdict, dataclass
from functools import lru_cache

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

# Seconds for which a start ticket holds: as long as somebody may wait on a page.
START_TICKET_HOLDS = 12 * 60 * 60


@dataclass(frozen=True)
class Ticket:
    """What a token says: which part, under which lease, and which questions belong to it."""

    part_id: int
    epoch: int
    holder: str
    form_sha256: str
    part: str
    level: int
    track: str


def sign(ticket: Ticket, secret: str) -> str:
    return serializer(secret).dumps(list(asdict(ticket).values()))


def read(token: str, secret: str) -> Ticket | None:
    """The ticket, or None when this installation has not signed it."""
    try:
        return Ticket(*serializer(secret).loads(token))
    except BadData:
        return None


@lru_cache(maxsize=2)
def serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="attempt token")


@dataclass(frozen=True)
class StartTicket:
    """Whoever holds it may start this part of this registration."""

    registration_id: int
    part: str


def sign_start(ticket: StartTicket, secret: str) -> str:
    return start_serializer(secret).dumps(list(asdict(ticket).values()))


def read_start(token: str, secret: str) -> StartTicket | None:
    """The ticket, or None when this installation has not signed it, or too long ago."""
    try:
        return StartTicket(*start_serializer(secret).loads(token, max_age=START_TICKET_HOLDS))
    except BadData:
        return None


@lru_cache(maxsize=2)
def start_serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="start ticket")
