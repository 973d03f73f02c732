"""Pictures of items are kept under the digest of their bytes."""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/png', 'image/jpeg', 'image/webp')", name=op.f("ck_picture_known_media_type")
        ),
        sa.CheckConstraint(
            "width BETWEEN 1 AND 4000 AND height BETWEEN 1 AND 4000", name=op.f("ck_picture_sides_in_bounds")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_picture_created_by_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture")),
    )
    triggers.append_only(op.get_bind(), "picture")
