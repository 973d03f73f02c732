"""What a stretch of work asks of the database: a list must not ask once per row."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from tests.personas import Client


@contextmanager
def statements_seen() -> Iterator[list[str]]:
    """Every statement sent to a database within the block, in its order."""
    seen: list[str] = []

    def listen(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


def statements_for(client: Client, address: str) -> int:
    """How many statements a page takes once the process has read what it keeps in memory."""
    assert client.get(address).status_code == 200
    with statements_seen() as seen:
        client.get(address)
    return len(seen)
