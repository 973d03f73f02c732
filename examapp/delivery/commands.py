"""The commands of delivery."""

import click
from flask.cli import AppGroup

from examapp.clock import now
from examapp.db import get_database
from examapp.delivery.attempts import close_overdue

attempts = AppGroup("attempts", help="Attempts at the examination.")


@attempts.command("close-overdue")
def close_overdue_parts() -> None:
    """Close every part whose time is up. Pages do so when they are read; this keeps the rest tidy (cron, timer)."""
    with get_database().transaction() as session:
        closed = close_overdue(session, now())
    click.echo(f"Closed: {closed}")
