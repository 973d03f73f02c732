"""The databases of a test run: one PostgreSQL server for all workers, and migrated templates to copy from.

Most tests borrow an empty database, which is emptied after them and serves the next. A test that changes tables, or
that begins with more than empty ones, takes a fresh copy instead.

The server lives in a folder of its own under the temporary directory and ends with the test run, however that ends: a
guard process watches for it.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from examapp.db import Database
from examapp.rehearsal.postgresql import find_postgres, free_port, unprivileged
from examapp.schema import newest_revision, upgrade
from examapp.tables import metadata

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
    """What a database holds from the start. It is filled once a run, and copied from then on."""

    name: str
    fill: Callable[[Database], None]


MIGRATED = Content("migrated", lambda database: None)


@contextmanager
def fresh_database(dialect: str, content: Content = MIGRATED) -> Iterator[Database]:
    """A copy of its own of a migrated database with this content; gone afterwards."""
    copies = {"sqlite": sqlite_copy, "postgresql": postgresql_copy}
    with copies[dialect](content) as url:
        database = connected(url)
        try:
            yield database
        finally:
            database.dispose()


# The empty databases that nobody uses now, and how to remove them. They keep what SQLAlchemy compiled for them: to do
# it anew for each test would take as long as the test.
waiting: dict[str, list[tuple[Database, ExitStack]]] = {"sqlite": [], "postgresql": []}


@contextmanager
def empty_database(dialect: str) -> Iterator[Database]:
    """A migrated database without rows, lent for one test. One that cannot be emptied afterwards is not lent again."""
    empty = {"sqlite": replace_sqlite, "postgresql": empty_postgresql}[dialect]
    database, removal = waiting[dialect].pop() if waiting[dialect] else lasting_database(dialect)
    with removal:
        yield database
        empty(database)
        waiting[dialect].append((database, removal.pop_all()))


def lasting_database(dialect: str) -> tuple[Database, ExitStack]:
    removal = ExitStack()
    database = removal.enter_context(fresh_database(dialect))
    if dialect == "postgresql":
        refuse_other_tables(database)
    return database, removal


def remove_databases() -> None:
    """Called once by each worker, at its end."""
    for _, removal in [*waiting["sqlite"], *waiting["postgresql"]]:
        removal.close()


def connected(url: str) -> Database:
    database = Database(url)
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return database


@contextmanager
def sqlite_copy(content: Content) -> Iterator[str]:
    copy = folder() / f"{secrets.token_hex(8)}.db"
    shutil.copyfile(sqlite_template(content), copy)
    try:
        yield f"sqlite:///{copy}"
    finally:
        remove_sqlite(copy)


def replace_sqlite(database: Database) -> None:
    """A new copy under the old name. Whoever still has the old file open disturbs nobody."""
    database.dispose()
    copy = Path(database.engine.url.database or "")
    remove_sqlite(copy)
    shutil.copyfile(sqlite_template(MIGRATED), copy)


def remove_sqlite(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


@contextmanager
def postgresql_copy(content: Content) -> Iterator[str]:
    server = once(f"postgresql-{content.name}", lambda: make_postgresql_template(content))
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        # Copying files is twice as fast as logging them; older servers know no other way.
        strategy = "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_{content.name} {strategy}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


TABLES = [f'"{name}"' for name in metadata.tables]
FILLED = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in TABLES)
NUMBER_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""
KEEP_TABLES = """
CREATE FUNCTION keep_tables() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Other tests use this database too. A test that changes tables takes databases.fresh_database.';
END $$;
CREATE EVENT TRIGGER keep_tables ON ddl_command_start EXECUTE FUNCTION keep_tables()
"""


def empty_postgresql(database: Database) -> None:
    """Delete all rows, past triggers and foreign keys. What a test left uncommitted and open makes it fail here."""
    with driver(database) as connection, connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '3s'; SET LOCAL session_replication_role = replica")
        connection.execute(f"LOCK TABLE {', '.join(TABLES)} IN EXCLUSIVE MODE")
        for (table,) in connection.execute(FILLED).fetchall():
            connection.execute(f"DELETE FROM {table}")
        connection.execute(NUMBER_ANEW)
        connection.execute("UPDATE alembic_version SET version_num = %s", (newest_revision(),))


def refuse_other_tables(database: Database) -> None:
    """From now on each change of tables fails, because the next test would meet it."""
    with driver(database) as connection, connection.transaction():
        assert not connection.execute(FILLED).fetchall(), "A migration leaves rows, which emptying would delete."
        connection.execute(KEEP_TABLES)


@contextmanager
def driver(database: Database) -> Iterator[psycopg.Connection]:
    """A connection of the database's own pool, without SQLAlchemy around it."""
    with closing(database.engine.raw_connection()) as pooled:
        assert isinstance(pooled.driver_connection, psycopg.Connection)
        yield pooled.driver_connection


def once(name: str, make: Callable[[], str]) -> str:
    """What ``make`` returned to the first worker of this run that asked."""
    answer = folder() / f"{name}.ready"
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            answer.write_text(make())
    return answer.read_text()


def sqlite_template(content: Content) -> str:
    return once(f"sqlite-{content.name}", lambda: make_sqlite_template(content))


def make_sqlite_template(content: Content) -> str:
    path = folder() / f"template-{content.name}.db"
    database = connected(f"sqlite:///{path}")
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
