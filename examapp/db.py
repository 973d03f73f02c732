"""The database: one engine, one session per request, and what SQLite needs to keep its promises."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

import psycopg
from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import JSON, Column, Engine, TableValuedAlias, bindparam, column, create_engine, event, func
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

View = TypeVar("View", bound=Callable[..., Any])

# Seconds after which a connection is asked whether it still lives.
RESTED = 1.0


class Database:
    """An engine and its session factory."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        self.reader = self.engine.execution_options(read_only=True)
        # Where each statement is a transaction of its own, without two ways more to the server around it. It keeps its
        # own connections: turning one from this to that and back costs as much as sending a statement.
        self.autocommit: Engine | None = None
        if self.engine.dialect.name == "postgresql":
            self.autocommit = make_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)

    @property
    def page_reader(self) -> Engine:
        """What pages read with. PostgreSQL shows each statement what is committed by then, in a transaction or not."""
        return self.autocommit or self.reader

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session for commands and workers: committed at the end, rolled back on any error."""
        with self.sessions.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, so that slow work around it holds up nobody's writes."""
        with self.sessions(bind=self.reader) as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()
        if self.autocommit:
            self.autocommit.dispose()


def make_engine(url: str, **options: Any) -> Engine:
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_size=10, max_overflow=20, **options)
        event.listen(engine, "checkin", note_rest)
        event.listen(engine, "checkout", ask_after_rest)
        return engine
    engine = create_engine(url, connect_args={"timeout": 15}, **options)
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_immediate)
    return engine


def note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def ask_after_rest(connection: psycopg.Connection[Any], record: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection that rested may have been closed by a restart of the server: then the pool makes a new one.

    The pool's own ``pool_pre_ping`` asks before every use, which costs a fifth of a save.
    """
    if monotonic() - record.info.get("rests_since", -RESTED) < RESTED:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def begin_immediate(connection: Connection) -> None:
    # A reader that later writes would fail with "database is locked" under DEFERRED. Readers ask for it by option.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def rows_of_json(name: str, columns: Iterable[Column[Any]]) -> TableValuedAlias:
    """A parameter as a table with these columns, on PostgreSQL: many rows in a statement that stays the same."""
    of_types = [column(each.name, each.type) for each in columns]
    return (
        func.json_to_recordset(bindparam(name, type_=JSON))
        .table_valued(*of_types)
        .render_derived(name, with_types=True)
    )


def init_app(app: Flask, database: Database) -> None:
    app.extensions["database"] = database
    app.teardown_appcontext(close_session)


def get_database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def only_reads(view: View) -> View:
    """A page that is asked by POST, because it is sent a lot, and writes nothing."""
    view.only_reads = True  # type: ignore[attr-defined]  # a label on the function, read by is_safe
    return view


def is_safe() -> bool:
    """Whether this request only reads."""
    if not has_request_context():
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, "only_reads", False)


def db_session() -> Session:
    """The session of this request, opened on first use. A safe request only reads, so it never waits for writers."""
    if "db_session" not in g:
        database = get_database()
        g.db_session = database.sessions(bind=database.page_reader if is_safe() else database.engine)
    session: Session = g.db_session
    return session


def close_session(_error: BaseException | None = None, **_: Any) -> None:
    session: Session | None = g.pop("db_session", None)
    if session is not None:
        session.close()  # whatever was not committed is rolled back
