"""One version of an item is in use at a time, whatever two people do at once."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

IN_USE = sa.text("state = 'operational'")


def upgrade() -> None:
    # Should there be two, the newest counts.
    op.execute(
        """UPDATE item_version SET state = 'retired' WHERE state = 'operational' AND EXISTS (
            SELECT 1 FROM item_version AS newer WHERE newer.item_id = item_version.item_id
            AND newer.state = 'operational' AND newer.number > item_version.number)"""
    )
    op.create_index(
        "ix_item_version_in_use",
        "item_version",
        ["item_id"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )
