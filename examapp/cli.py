"""The flask commands: preparing the site, filling it with sample data, serving it."""

import signal
import socket
import sys

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from waitress.server import create_server

from examapp.accounts.commands import mail, people
from examapp.admin.commands import audit
from examapp.authoring.commands import bank, digest
from examapp.catalogues import compile_catalogues
from examapp.clock import now
from examapp.config import Config
from examapp.db import get_database
from examapp.delivery.commands import attempt
from examapp.demo.loading import load
from examapp.demo.people import CURRENT, PASSWORD, STAFF
from examapp.endorsements import requirements
from examapp.endorsements.signing import Signer, make_key
from examapp.rehearsal.commands import rehearse
from examapp.schema import upgrade
from question_bank import blueprint_plans, exam_policy, framework
from question_bank.errors import RuleViolation

host_option = click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
port_option = click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))


def init_app(app: Flask) -> None:
    for command in (setup, demo, serve, start, mail, people, bank, digest, attempt, audit, rehearse):
        app.cli.add_command(command)


@click.command("setup")
@with_appcontext
def setup() -> None:
    """Bring the database to the newest migration and load the rules shipped with the product. Safe to repeat."""
    prepare()
    click.echo("The database is ready.")


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill the site with sample data. Safe to repeat; refuses a database that holds real people."""
    prepare()
    try:
        loaded = load_demonstration()
    except RuleViolation as violation:
        raise click.ClickException(str(violation)) from violation
    click.echo("The sample data is loaded." if loaded else "The sample data was loaded before; nothing has changed.")
    click.echo(sign_ins())


@click.command("serve")
@host_option
@port_option
@pass_script_info
@with_appcontext
def serve(info: ScriptInfo, host: str, port: int) -> None:
    """Serve the site with the embedded server. Ctrl-C ends it."""
    run_server(info.load_app(), bind(host, port))


@click.command("start")
@host_option
@port_option
@pass_script_info
@with_appcontext
def start(info: ScriptInfo, host: str, port: int) -> None:
    """Set up, load the sample data and serve: what `make run` does, in one process."""
    listener = bind(host, port)
    prepare()
    try:
        if load_demonstration():
            click.echo("The sample data is loaded.")
        click.echo(sign_ins())
    except RuleViolation:
        click.echo("This database holds real people, so there is no sample data in it.")
    run_server(info.load_app(), listener)


def prepare() -> None:
    config: Config = current_app.config["EXAMAPP"]
    make_key(config)
    compile_catalogues()
    database = get_database()
    upgrade(database.engine)
    with database.transaction() as session:
        for rules in (framework, requirements, exam_policy, blueprint_plans):
            rules.load_default(session, at=now())


def load_demonstration() -> bool:
    config: Config = current_app.config["EXAMAPP"]
    with get_database().transaction() as session:
        return load(session, Signer(config), public_url=config.public_url, at=now())


def sign_ins() -> str:
    """Whom a visitor of the demonstration may sign in as."""
    people = [*STAFF, *(entry[0] for entry in CURRENT)]
    rows = [f"  {person.email:<28} {person.about}" for person in people]
    return "\n".join(["", f"Sign in with the password {PASSWORD} as:", *rows])


def bind(host: str, port: int) -> socket.socket:
    """Take the port first, so that a port in use is said before anything else happens."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise click.ClickException(
            f"Port {port} cannot be used ({error.strerror}). Stop what uses it, or choose another: PORT=8001 make run"
        ) from error
    return listener


def run_server(app: Flask, listener: socket.socket) -> None:
    host, port = listener.getsockname()
    server = create_server(app, sockets=[listener], threads=8)
    # Waitress finishes the requests under way on SystemExit, as it does on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    click.echo(f"\nServing http://{host}:{port}/ – Ctrl-C ends it.")
    server.run()
