"""The databases of a test run: one PostgreSQL server for all workers, and a migrated template to copy from.

The server lives in a folder of its own under the temporary directory and ends with the test run, however that ends: a
guard process watches for it.
"""

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from examapp.db import Database
from examapp.schema import upgrade
from tests.system_tools import find_postgres

# By these the workers of a run find its folder, and the guard the process that started them.
FOLDER = "EXAMAPP_TEST_FOLDER"
RUN = "EXAMAPP_TEST_RUN"

# Runs the server in the background, and stops it when the test run is gone: ended, interrupted or killed.
GUARD = f"""
( "$@" & server=$!
  while kill -0 "${RUN}" 2> /dev/null; do sleep 0.5; done
  kill -INT $server; wait $server; rm -rf "${FOLDER}" ) > "${FOLDER}/postgresql.log" 2>&1 &
"""

QUICK = {  # nothing of a test run needs to survive a power cut
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    "max_connections": "200", "shared_buffers": "64MB", "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
}  # fmt: skip


def make_folder() -> None:
    """Called once, by the process that starts the workers."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="examapp-tests-")
    os.environ[RUN] = str(os.getpid())


def folder() -> Path:
    return Path(os.environ[FOLDER])


@dataclass(frozen=True)
class Content:
    """What a database holds from the start. It is filled once a run and copied for every test."""

    name: str
    fill: Callable[[Database], None]


MIGRATED = Content("migrated", lambda database: None)


@contextmanager
def fresh_database(dialect: str, content: Content = MIGRATED) -> Iterator[Database]:
    """A migrated database with this content; gone afterwards."""
    copies = {"sqlite": sqlite_copy, "postgresql": postgresql_copy}
    with copies[dialect](content) as url:
        database = Database(url)
        yield database
        database.dispose()


@contextmanager
def sqlite_copy(content: Content) -> Iterator[str]:
    template = once(f"sqlite-{content.name}", lambda: make_sqlite_template(content))
    copy = folder() / f"{secrets.token_hex(8)}.db"
    shutil.copyfile(template, copy)
    yield f"sqlite:///{copy}"
    for path in folder().glob(f"{copy.name}*"):
        path.unlink()


@contextmanager
def postgresql_copy(content: Content) -> Iterator[str]:
    server = once(f"postgresql-{content.name}", lambda: make_postgresql_template(content))
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        # Copying files is twice as fast as logging them; older servers know no other way.
        strategy = "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_{content.name} {strategy}")
        yield f"{server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def once(name: str, make: Callable[[], str]) -> str:
    """What ``make`` returned to the first worker of this run that asked."""
    answer = folder() / f"{name}.ready"
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            answer.write_text(make())
    return answer.read_text()


def make_sqlite_template(content: Content) -> str:
    path = folder() / f"template-{content.name}.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database.engine)
    content.fill(database)
    database.dispose()
    return str(path)


def make_postgresql_template(content: Content) -> str:
    server = once("server", start_postgresql)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE template_{content.name}")
    database = Database(f"{server}/template_{content.name}")
    upgrade(database.engine)
    content.fill(database)
    database.dispose()
    return server


def start_postgresql() -> str:
    """Start the server of this run and return its address."""
    programs = find_postgres()
    if programs is None:
        pytest.exit("The tests need PostgreSQL. On Debian and Ubuntu: apt-get install postgresql", returncode=1)
    data = folder() / "postgresql"
    data.mkdir(mode=0o700)
    as_user = unprivileged(data)
    initdb = [
        *as_user,
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(initdb, check=True, capture_output=True)
    port = free_port()
    options = [word for name, value in QUICK.items() for word in ("-c", f"{name}={value}")]
    command = [*as_user, str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]
    subprocess.run(["sh", "-c", GUARD, "guard", *command], check=True, stdin=subprocess.DEVNULL, start_new_session=True)
    return wait_for(f"postgresql://postgres@127.0.0.1:{port}")


def unprivileged(data: Path) -> list[str]:
    """PostgreSQL refuses to run as root: the words that run it as somebody else."""
    if os.geteuid() != 0:
        return []
    shutil.chown(data, "postgres", "postgres")
    folder().chmod(0o711)  # so that the other user can reach the data
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(server: str) -> str:
    for _ in range(200):
        try:
            psycopg.connect(f"{server}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return server
    log = (folder() / "postgresql.log").read_text()
    pytest.exit(f"PostgreSQL did not start:\n{log}", returncode=1)
