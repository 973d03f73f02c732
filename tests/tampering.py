"""Changing rows that nobody may change: past the triggers, as somebody with the database's password could."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def tamper(db: Session, statement: str, **values: object) -> None:
    """Carry out one statement while no trigger watches."""
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement), values)
        connection.execute(text("SET LOCAL session_replication_role = origin"))
    else:
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        triggers = {str(name): str(sql) for name, sql in found}
        for name in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.execute(text(statement), values)
        for sql in triggers.values():
            connection.exec_driver_sql(sql)
    db.commit()
    db.expire_all()
