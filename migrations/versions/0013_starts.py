"""The start of a registration is written with its first part, and none that is not in force is started."""

from alembic import op

from migrations.starts import keep_starts

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    keep_starts(op.get_bind())
