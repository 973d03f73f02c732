"""The mark of an answer keeps the answer however long it is: some are typed."""

import sqlalchemy as sa
from alembic import op

from migrations import triggers
from migrations.checks import checks

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item_mark", table_args=checks("item_mark")) as table:
        table.alter_column("response", existing_type=sa.String(length=40), type_=sa.Text(), existing_nullable=False)
    if op.get_bind().dialect.name == "sqlite":
        triggers.append_only(op.get_bind(), "item_mark")
