"""The command of a rehearsal."""

import json
import sys
from functools import partial

import click
from flask.cli import ScriptInfo, pass_script_info

from examapp.rehearsal.chaos import rehearse as give


@click.command("rehearse")
@click.option("--candidates", default=20, show_default=True, type=click.IntRange(1, 2000))
@click.option("--duration", default=30, show_default=True, type=click.IntRange(1, 7200), help="Seconds of writing.")
@click.option("--chaos", is_flag=True, help="Kill servers, restart the database, cut connections, close browsers.")
@click.option("--sqlite", is_flag=True, help="On SQLite, even where PostgreSQL is installed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else to standard output.")
@pass_script_info
def rehearse(info: ScriptInfo, candidates: int, duration: int, *, chaos: bool, sqlite: bool, as_json: bool) -> None:
    """Rehearse an examination on servers and a database of its own; this site is not touched.

    Simulated candidates write, and every change acknowledged by a receipt is looked for in the database afterwards.
    Ends with 0 only when nothing is lost and nothing is there twice.
    """
    app = info.load_app()
    report = give(app, candidates, duration, chaos=chaos, sqlite=sqlite, say=partial(click.echo, err=True))
    if as_json:
        click.echo(json.dumps(report.as_dict()))
    else:
        click.echo("\n".join(f"{name.replace('_', ' '):<18} {value}" for name, value in report.as_dict().items()))
    sys.exit(0 if report.clean else 1)
