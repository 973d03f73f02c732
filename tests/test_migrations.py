"""The migrations make exactly what the models describe, and the database guards what must not change."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.db import Database
from examapp.schema import alembic_config, current_revision, migrating, newest_revision, upgrade
from examapp.tables import Base, metadata
from migrations import full_text, triggers
from migrations.starts import keep_starts
from question_bank.item_search import ItemFilter, find_items
from tests.bank import Bank
from tests.databases import fresh_database
from tests.personas import Personas

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname AS name, pg_get_triggerdef(oid) AS sql FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of its own, because these tests change tables."""
    with fresh_database(request.param) as database:
        yield database


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        yield connection


def checks_of(connection: Connection) -> dict[str, set[tuple[object, object]]]:
    """Name and text of every CHECK; Alembic does not compare these."""
    tables = inspect(connection)
    return {
        table: {(check["name"], check["sqltext"]) for check in tables.get_check_constraints(table)}
        for table in metadata.tables
    }


def triggers_of(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text(TRIGGERS[connection.dialect.name]))
    return {row.name: row.sql for row in rows}


def make_from_models(connection: Connection) -> None:
    """The tables anew, with the triggers that the models' declarations ask for."""
    metadata.drop_all(connection)
    metadata.create_all(connection)
    for model in (mapper.class_ for mapper in Base.registry.mappers):
        if getattr(model, "__append_only__", False):
            triggers.append_only(connection, model.__tablename__)
        if when := getattr(model, "__frozen_when__", None):
            triggers.frozen(connection, model.__tablename__, when=when, columns=model.__frozen_columns__)
        triggers.write_once(connection, model.__tablename__, *getattr(model, "__write_once__", ()))
    full_text.keep_words(connection)
    keep_starts(connection)


def test_the_migrations_lead_to_the_tables_of_the_models(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.check(config)


def test_the_migrations_lead_to_the_checks_of_the_models(connection: Connection) -> None:
    migrated = checks_of(connection)
    make_from_models(connection)
    assert migrated == checks_of(connection)


def test_every_model_that_declares_protection_has_its_triggers(connection: Connection) -> None:
    migrated = triggers_of(connection)
    make_from_models(connection)
    assert "audit_event_append_only_delete" in migrated
    assert migrated == triggers_of(connection)


def test_the_words_of_items_that_are_there_already_are_kept_too(connection: Connection, at: datetime) -> None:
    metadata.drop_all(connection)
    metadata.create_all(connection)
    with Session(connection) as session:
        Bank(session, Personas(session, at).author().id, at).item(stem="Written before?")
        session.flush()
        full_text.keep_words(connection)
        assert find_items(session, ItemFilter(words="written before"), 1).total == 1


def test_upgrading_twice_changes_nothing(database: Database, connection: Connection) -> None:
    upgrade(database.engine)
    assert current_revision(connection) == newest_revision()


def test_a_migration_that_would_orphan_rows_is_undone(database: Database, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        return  # there the foreign keys themselves refuse
    orphan = "INSERT INTO user_role (user_id, role, granted_at) VALUES (99, 'author', '2027-01-01')"
    with pytest.raises(RuntimeError, match="without the row they name"), migrating(database.engine) as migration:
        migration.exec_driver_sql(orphan)
    assert connection.scalar(text("SELECT count(*) FROM user_role")) == 0
    connection.rollback()
    with pytest.raises(IntegrityError):
        connection.exec_driver_sql(orphan)


@pytest.fixture
def diary(connection: Connection) -> Connection:
    connection.execute(text("CREATE TABLE diary (id INTEGER PRIMARY KEY, words TEXT, note TEXT, closed_at TEXT)"))
    connection.execute(text("INSERT INTO diary VALUES (1, 'dear diary', NULL, NULL)"))
    return connection


def refused(connection: Connection, statement: str) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
    except IntegrityError:
        return True
    return False


def test_append_only_rows_can_be_added_and_nothing_else(diary: Connection) -> None:
    triggers.append_only(diary, "diary")
    assert not refused(diary, "INSERT INTO diary (id, words) VALUES (2, 'again')")
    assert refused(diary, "UPDATE diary SET words = 'other'")
    assert refused(diary, "DELETE FROM diary WHERE id = 1")


def test_truncating_an_append_only_table_is_refused(diary: Connection) -> None:
    if diary.dialect.name == "sqlite":
        return  # it has no TRUNCATE
    triggers.append_only(diary, "diary")
    assert refused(diary, "TRUNCATE diary")


def test_a_frozen_row_keeps_its_content_and_stays(diary: Connection) -> None:
    triggers.frozen(diary, "diary", when="closed_at", columns=("words",))
    assert not refused(diary, "UPDATE diary SET words = 'before'")
    assert not refused(diary, "UPDATE diary SET closed_at = 'today'")
    assert refused(diary, "UPDATE diary SET words = 'after'")
    assert refused(diary, "UPDATE diary SET words = NULL")
    assert refused(diary, "UPDATE diary SET closed_at = NULL")
    assert refused(diary, "DELETE FROM diary")
    assert not refused(diary, "UPDATE diary SET note = 'a column that is not frozen'")


def test_a_column_is_written_once(diary: Connection) -> None:
    triggers.write_once(diary, "diary", "closed_at")
    assert not refused(diary, "UPDATE diary SET closed_at = 'today'")
    assert not refused(diary, "UPDATE diary SET closed_at = 'today', words = 'more'")
    assert refused(diary, "UPDATE diary SET closed_at = 'tomorrow'")
    assert refused(diary, "UPDATE diary SET closed_at = NULL")
