"""Two reviews, trial and use: more states, what was ticked, comments at their places, declared conflicts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import full_text, triggers

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STATES = (
    "draft", "content_review", "editorial_review", "sent_back", "approved", "pretest", "operational", "retired",
)  # fmt: skip
# What was in review was read for its content; what was approved could stand on forms.
RENAMED = {"in_review": "content_review", "approved": "operational"}
MOVES = (
    "submit", "pass_content", "approve", "send_back", "try_out", "put_to_use", "take_back", "retire", "restore",
)  # fmt: skip


def upgrade() -> None:
    rename_states()
    keep_more_of_each_step()
    ask_for_one_of_two_reviews()
    take_more_kinds_of_deeds()
    add_comments()
    add_conflicts()


def rename_states() -> None:
    connection = op.get_bind()
    with op.batch_alter_table("item_version") as table:
        table.drop_constraint(op.f("ck_item_version_reviewstate"), type_="check")
        table.drop_constraint(op.f("ck_item_version_approved_has_time"), type_="check")
    version = sa.table("item_version", sa.column("state"))
    for old, new in RENAMED.items():
        connection.execute(sa.update(version).where(version.c.state == old).values(state=new))
    with op.batch_alter_table("item_version") as table:
        table.create_check_constraint("reviewstate", sa.column("state").in_(STATES))
        table.create_check_constraint(
            "approved_has_time", "state NOT IN ('approved', 'pretest', 'operational') OR approved_at IS NOT NULL"
        )
    if connection.dialect.name == "sqlite":
        triggers.frozen(
            connection,
            "item_version",
            when="submitted_at",
            columns=(
                "content", "area", "levels", "tracks", "responsibility_codes", "rationale", "reference", "title",
                "editor_id", "competency", "cognitive_level",
            ),
        )  # fmt: skip
        full_text.keep_words(connection)
    rename_in_kept_filters(connection)


def rename_in_kept_filters(connection: sa.Connection) -> None:
    kept = sa.table("saved_filter", sa.column("id"), sa.column("asked", DOCUMENT))
    for row in connection.execute(sa.select(kept)).all():
        if row.asked.get("state") in RENAMED:
            asked = {**row.asked, "state": RENAMED[row.asked["state"]]}
            connection.execute(sa.update(kept).where(kept.c.id == row.id).values(asked=asked))


def keep_more_of_each_step() -> None:
    with op.batch_alter_table("review_action") as table:
        table.drop_constraint(op.f("ck_review_action_move"), type_="check")
        table.create_check_constraint("move", sa.column("move").in_(MOVES))
        # Of steps that were taken before, nobody has written down where they began.
        table.add_column(sa.Column("before", sa.String(length=40), nullable=True))
        table.create_check_constraint("reviewstate", sa.column("before").in_(STATES))
        table.add_column(sa.Column("ticked", DOCUMENT, server_default="[]", nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        triggers.append_only(op.get_bind(), "review_action")


def ask_for_one_of_two_reviews() -> None:
    with op.batch_alter_table("review_assignment") as table:
        table.add_column(sa.Column("stage", sa.String(length=40), server_default="content", nullable=False))
        table.create_check_constraint("reviewstage", sa.column("stage").in_(("content", "editorial")))
        table.drop_constraint(op.f("pk_review_assignment"), type_="primary")
        table.create_primary_key(op.f("pk_review_assignment"), ["item_version_id", "reviewer_id", "stage"])


def take_more_kinds_of_deeds() -> None:
    with op.batch_alter_table("bulk_deed") as table:
        table.drop_constraint(op.f("ck_bulk_deed_bulkkind"), type_="check")
        kinds = ("tag", "assign", "try_out", "put_to_use", "retire")
        table.create_check_constraint("bulkkind", sa.column("kind").in_(kinds))
    # What was done before cannot be taken back: nobody has written down which review and which states it was about.
    op.execute("UPDATE bulk_deed SET undone_at = at WHERE kind IN ('assign', 'retire') AND undone_at IS NULL")


def add_comments() -> None:
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_review_comment_settled_by_someone")
        ),
        sa.CheckConstraint("parent_id IS NULL OR settled_at IS NULL", name=op.f("ck_review_comment_thread_is_settled")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_review_comment_author_id")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_review_comment_item_version_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["review_comment.id"], name=op.f("fk_review_comment_parent_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name=op.f("fk_review_comment_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    op.create_index(op.f("ix_review_comment_item_version_id"), "review_comment", ["item_version_id"])
    op.create_index(op.f("ix_review_comment_parent_id"), "review_comment", ["parent_id"])
    connection = op.get_bind()
    said = ("item_version_id", "anchor", "parent_id", "author_id", "text")
    triggers.frozen(connection, "review_comment", when="at", columns=said)
    triggers.write_once(connection, "review_comment", "settled_at", "settled_by_id")


def add_conflicts() -> None:
    op.create_table(
        "review_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_review_conflict_item_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_review_conflict_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_conflict")),
        sa.UniqueConstraint("item_id", "reviewer_id", name=op.f("uq_review_conflict_item_id_reviewer_id")),
    )
    op.create_index(op.f("ix_review_conflict_reviewer_id"), "review_conflict", ["reviewer_id"])
    triggers.append_only(op.get_bind(), "review_conflict")
