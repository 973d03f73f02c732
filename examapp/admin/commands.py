"""The commands of administration."""

import json
import time
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup

from examapp.admin.evidence import COVERED, NOT_COVERED, Counts, WrongRow, verify_evidence
from examapp.db import get_database
from examapp.endorsements.signing import Signer

audit = AppGroup("audit", help="What the records rest on.")

SECONDS_BETWEEN_REPORTS = 2
# Of a log that is wrong from end to end, JSON lists so many rows and counts the rest.
MOST_LISTED = 1_000


@audit.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output instead of sentences.")
def verify(as_json: bool) -> None:
    """Recompute every chain, digest and signature. Names each row that is wrong; exit code 1 when there is one."""
    counts, began, listed, wrong = Counts(), time.monotonic(), list[WrongRow](), 0
    signer, progress = Signer(current_app.config["EXAMAPP"]), Progress(counts)
    with get_database().reading() as session:
        for row in verify_evidence(session, signer, counts, progress.tell):
            wrong += 1
            if not as_json:
                click.echo(f"WRONG  {row.table}  {row.row}: {row.sentence}")
            elif wrong <= MOST_LISTED:
                listed.append(row)
    seconds = time.monotonic() - began
    told = document(counts, listed, wrong, seconds)
    click.echo(json.dumps(told, indent=2) if as_json else summary(counts, wrong, seconds))
    if wrong:
        raise SystemExit(1)


class Progress:
    """Says on standard error how far the check is, now and then."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.told_at = time.monotonic()

    def tell(self) -> None:
        if time.monotonic() - self.told_at >= SECONDS_BETWEEN_REPORTS:
            self.told_at = time.monotonic()
            click.echo(f"{self.counts} …", err=True)


def document(counts: Counts, listed: list[WrongRow], wrong: int, seconds: float) -> dict[str, object]:
    return {
        "intact": not wrong,
        "wrong_rows": wrong,
        "wrong": [asdict(row) for row in listed],
        "checked": {"changes": counts.changes, **counts.of},
        "seconds": round(seconds, 3),
        "changes_per_second": round(counts.changes / seconds),
        "covered": COVERED,
        "not_covered": NOT_COVERED,
    }


def summary(counts: Counts, wrong: int, seconds: float) -> str:
    rows = [
        f"Checked {counts} in {seconds:.1f} s ({counts.changes / seconds:,.0f} changes a second).",
        "Nothing is wrong." if not wrong else f"Wrong rows: {wrong:,}.",
        "Covered:",
        *(f"  - {sentence}" for sentence in COVERED),
        "Not covered:",
        *(f"  - {sentence}" for sentence in NOT_COVERED),
    ]
    return "\n".join(rows)
