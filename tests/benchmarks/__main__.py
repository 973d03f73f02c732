"""What an examination costs the server: `python -m tests.benchmarks`.

Application and database together, on SQLite and PostgreSQL: CPU milliseconds, statements, and bytes per action; and the
ratio to the same rows written by the driver alone, measured in the same run. Nothing is asserted: machines differ.
"""

import argparse
import json
import tempfile
from pathlib import Path

from examapp.rehearsal.postgresql import PostgreSQL, find_postgres
from tests.benchmarks.delivery import VISITS, Figures, measure

SMALLEST_ROOM = VISITS + 4
HEAD = f"{'action':<34}{'CPU ms':>9}{'of it database':>16}{'statements':>12}{'bytes':>9}{'gzip':>8}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--room", type=int, default=500, help="candidates in the proctor's room")
    options = parser.parse_args()
    if options.room < SMALLEST_ROOM:
        parser.error(f"--room: {SMALLEST_ROOM} at least, because each of them starts a part of their own")
    results: dict[str, list[Figures]] = {}
    with tempfile.TemporaryDirectory(prefix="examapp-benchmarks-") as name:
        folder = Path(name)
        results["sqlite"] = measure(folder, f"sqlite:///{folder / 'benchmarks.db'}", room=options.room)
        if programs := find_postgres():
            server = PostgreSQL(programs, folder)
            results["postgresql"] = measure(folder, server.url, room=options.room, server=server)
            server.stop()
    if options.json:
        print(json.dumps({kind: [figures.as_dict() for figures in rows] for kind, rows in results.items()}))  # noqa: T201  # a command speaks
        return
    for kind, rows in results.items():
        print(f"\n{kind}\n{HEAD}")  # noqa: T201  # as above
        for row in rows:
            print(row.line())  # noqa: T201  # as above
        print(f"a save costs {rows[1].cpu_ms / rows[0].cpu_ms:.1f} times what the driver alone does")  # noqa: T201  # as above


main()
