"""The attempt token: what a tab shows to save and to close. It outlives the sign-in, and ends with its lease."""

from dataclasses import asdict, dataclass

from itsdangerous import BadData, URLSafeSerializer


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


def serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="attempt token")
