"""What was proposed of late answers, and why, stays as it was."""

from alembic import op

from migrations import triggers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    triggers.frozen(
        op.get_bind(),
        "late_acceptance",
        when="proposed_at",
        columns=("part_id", "late_event_ids", "reason", "proposed_by_id"),
    )
