"""The list of a large bank is read from indexes."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_item_version_updated_at", "item_version", ["updated_at"])
    op.create_index("ix_item_version_latest", "item_version", ["item_id", "number", "state", "area"])
