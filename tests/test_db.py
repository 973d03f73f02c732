"""The database as the application holds it."""

import pytest
from sqlalchemy import text

from examapp import db as subject
from examapp.db import Database


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_has_closed_meanwhile_is_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "RESTED", 0)
    with database.engine.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
    other.dispose()
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != backend
