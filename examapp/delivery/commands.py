"""The commands of delivery."""

import json

import click
from flask import current_app
from flask.cli import AppGroup

from examapp.clock import now
from examapp.db import get_database
from examapp.delivery.attempts import close_overdue
from examapp.delivery.hand_in import Verdict
from examapp.delivery.hand_in import verify as verify_code
from examapp.endorsements.signing import Signer

attempt = AppGroup("attempt", help="Attempts at the examination.")


@attempt.command("close-overdue")
def close_overdue_parts() -> None:
    """Close every part whose time is up. Pages do so when they are read; this keeps the rest tidy (cron, timer)."""
    with get_database().transaction() as session:
        closed = close_overdue(session, now())
    click.echo(f"Closed: {closed}")


@attempt.command("verify")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def verify(code: str, as_json: bool) -> None:
    """Prove what was handed in, and when, from a hand-in CODE. Exit code 1 when it proves nothing."""
    signer = Signer(current_app.config["EXAMAPP"])
    if not signer.path.exists():
        raise click.ClickException(f"There is no signing key at {signer.path}, so no code can be checked.")
    with get_database().reading() as session:
        verdict = verify_code(session, code, signer)
    if as_json:
        click.echo(json.dumps(document_of(verdict), indent=2))
    elif verdict is None:
        click.echo("Not confirmed: this installation has given no such code, or what it was given for has changed.")
    else:
        click.echo(sentences_of(verdict))
    if verdict is None or not verdict.intact:
        raise SystemExit(1)


def document_of(verdict: Verdict | None) -> dict[str, object]:
    if verdict is None:
        return {"confirmed": False}
    faults = [fault.sentence for fault in verdict.faults]
    return {"confirmed": True, "intact": verdict.intact, **verdict.hand_in.statement, "faults": faults}


def sentences_of(verdict: Verdict) -> str:
    rows = [f"  {name:<13} {value}" for name, value in verdict.hand_in.statement.items()]
    head = (
        "The code is genuine and the log is intact." if verdict.intact else "The code is genuine, but the log is not:"
    )
    return "\n".join([head, *(f"  {fault.sentence}" for fault in verdict.faults), *rows])
