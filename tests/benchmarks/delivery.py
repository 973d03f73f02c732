"""The actions of an examination, each carried out many times through the whole application."""

import gc
import gzip
import io
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder

from examapp import create_app
from examapp.accounts import sign_in
from examapp.accounts.models import User
from examapp.clock import now
from examapp.delivery import attempts, leases, log, tokens
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import AttemptPart, EventKind
from examapp.registration.models import Administration, Registration
from examapp.rehearsal.postgresql import PostgreSQL
from examapp.rehearsal.stage import ITEMS, Site, cookie_of
from question_bank.exam_policy import PART_ONE
from tests.conftest import SETTINGS
from tests.factories import ticket

SAVES = 400
VISITS = 60
LONG_LOG = 3000  # events: a long examination
TICKS = 100  # of a second: the unit of /proc/*/stat on Linux


@dataclass(frozen=True)
class Figures:
    """What one action costs on average."""

    action: str
    cpu_ms: float
    database_ms: float
    statements: int
    bytes: int = 0
    gzip: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def line(self) -> str:
        figures = f"{self.cpu_ms:>9.2f}{self.database_ms:>16.2f}{self.statements:>12}{self.bytes:>9}{self.gzip:>8}"
        return f"{self.action:<34}{figures}"


class Meter:
    """Counts CPU time of this process and of the database server, and the statements sent to it."""

    def __init__(self, server: PostgreSQL | None) -> None:
        self.server = server
        self.statements = 0
        event.listen(Engine, "after_cursor_execute", self.count)

    def count(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Statements beside those that begin and end a transaction, which the driver of PostgreSQL sends by itself."""
        self.statements += not statement.startswith("BEGIN")

    def database_seconds(self) -> float:
        """CPU of the PostgreSQL server and its children; SQLite works inside this process."""
        if self.server is None:
            return 0.0
        master = int((self.server.data / "postmaster.pid").read_text().splitlines()[0])
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if int(stat.parent.name) == master or int(fields[1]) == master:
                total += sum(int(value) for value in fields[11:15])
        return total / TICKS

    def figures(self, action: str, times: int, deed: Callable[[int], bytes]) -> Figures:
        """The average of ``times`` deeds, after one that warms up."""
        body = deed(0)
        self.statements, database, own = 0, self.database_seconds(), time.process_time()
        for number in range(1, times + 1):
            body = deed(number)
        own, database = time.process_time() - own, self.database_seconds() - database
        return Figures(
            action,
            cpu_ms=1000 * (own + database) / times,
            database_ms=1000 * database / times,
            statements=round(self.statements / times),
            bytes=len(body),
            gzip=len(gzip.compress(body)),
        )


class Visitor:
    """A candidate's or a proctor's browser, without a network: requests go straight into the application."""

    def __init__(self, app: Flask, cookie: str) -> None:
        self.app = app
        self.cookie = cookie

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        environ = EnvironBuilder(
            path,
            method=method,
            input_stream=io.BytesIO(body),
            content_length=len(body),
            headers=[("Cookie", self.cookie), *headers.items()],
        ).get_environ()
        seen: dict[str, Any] = {}

        def start(status: str, answer: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
            seen.update(status=status, cookie=dict(answer).get("Set-Cookie", self.cookie))
            return lambda _data: None

        text = b"".join(self.app.wsgi_app(environ, start))
        self.cookie = seen["cookie"].partition(";")[0]
        if int(seen["status"][:3]) >= 400:
            raise RuntimeError(f"{method} {path}: {seen['status']}")
        return text


def value_of(field: bytes, page: bytes) -> bytes:
    """What a form of the page sends by this name."""
    found = re.search(rb'name="' + field + rb'"[^>]*value="([^"]+)"', page)
    return found[1] if found else b""


def measure(folder: Path, url: str, *, room: int, server: PostgreSQL | None = None) -> list[Figures]:
    """Every action on a site of its own with ``room`` candidates, each of whom writes in Part One in the end."""
    app = create_app(replace(SETTINGS, instance_path=folder, database_url=url))
    site = Site(app, folder, url, room, now())
    gc.freeze()  # as wsgi.py does
    meter = Meter(server)
    bench = Bench(app, site, meter)
    rows = [
        bench.raw_saves(),
        bench.saves("save", 0),
        bench.saves(f"save after {LONG_LOG} changes", LONG_LOG),
        bench.starts(),
        bench.pages(),
        bench.hand_ins(),
        *bench.rooms(),
    ]
    site.database.dispose()
    app.extensions["database"].dispose()
    return rows


class Bench:
    """The actions. Candidate 0 saves; the next ones start, read and hand in; everybody is in the room at the end."""

    def __init__(self, app: Flask, site: Site, meter: Meter) -> None:
        self.app = app
        self.site = site
        self.meter = meter
        self.visitors = [Visitor(app, seat.cookie) for seat in site.seats]

    def address(self, number: int, rest: str = "") -> str:
        return f"/exam/{self.site.seats[number].code}{rest}"

    def part(self, session: Session, number: int) -> AttemptPart:
        """Part One of a candidate, started when it was not, with the lease given to a tab."""
        code = self.site.seats[number].code
        registration = session.scalars(select(Registration).where(Registration.code == code)).one()
        part = attempts.start_part(session, registration, PART_ONE, at=now(), accepts_honour=True)
        leases.acquire(session, part, "a tab of the benchmark", take_over=True, at=now())
        return part

    def token(self, part: AttemptPart) -> str:
        return tokens.sign(ticket(part), self.app.config["SECRET_KEY"])

    def raw_saves(self) -> Figures:
        """The ceiling: the two statements of a save and a commit, by the driver, over one open connection."""
        with self.site.database.transaction() as session:
            part_id = self.part(session, 1).id
        connection = self.site.database.engine.raw_connection()
        cursor, mark = connection.cursor(), "?" if self.site.database.engine.dialect.name == "sqlite" else "%s"

        def deed(number: int) -> bytes:
            if mark == "?":
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(f"UPDATE attempt_part SET unsent = {mark} WHERE id = {mark}", (number, part_id))
            values = (part_id, number + 1, "answer", ITEMS[0], "b", "1", now().isoformat(), "c" * 64)
            cursor.execute(f"INSERT INTO response_event VALUES ({', '.join([mark] * 8)})", values)
            connection.commit()
            return b""

        figures = self.meter.figures("same rows by the driver alone", SAVES, deed)
        connection.close()
        return figures

    def saves(self, action: str, before: int) -> Figures:
        """One change a save, in an examination that has ``before`` changes already."""
        with self.site.database.transaction() as session:
            part = self.part(session, 0)
            if before:
                self.fill(session, part, before)
            shown = {"Authorization": f"Bearer {self.token(part)}", "Content-Type": "application/json"}
            head = [part.last_seq, part.chain]

        def deed(number: int) -> bytes:
            change = {"kind": "answer", "item": ITEMS[number % 60], "value": "abcd"[number % 4], "client_ms": "1"}
            body = json.dumps({"after": head[0], "chain": head[1], "events": [change], "unsent": 0, "client_ms": 1})
            answer = self.visitors[0].ask("POST", "/exam/log", body.encode(), **shown)
            receipt = json.loads(answer)
            head[:] = receipt["seq"], receipt["chain"]
            return answer

        return self.meter.figures(action, SAVES, deed)

    def fill(self, session: Session, part: AttemptPart, number: int) -> None:
        events = [Event(EventKind.ANSWER, ITEMS[n % 60], "abcd"[n % 4], "1") for n in range(number)]
        session.flush()
        for first in range(0, number, 500):
            session.refresh(part)
            log.save(session, ticket(part), Batch(part.last_seq, part.chain, events[first : first + 500]), at=now())
        session.refresh(part)

    def starts(self) -> Figures:
        """A room that has accepted the honour statement starts, all at once, from the pages it waits on."""
        tickets = [self.start_ticket(number) for number in range(2, VISITS + 3)]
        form = {"Content-Type": "application/x-www-form-urlencoded"}

        def deed(number: int) -> bytes:
            return self.visitors[number + 2].ask("POST", "/exam/start", b"ticket=" + tickets[number], **form)

        return self.meter.figures("start of a part", VISITS, deed)

    def start_ticket(self, number: int) -> bytes:
        page = self.visitors[number].ask("GET", self.address(number))
        body = b"accepted=y&csrf_token=" + value_of(b"csrf_token", page)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.visitors[number].ask("POST", self.address(number, "/honour"), body, **form)
        return value_of(b"ticket", self.visitors[number].ask("GET", self.address(number)))

    def pages(self) -> Figures:
        def deed(number: int) -> bytes:
            return self.visitors[number + 2].ask("GET", self.address(number + 2, f"/parts/{PART_ONE}"))

        return self.meter.figures("page of 60 questions", VISITS, deed)

    def hand_ins(self) -> Figures:
        with self.site.database.transaction() as session:
            shown = [self.token(self.part(session, n)) for n in range(2, VISITS + 3)]

        def deed(number: int) -> bytes:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {shown[number]}"}
            return self.visitors[number + 2].ask("POST", "/exam/close", b"{}", **headers)

        return self.meter.figures("hand-in", VISITS, deed)

    def rooms(self) -> list[Figures]:
        """The proctor's page while everybody else writes, and what it asks for every few seconds."""
        with self.site.database.transaction() as session:
            for number in range(VISITS + 3, len(self.site.seats)):
                self.part(session, number)
            administration = session.scalars(select(Administration)).one()
            office = session.get_one(User, administration.created_by_id)
            token = sign_in.start(session, office, address="127.0.0.1", browser="Benchmark", at=now())
            path = f"/room/{administration.id}"
        proctor = Visitor(self.app, f"session={cookie_of(self.app, token)}")
        return [
            self.meter.figures("proctor's page", 20, lambda _number: proctor.ask("GET", path)),
            self.meter.figures(
                f"its renewal, {len(self.site.seats)} candidates",
                20,
                lambda _number: proctor.ask("GET", f"{path}/live"),
            ),
        ]
