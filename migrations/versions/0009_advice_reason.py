"""Why an item breaks a rule of item writing is kept with its version."""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "advice_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_advice_reason_by_id")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_advice_reason_item_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_reason")),
        sa.UniqueConstraint("item_version_id", "rule", name=op.f("uq_advice_reason_item_version_id_rule")),
    )
    triggers.append_only(op.get_bind(), "advice_reason")
