"""What a table cannot say by itself: rows that never change, and columns that are written once.

A migration calls these with names spelled out, so it keeps meaning what it meant when it was written. The models
declare the same with `__append_only__`, `__frozen_when__` / `__frozen_columns__` and `__write_once__`; a test holds the
two together. SQLite loses the triggers of a table that a batch migration rebuilds: call these again after it.
"""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$
"""


def append_only(connection: Connection, *tables: str) -> None:
    """Rows are added to these tables, and never changed or deleted."""
    for table in tables:
        message = f"{table} is append-only"
        refuse(connection, table, "append_only_update", "UPDATE", message)
        refuse(connection, table, "append_only_delete", "DELETE", message)
        refuse_truncate(connection, table, message)


def frozen(connection: Connection, table: str, *, when: str, columns: Sequence[str]) -> None:
    """Once ``when`` is set, it and these columns keep their values and the row stays."""
    is_frozen = f'OLD."{when}" IS NOT NULL'
    message = f"{table} is frozen once {when} is set"
    refuse(
        connection,
        table,
        "frozen_update",
        "UPDATE",
        message,
        f"{is_frozen} AND ({changed(connection, (when, *columns))})",
    )
    refuse(connection, table, "frozen_delete", "DELETE", message, is_frozen)
    refuse_truncate(connection, table, message)


def write_once(connection: Connection, table: str, *columns: str) -> None:
    """Each of these columns keeps its first value for ever."""
    for column in columns:
        condition = f'OLD."{column}" IS NOT NULL AND ({changed(connection, (column,))})'
        refuse(connection, table, f"{column}_once", "UPDATE", f"{table}.{column} is written once", condition)


def changed(connection: Connection, columns: Sequence[str]) -> str:
    """SQL that is true when one of the columns gets another value, NULL included."""
    differs = "IS NOT" if connection.dialect.name == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)


def refuse(connection: Connection, table: str, name: str, deed: str, message: str, condition: str = "") -> None:
    when = f"WHEN ({condition}) " if condition else ""
    head = f'CREATE TRIGGER "{table}_{name}" BEFORE {deed} ON "{table}" FOR EACH ROW {when}'
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"{head} BEGIN SELECT RAISE(ABORT, '{message}'); END")
    else:
        connection.exec_driver_sql(REFUSE)
        connection.exec_driver_sql(f"{head} EXECUTE FUNCTION refuse_change('{message}')")


def refuse_truncate(connection: Connection, table: str, message: str) -> None:
    """SQLite has no TRUNCATE."""
    if connection.dialect.name == "sqlite":
        return
    connection.exec_driver_sql(
        f'CREATE TRIGGER "{table}_truncate" BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION refuse_change(\'{message}\')'
    )
