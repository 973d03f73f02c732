"""Mails say when they are to be tried next."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_mail") as table:
        table.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index(op.f("ix_outbox_mail_due_at"), ["due_at"], unique=False)
