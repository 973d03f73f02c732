"""Which areas reviewers know, and who wants the mail about what waits for them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviewer_expertise",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reviewer_expertise_user_id")),
        sa.PrimaryKeyConstraint("user_id", "area", name=op.f("pk_reviewer_expertise")),
    )
    op.add_column("user", sa.Column("wants_digest", sa.Boolean(), server_default=sa.true(), nullable=False))
