"""The commands of accounts: sending mail, and the first administrator of a new site."""

import click
from flask import current_app
from flask.cli import AppGroup

from examapp.accounts.invitations import send_invitation
from examapp.accounts.models import Role
from examapp.accounts.outbox import deliver_pending
from examapp.accounts.people import create_user
from examapp.clock import now
from examapp.db import get_database
from question_bank.errors import RuleViolation

mail = AppGroup("mail", help="The mail outbox.")
people = AppGroup("people", help="Accounts.")


@mail.command("send")
def send() -> None:
    """Deliver what waits in the outbox and is due. Run it every few minutes (cron, systemd timer)."""
    total = 0
    while delivered := deliver_pending(get_database(), current_app.config["EXAMAPP"], now):
        total += delivered
    click.echo(f"Delivered: {total}")


@people.command("add-administrator")
@click.argument("email")
@click.argument("name")
def add_administrator(email: str, name: str) -> None:
    """Make an administrator and print the address with which they choose a password."""
    config, at = current_app.config["EXAMAPP"], now()
    try:
        with get_database().transaction() as session:
            zone = config.default_time_zone
            user = create_user(
                session, email=email, name=name, roles={Role.ADMINISTRATOR}, time_zone=zone, by=None, at=at
            )
            address = send_invitation(session, user, config=config, by=None, at=at)
    except RuleViolation as violation:
        raise click.ClickException(str(violation)) from None
    click.echo(f"{user.name} can choose a password within 72 hours at\n{address}")
