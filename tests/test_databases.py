"""A database that serves many tests shows none of them what another one did."""

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from examapp.accounts.models import Role, User
from examapp.db import Database
from examapp.tables import metadata
from tests.conftest import MORNING
from tests.databases import empty_database
from tests.personas import Personas

KINDS = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])


def add_somebody(database: Database) -> User:
    with database.sessions() as session:
        return Personas(session, MORNING).person(Role.AUTHOR)


@KINDS
def test_the_next_test_finds_the_same_database_without_rows(dialect: str) -> None:
    with empty_database(dialect) as database:
        first = add_somebody(database)
    with empty_database(dialect) as again, again.engine.connect() as connection:
        assert again is database
        rows = {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in metadata.tables}
    assert not [name for name, count in rows.items() if count]
    with empty_database(dialect) as again:
        assert add_somebody(again).id == first.id == 1


@KINDS
def test_two_at_a_time_are_not_the_same(dialect: str) -> None:
    with empty_database(dialect) as one, empty_database(dialect) as other:
        add_somebody(one)
        add_somebody(other)


def test_a_transaction_that_a_test_left_open_is_an_error_and_the_database_goes() -> None:
    with pytest.raises(LockNotAvailable), empty_database("postgresql") as database:  # noqa: PT012
        left_open = database.engine.connect()
        left_open.execute(text("UPDATE \"user\" SET name = 'somebody'"))
    left_open.invalidate()
    left_open.close()
    with empty_database("postgresql") as other:
        assert other is not database


def test_a_change_of_tables_is_refused() -> None:
    with empty_database("postgresql") as database, database.engine.connect() as connection:
        for change in ("CREATE TABLE other (id int)", 'ALTER TABLE "user" DROP name', 'DROP TABLE "user" CASCADE'):
            with pytest.raises(DBAPIError, match="fresh_database"):
                connection.execute(text(change))
            connection.rollback()
