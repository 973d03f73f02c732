"""An answer sheet may be typed in as a draft, without its times, until it is complete."""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    with op.batch_alter_table("paper_entry") as table:
        table.drop_constraint(op.f("ck_paper_entry_ends_after_start"), type_="check")
        table.alter_column("started_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        table.alter_column("ended_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        table.add_column(sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(
            "finished_with_times",
            "finished_at IS NULL OR (started_at IS NOT NULL AND ended_at IS NOT NULL AND ended_at > started_at)",
        )
        table.create_check_constraint("transferred_when_finished", "transferred_at IS NULL OR finished_at IS NOT NULL")
    if connection.dialect.name == "sqlite":
        triggers.frozen(
            connection,
            "paper_entry",
            when="transferred_at",
            columns=("registration_id", "part", "answers", "chosen", "started_at", "ended_at", "entered_by_id"),
        )
