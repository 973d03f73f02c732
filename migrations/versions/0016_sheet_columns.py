"""What somebody said of the columns of a sheet is kept for the next one with the same headings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sheet_columns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("headings", sa.String(length=64), nullable=False),
        sa.Column("chosen", DOCUMENT, nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_sheet_columns_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_columns")),
        sa.UniqueConstraint("owner_id", "headings", name=op.f("uq_sheet_columns_owner_id_headings")),
    )
