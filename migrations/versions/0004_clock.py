"""A part is closed between its start and its deadline."""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    # SQLite forgets the checks of a table when it builds it anew, unless they are given.
    found = sa.inspect(connection).get_check_constraints("attempt_part")
    checks = tuple(sa.CheckConstraint(check["sqltext"], name=op.f(str(check["name"]))) for check in found)
    with op.batch_alter_table("attempt_part", table_args=checks) as table:
        table.create_check_constraint("closed_within_its_time", "closed_at >= started_at AND closed_at <= deadline_at")
    if connection.dialect.name == "sqlite":
        triggers.write_once(connection, "attempt_part", "started_at", "closed_at")
