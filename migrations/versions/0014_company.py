"""Items in company: enemies that never meet on a form, and vignette sets that travel together."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enemy_pair",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_enemy_pair_in_order")),
        sa.ForeignKeyConstraint(["declared_by_id"], ["user.id"], name=op.f("fk_enemy_pair_declared_by_id")),
        sa.ForeignKeyConstraint(["one_id"], ["item.id"], name=op.f("fk_enemy_pair_one_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["item.id"], name=op.f("fk_enemy_pair_other_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_enemy_pair")),
    )
    op.create_index(op.f("ix_enemy_pair_other_id"), "enemy_pair", ["other_id"])
    op.add_column("item", sa.Column("set_code", sa.String(length=12), nullable=True))
    op.create_index(op.f("ix_item_set_code"), "item", ["set_code"])
