"""CHECK constraints in migrations: SQLite forgets those of a table that it builds anew, unless they are given."""

import sqlalchemy as sa
from alembic import op


def checks(table: str) -> tuple[sa.CheckConstraint, ...]:
    """The checks that a table has."""
    found = sa.inspect(op.get_bind()).get_check_constraints(table)
    return tuple(sa.CheckConstraint(check["sqltext"], name=op.f(str(check["name"]))) for check in found)


def widen(table: str, check: str, column: str, values: tuple[str, ...]) -> None:
    """More values for a column of an enum. The triggers of a table that SQLite has built anew are to be made again."""
    name = f"ck_{table}_{check}"
    others = tuple(found for found in checks(table) if found.name != name)
    quoted = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, table_args=others, recreate="auto") as batch:
        if op.get_bind().dialect.name != "sqlite":
            batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(name), f"{column} IN ({quoted})")
