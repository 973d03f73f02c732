"""Items are found by their words; filters are kept; reviewers are asked; many items change at once, and back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import full_text, triggers

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    full_text.keep_words(op.get_bind())
    add_filters()
    add_assignments()
    add_bulk_deeds()
    let_retired_items_come_back()


def add_filters() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("asked", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_filter_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_filter_owner_id_name")),
    )


def add_assignments() -> None:
    op.create_table(
        "review_assignment",
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_review_assignment_assigned_by_id")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_review_assignment_item_version_id")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_review_assignment_reviewer_id")),
        sa.PrimaryKeyConstraint("item_version_id", "reviewer_id", name=op.f("pk_review_assignment")),
    )
    op.create_index(op.f("ix_review_assignment_reviewer_id"), "review_assignment", ["reviewer_id"])


def add_bulk_deeds() -> None:
    kinds = sa.Enum("tag", "assign", "retire", name="bulkkind", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "bulk_deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("undone_at IS NULL OR undone_at >= at", name=op.f("ck_bulk_deed_undone_after_it")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_bulk_deed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_deed")),
    )
    op.create_index(op.f("ix_bulk_deed_by_id"), "bulk_deed", ["by_id"])


def let_retired_items_come_back() -> None:
    moves = ("submit", "send_back", "approve", "retire", "restore")
    with op.batch_alter_table("review_action") as table:
        table.drop_constraint(op.f("ck_review_action_move"), type_="check")
        table.create_check_constraint("move", sa.column("move").in_(moves))
    if op.get_bind().dialect.name == "sqlite":
        triggers.append_only(op.get_bind(), "review_action")
