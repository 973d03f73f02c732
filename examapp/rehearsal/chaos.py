"""The trouble of a rehearsal, and the account at its end."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.clock import now
from examapp.delivery import attempts
from examapp.delivery.models import Attempt, AttemptPart, ClosedBy, ResponseEvent
from examapp.delivery.verification import check_parts
from examapp.registration.models import Registration
from examapp.rehearsal.browsers import Account, SimulatedCandidate
from examapp.rehearsal.network import BadNetwork
from examapp.rehearsal.postgresql import PostgreSQL, find_postgres
from examapp.rehearsal.stage import ITEMS, Server, Site
from question_bank.exam_policy import PART_ONE

SERVERS = 2
LONGEST_RECOVERY = 60  # seconds that candidates have to send what is left when the trouble is over

Say = Callable[[str], None]


@dataclass
class Trouble:
    kills: int = 0
    database_restarts: int = 0
    connections_cut: int = 0


@dataclass(frozen=True)
class Report:
    """What was counted. ``lost``: acknowledged and not in the database; ``doubled``: there more than once."""

    database: str
    candidates: int
    duration_s: int
    kills: int
    database_restarts: int
    connections_cut: int
    browsers_closed: int
    typed: int
    acknowledged: int
    stored: int
    lost: int
    doubled: int
    unsent: int
    broken_chains: int
    wrongly_closed: int
    longest_gap_s: float

    @property
    def clean(self) -> bool:
        return not any((self.lost, self.doubled, self.unsent, self.broken_chains, self.wrongly_closed))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def rehearse(app: Flask, candidates: int, duration: int, *, chaos: bool, sqlite: bool, say: Say) -> Report:
    """Let ``candidates`` write for ``duration`` seconds on servers and a database of its own, and count."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="examapp-rehearsal-")))
        postgresql = None if sqlite else stack.enter_context(own_postgresql(folder))
        name = "postgresql" if postgresql else "sqlite"
        say(f"Preparing {candidates} candidates on {name} …")
        url = postgresql.url if postgresql else f"sqlite:///{folder / 'rehearsal.db'}"
        site = Site(app, folder, url, candidates, now())
        stack.callback(site.database.dispose)
        servers = [Server(site) for _ in range(SERVERS)]
        for server in servers:
            stack.callback(server.kill)
        for server in servers:
            server.wait_until_up()
        network = BadNetwork([server.port for server in servers], random.Random(candidates))
        stack.callback(network.close)
        network.calm = not chaos
        writers = seat(site, network.port)
        say(f"Writing for {duration} s …")
        trouble = Trouble()
        if chaos:
            make_trouble(servers, network, postgresql, duration, trouble, say)
        else:
            time.sleep(duration)
        finish(writers, network)
        trouble.connections_cut = network.cuts
        say("Counting …")
        return count(site, writers, trouble, duration, name)


@contextmanager
def own_postgresql(folder: Path) -> Iterator[PostgreSQL | None]:
    """A server for this rehearsal; None on a machine without PostgreSQL."""
    programs = find_postgres()
    server = PostgreSQL(programs, folder) if programs else None
    yield server
    if server:
        server.stop()


def seat(site: Site, port: int) -> list[SimulatedCandidate]:
    """Everybody with the exam page open. Every second one hands in; the others write until their time is up."""
    writers = [
        SimulatedCandidate(port, seat.code, seat.cookie, items=ITEMS, part=PART_ONE, hands_in=number % 2 == 0)
        for number, seat in enumerate(site.seats)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.started.wait(LONGEST_RECOVERY)
    return writers


def make_trouble(
    servers: list[Server],
    network: BadNetwork,
    postgresql: PostgreSQL | None,
    duration: int,
    trouble: Trouble,
    say: Say,
) -> None:
    """Until the time is over: kill a server, cut every connection, restart the database; again and again."""
    chance = random.Random(duration)
    over = time.monotonic() + duration
    for deed in cycle(("kill", "cut", "kill", "database")):
        time.sleep(max(0, min(over - time.monotonic(), chance.uniform(1, 3))))
        if time.monotonic() >= over:
            return
        if deed == "kill":
            for server in servers:  # who is up alone is not killed before the other one is back
                server.wait_until_up()
            victim = chance.choice(servers)
            victim.kill()
            victim.process = victim.spawn()
            trouble.kills += 1
        elif deed == "cut":
            network.cut_all()
        elif postgresql:
            postgresql.stop()
            time.sleep(chance.uniform(0, 1))
            postgresql.start()
            trouble.database_restarts += 1
        say(f"  {duration - max(0, int(over - time.monotonic()))} s: {deed}")


def finish(writers: list[SimulatedCandidate], network: BadNetwork) -> None:
    """The trouble is over: everybody sends what is left and, who wants to, hands in."""
    network.calm = True
    for writer in writers:
        writer.finish.set()
    over = time.monotonic() + LONGEST_RECOVERY
    for writer in writers:
        writer.join(timeout=max(0, over - time.monotonic()))
    for writer in writers:
        writer.stop.set()


# Counting


def count(site: Site, writers: list[SimulatedCandidate], trouble: Trouble, duration: int, database: str) -> Report:
    later = now() + timedelta(hours=3)  # when every part's time is over
    with site.database.transaction() as session:
        attempts.close_overdue(session, later)
    with site.database.reading() as session:
        found = {code: (part, values) for code, part, values in stored_values(session)}
        broken = sum(bool(check.faults) for check in check_parts(session))
    accounts = [writer.account for writer in writers]
    lost, doubled = compare(accounts, {code: kept for code, (_part, kept) in found.items()})
    return Report(
        database=database,
        candidates=len(writers),
        duration_s=duration,
        **asdict(trouble),
        browsers_closed=sum(account.browsers_closed for account in accounts),
        typed=sum(account.typed for account in accounts),
        acknowledged=sum(len(account.acknowledged) for account in accounts),
        stored=sum(len(kept) for _part, kept in found.values()),
        lost=lost,
        doubled=doubled,
        unsent=sum(len(writer.queue) for writer in writers),
        broken_chains=broken,
        wrongly_closed=sum(not rightly_closed(a, found.get(a.code, (None,))[0]) for a in accounts),
        longest_gap_s=round(max((account.longest_gap for account in accounts), default=0), 2),
    )


def compare(accounts: Sequence[Account], stored: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """How many acknowledged changes are not in the log of their candidate, and how many are in a log once too often."""
    lost = sum(len(set(account.acknowledged) - set(stored.get(account.code, ()))) for account in accounts)
    doubled = sum(len(values) - len(set(values)) for values in stored.values())
    return lost, doubled


def stored_values(session: Session) -> Iterator[tuple[str, AttemptPart, list[str]]]:
    """Of every part: the registration's code, the part, and every value in its log."""
    rows = session.execute(
        select(Registration.code, AttemptPart)
        .join(Attempt, Attempt.registration_id == Registration.id)
        .join(AttemptPart, AttemptPart.attempt_id == Attempt.id)
    )
    for code, part in rows.all():
        yield code, part, list(session.scalars(select(ResponseEvent.value).where(ResponseEvent.part_id == part.id)))


def rightly_closed(account: Account, part: AttemptPart | None) -> bool:
    if part is None or part.closed_at is None:
        return False
    if account.handed_in:
        return part.closed_by is ClosedBy.CANDIDATE and part.closed_at <= part.deadline_at
    return part.closed_by is ClosedBy.DEADLINE and part.closed_at == part.deadline_at
