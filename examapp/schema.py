"""Where the database stands in the history of its tables, and bringing it to the newest migration."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


def alembic_config() -> AlembicConfig:
    return AlembicConfig(toml_file=PYPROJECT)


@cache
def newest_revision() -> str | None:
    """The newest migration this code knows."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current_revision(connection: Connection) -> str | None:
    """The migration the database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest migration: all of it or nothing. Safe to repeat."""
    with migrating(engine) as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction fit for migrations.

    SQLite changes a table by building it anew, which its foreign keys would refuse: they are off meanwhile, and checked
    as a whole before the commit.
    """
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        # On the driver's connection, because this setting has no effect inside a transaction.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"The migration would leave rows without the row they name: {broken[:5]}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
