"""Clock stops, late changes accepted, device checks, messages, paper, entry rules, requests, practice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import triggers
from migrations.checks import checks, widen

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_rules",
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("access_code", sa.String(length=40), nullable=False),
        sa.Column("allowed_networks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("config_keys", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("browser_exam_keys", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_entry_rules_administration_id")
        ),
        sa.PrimaryKeyConstraint("administration_id", name=op.f("pk_entry_rules")),
    )
    op.create_table(
        "window_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_window_extension_seconds_positive")),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_window_extension_administration_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_window_extension_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window_extension")),
    )
    with op.batch_alter_table("window_extension") as table:
        table.create_index(table.f("ix_window_extension_administration_id"), ["administration_id"], unique=False)

    op.create_table(
        "accommodation_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("documented_from", sa.Date(), nullable=True),
        sa.Column("documented_until", sa.Date(), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("document_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "granted",
                "partly_granted",
                "refused",
                name="requestdecision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(document_sha256 = '') = (document_name = '')", name=op.f("ck_accommodation_request_document_has_name")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_accommodation_request_decided_by_someone")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL)", name=op.f("ck_accommodation_request_decided_with_decision")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_accommodation_request_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_accommodation_request_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation_request")),
    )
    with op.batch_alter_table("accommodation_request") as table:
        table.create_index(table.f("ix_accommodation_request_due_at"), ["due_at"], unique=False)
        table.create_index(table.f("ix_accommodation_request_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "device_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("storage", sa.Boolean(), nullable=False),
        sa.Column("clock_offset_ms", sa.Integer(), nullable=False),
        sa.Column("round_trip_ms", sa.Integer(), nullable=False),
        sa.Column("announcement_heard", sa.Boolean(), nullable=True),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_device_check_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_check")),
    )
    with op.batch_alter_table("device_check") as table:
        table.create_index(table.f("ix_device_check_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "entry_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_entry_override_by_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_entry_override_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_override")),
    )
    with op.batch_alter_table("entry_override") as table:
        table.create_index(table.f("ix_entry_override_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "paper_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("chosen", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("transferred_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at > started_at", name=op.f("ck_paper_entry_ends_after_start")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user.id"], name=op.f("fk_paper_entry_entered_by_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_paper_entry_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entry")),
        sa.UniqueConstraint(
            "registration_id", "part", "entered_by_id", name=op.f("uq_paper_entry_registration_id_part_entered_by_id")
        ),
    )
    with op.batch_alter_table("paper_entry") as table:
        table.create_index(table.f("ix_paper_entry_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "room_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_room_message_administration_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_room_message_by_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_room_message_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_message")),
    )
    with op.batch_alter_table("room_message") as table:
        table.create_index(table.f("ix_room_message_administration_id"), ["administration_id"], unique=False)
        table.create_index(table.f("ix_room_message_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "clock_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pause", "break", name="stopkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_clock_stop_ends_after_start")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_clock_stop_ended_by_id")),
        sa.ForeignKeyConstraint(["part_id"], ["attempt_part.id"], name=op.f("fk_clock_stop_part_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name=op.f("fk_clock_stop_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_stop")),
    )
    with op.batch_alter_table("clock_stop") as table:
        table.create_index(table.f("ix_clock_stop_part_id"), ["part_id"], unique=False)
        table.create_index(
            "uq_clock_stop_open",
            ["part_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "late_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("late_event_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_late_acceptance_confirmed_by_someone")
        ),
        sa.CheckConstraint(
            "(declined_at IS NULL) = (declined_by_id IS NULL)", name=op.f("ck_late_acceptance_declined_by_someone")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR declined_at IS NULL", name=op.f("ck_late_acceptance_confirmed_or_declined")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name=op.f("ck_late_acceptance_two_people")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_late_acceptance_confirmed_by_id")),
        sa.ForeignKeyConstraint(["declined_by_id"], ["user.id"], name=op.f("fk_late_acceptance_declined_by_id")),
        sa.ForeignKeyConstraint(["part_id"], ["attempt_part.id"], name=op.f("fk_late_acceptance_part_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_late_acceptance_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_acceptance")),
    )
    with op.batch_alter_table("late_acceptance") as table:
        table.create_index(table.f("ix_late_acceptance_part_id"), ["part_id"], unique=False)

    widen("response_event", "eventkind", "kind", ("answer", "flag", "choose", "note", "strike"))
    widen("late_event", "eventkind", "kind", ("answer", "flag", "choose", "note", "strike"))
    widen("time_adjustment", "timekind", "kind", ("allowance", "accommodation", "given_back", "pause", "break"))
    with op.batch_alter_table("accommodation", table_args=checks("accommodation")) as table:
        table.add_column(sa.Column("extra_minutes", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("break_minutes", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("arrangements", sa.Text(), server_default="", nullable=False))
        table.create_check_constraint("minutes_not_negative", "extra_minutes >= 0 AND break_minutes >= 0")
    with op.batch_alter_table("administration") as table:
        table.add_column(sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("shuffle_options", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("attempt_part", table_args=checks("attempt_part")) as table:
        table.add_column(sa.Column("stopped_left", sa.Integer(), nullable=True))
        table.add_column(sa.Column("messages", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("unsent", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("clock_offset_ms", sa.Integer(), nullable=True))
        table.create_check_constraint("stopped_left_not_negative", "stopped_left IS NULL OR stopped_left >= 0")
    with op.batch_alter_table("registration", table_args=checks("registration")) as table:
        table.add_column(sa.Column("practice_round", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("waiting_seen_at", sa.DateTime(timezone=True), nullable=True))
        table.drop_constraint(table.f("uq_registration_administration_id_candidate_id"), type_="unique")
        table.create_unique_constraint(
            table.f("uq_registration_administration_id_candidate_id_practice_round"),
            ["administration_id", "candidate_id", "practice_round"],
        )
    protect()


def protect() -> None:
    """The triggers of the new tables, and again those of the tables that SQLite has built anew."""
    connection = op.get_bind()
    triggers.append_only(connection, "device_check", "entry_override", "room_message", "window_extension")
    triggers.write_once(connection, "clock_stop", "ended_at", "ended_by_id")
    triggers.write_once(
        connection, "late_acceptance", "confirmed_at", "confirmed_by_id", "declined_at", "declined_by_id"
    )
    triggers.frozen(
        connection,
        "paper_entry",
        when="transferred_at",
        columns=("registration_id", "part", "answers", "chosen", "started_at", "ended_at", "entered_by_id"),
    )
    triggers.frozen(
        connection,
        "accommodation_request",
        when="decided_at",
        columns=("registration_id", "kinds", "statement", "document_sha256", "decision", "decision_note"),
    )
    if connection.dialect.name == "sqlite":
        triggers.append_only(connection, "response_event", "late_event", "time_adjustment")
        triggers.write_once(connection, "attempt_part", "started_at", "closed_at")
        triggers.write_once(connection, "registration", "started_at")
