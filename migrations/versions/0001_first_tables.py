"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failed_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_in")),
    )
    with op.batch_alter_table("failed_sign_in", schema=None) as batch_op:
        batch_op.create_index("ix_failed_sign_in_email_at", ["email", "at"], unique=False)

    op.create_table(
        "sealed_form",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sealed_form")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation", "password_reset", name="linkpurpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_account_link_created_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_account_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_link_token_hash")),
    )
    with op.batch_alter_table("account_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("target_kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_event_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_event_target", ["target_kind", "target_id"], unique=False)

    op.create_table(
        "exam_blueprint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_exam_blueprint_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_blueprint")),
        sa.UniqueConstraint("title", name=op.f("uq_exam_blueprint_title")),
    )
    op.create_table(
        "form_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("keys", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_form_key_created_by_id")),
        sa.ForeignKeyConstraint(["form_sha256"], ["sealed_form.sha256"], name=op.f("fk_form_key_form_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_key")),
        sa.UniqueConstraint("form_sha256", "version", name=op.f("uq_form_key_form_sha256_version")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single_best_answer", "essay", name="itemkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_item_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_author_id"), ["author_id"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_mail_attempts_not_negative")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_outbox_mail_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_mail_dedupe_key")),
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_mail_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_mail_user_id"), ["user_id"], unique=False)

    op.create_table(
        "rater_conflict",
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["user.id"], name=op.f("fk_rater_conflict_candidate_id")),
        sa.ForeignKeyConstraint(["declared_by_id"], ["user.id"], name=op.f("fk_rater_conflict_declared_by_id")),
        sa.ForeignKeyConstraint(["rater_id"], ["user.id"], name=op.f("fk_rater_conflict_rater_id")),
        sa.PrimaryKeyConstraint("rater_id", "candidate_id", name=op.f("pk_rater_conflict")),
    )
    op.create_table(
        "rule_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "framework",
                "requirements",
                "exam_policy",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_rule_document_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_document")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_rule_document_kind_version")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "candidate",
                "author",
                "reviewer",
                "rater",
                "proctor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["granted_by_id"], ["user.id"], name=op.f("fk_user_role_granted_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "administration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("form_sha256", sa.String(length=64), nullable=False),
        sa.Column("proctored", sa.Boolean(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_administration_closes_after_opening")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_administration_created_by_id")),
        sa.ForeignKeyConstraint(["form_sha256"], ["sealed_form.sha256"], name=op.f("fk_administration_form_sha256")),
        sa.ForeignKeyConstraint(["policy_id"], ["rule_document.id"], name=op.f("fk_administration_policy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration")),
        sa.UniqueConstraint("title", name=op.f("uq_administration_title")),
    )
    op.create_table(
        "blueprint_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blueprint_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_blueprint_cell_count_not_negative")),
        sa.ForeignKeyConstraint(["blueprint_id"], ["exam_blueprint.id"], name=op.f("fk_blueprint_cell_blueprint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blueprint_cell")),
        sa.UniqueConstraint("blueprint_id", "area", "term", name=op.f("uq_blueprint_cell_blueprint_id_area_term")),
    )
    with op.batch_alter_table("blueprint_cell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blueprint_cell_blueprint_id"), ["blueprint_id"], unique=False)

    op.create_table(
        "endorsement_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=30), nullable=False),
        sa.Column("requirements_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(level = 3) = (track = '')", name=op.f("ck_endorsement_file_track_at_level_4")),
        sa.CheckConstraint("level IN (3, 4)", name=op.f("ck_endorsement_file_level_known")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_endorsement_file_opened_by_id")),
        sa.ForeignKeyConstraint(
            ["requirements_id"], ["rule_document.id"], name=op.f("fk_endorsement_file_requirements_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_endorsement_file_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement_file")),
        sa.UniqueConstraint("number", name=op.f("uq_endorsement_file_number")),
        sa.UniqueConstraint("user_id", "level", "track", name=op.f("uq_endorsement_file_user_id_level_track")),
    )
    with op.batch_alter_table("endorsement_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endorsement_file_user_id"), ["user_id"], unique=False)

    op.create_table(
        "exam_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("exam", "practice", name="formpurpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("blueprint_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("differs_from", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed_sha256", sa.String(length=64), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(sealed_sha256 IS NULL) = (sealed_at IS NULL)", name=op.f("ck_exam_form_sealed_has_time")),
        sa.CheckConstraint(
            "(sealed_sha256 IS NULL) = (sealed_by_id IS NULL)", name=op.f("ck_exam_form_sealed_has_person")
        ),
        sa.ForeignKeyConstraint(["blueprint_id"], ["exam_blueprint.id"], name=op.f("fk_exam_form_blueprint_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_exam_form_created_by_id")),
        sa.ForeignKeyConstraint(["policy_id"], ["rule_document.id"], name=op.f("fk_exam_form_policy_id")),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["user.id"], name=op.f("fk_exam_form_sealed_by_id")),
        sa.ForeignKeyConstraint(["sealed_sha256"], ["sealed_form.sha256"], name=op.f("fk_exam_form_sealed_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_form")),
        sa.UniqueConstraint("sealed_sha256", name=op.f("uq_exam_form_sealed_sha256")),
        sa.UniqueConstraint("title", name=op.f("uq_exam_form_title")),
    )
    op.create_table(
        "item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_review",
                "sent_back",
                "approved",
                "retired",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=True),
        sa.Column("levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("tracks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("responsibility_codes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("competency", sa.String(length=10), nullable=True),
        sa.Column(
            "cognitive_level",
            sa.Enum(
                "recall",
                "application",
                "analysis",
                name="cognitivelevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("edit_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)", name=op.f("ck_item_version_submitted_unless_draft")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_at IS NOT NULL", name=op.f("ck_item_version_approved_has_time")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_item_version_number_from_one")),
        sa.ForeignKeyConstraint(["editor_id"], ["user.id"], name=op.f("fk_item_version_editor_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_version_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_version_item_id_number")),
    )
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_version_editor_id"), ["editor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_version_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_item_version_state_area", ["state", "area"], unique=False)

    op.create_table(
        "component_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_progress",
                "met",
                "not_met",
                "waived",
                name="componentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite"), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("verified_by", sa.String(length=200), nullable=False),
        sa.Column("verifier_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["endorsement_file.id"], name=op.f("fk_component_record_file_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_component_record_recorded_by_id")),
        sa.ForeignKeyConstraint(["verifier_id"], ["user.id"], name=op.f("fk_component_record_verifier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_record")),
    )
    with op.batch_alter_table("component_record", schema=None) as batch_op:
        batch_op.create_index("ix_component_record_file_requirement", ["file_id", "requirement"], unique=False)

    op.create_table(
        "essay_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("form_sha256", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_essay_response_administration_id")
        ),
        sa.ForeignKeyConstraint(["form_sha256"], ["sealed_form.sha256"], name=op.f("fk_essay_response_form_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay_response")),
        sa.UniqueConstraint("code", name=op.f("uq_essay_response_code")),
    )
    with op.batch_alter_table("essay_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_essay_response_administration_id"), ["administration_id"], unique=False)

    op.create_table(
        "form_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("slot_group", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["exam_form.id"], name=op.f("fk_form_entry_form_id")),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_version.id"], name=op.f("fk_form_entry_item_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_entry")),
        sa.UniqueConstraint(
            "form_id",
            "part",
            "slot_group",
            "item_version_id",
            name=op.f("uq_form_entry_form_id_part_slot_group_item_version_id"),
        ),
        sa.UniqueConstraint(
            "form_id", "part", "slot_group", "position", name=op.f("uq_form_entry_form_id_part_slot_group_position")
        ),
    )
    with op.batch_alter_table("form_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_entry_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_entry_item_version_id"), ["item_version_id"], unique=False)

    op.create_table(
        "item_term",
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_version.id"], name=op.f("fk_item_term_item_version_id")),
        sa.PrimaryKeyConstraint("item_version_id", "position", name=op.f("pk_item_term")),
    )
    with op.batch_alter_table("item_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_term_term"), ["term"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=30), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("admitted_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name=op.f("ck_registration_void_has_reason")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) OR (voided_at IS NULL)", name=op.f("ck_registration_not_withdrawn_and_void")
        ),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_registration_administration_id")
        ),
        sa.ForeignKeyConstraint(["admitted_by_id"], ["user.id"], name=op.f("fk_registration_admitted_by_id")),
        sa.ForeignKeyConstraint(["candidate_id"], ["user.id"], name=op.f("fk_registration_candidate_id")),
        sa.ForeignKeyConstraint(["file_id"], ["endorsement_file.id"], name=op.f("fk_registration_file_id")),
        sa.ForeignKeyConstraint(["policy_id"], ["rule_document.id"], name=op.f("fk_registration_policy_id")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["user.id"], name=op.f("fk_registration_registered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint(
            "administration_id", "candidate_id", name=op.f("uq_registration_administration_id_candidate_id")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_registration_code")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_administration_id"), ["administration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_candidate_id"), ["candidate_id"], unique=False)

    op.create_table(
        "review_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "submit",
                "send_back",
                "approve",
                "retire",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_review_action_actor_id")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_review_action_item_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_action")),
    )
    with op.batch_alter_table("review_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_action_item_version_id"), ["item_version_id"], unique=False)

    op.create_table(
        "scoring_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_sha256", sa.String(length=64), nullable=False),
        sa.Column("form_key_id", sa.Integer(), nullable=False),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_scoring_run_administration_id")
        ),
        sa.ForeignKeyConstraint(["computed_by_id"], ["user.id"], name=op.f("fk_scoring_run_computed_by_id")),
        sa.ForeignKeyConstraint(["form_key_id"], ["form_key.id"], name=op.f("fk_scoring_run_form_key_id")),
        sa.ForeignKeyConstraint(["form_sha256"], ["sealed_form.sha256"], name=op.f("fk_scoring_run_form_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_run")),
        sa.UniqueConstraint("administration_id", "number", name=op.f("uq_scoring_run_administration_id_number")),
    )
    with op.batch_alter_table("scoring_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_run_administration_id"), ["administration_id"], unique=False)

    op.create_table(
        "accommodation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("factor", sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_accommodation_revoked_by_someone")
        ),
        sa.ForeignKeyConstraint(["granted_by_id"], ["user.id"], name=op.f("fk_accommodation_granted_by_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_accommodation_registration_id")
        ),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["user.id"], name=op.f("fk_accommodation_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
    )
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accommodation_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("form_sha256", sa.String(length=64), nullable=False),
        sa.Column("honour_accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["form_sha256"], ["sealed_form.sha256"], name=op.f("fk_attempt_form_sha256")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_attempt_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_attempt_registration_id")),
    )
    op.create_table(
        "decision",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "pass",
                "fail",
                "void",
                "no_show",
                "pending",
                name="decisionoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_decision_registration_id")),
        sa.ForeignKeyConstraint(["run_id"], ["scoring_run.id"], name=op.f("fk_decision_run_id")),
        sa.PrimaryKeyConstraint("run_id", "registration_id", name=op.f("pk_decision")),
    )
    op.create_table(
        "essay_response_source",
        sa.Column("essay_response_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["essay_response_id"], ["essay_response.id"], name=op.f("fk_essay_response_source_essay_response_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_essay_response_source_registration_id")
        ),
        sa.PrimaryKeyConstraint("essay_response_id", name=op.f("pk_essay_response_source")),
        sa.UniqueConstraint("registration_id", "item", name=op.f("uq_essay_response_source_registration_id_item")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column(
            "category",
            sa.Enum(
                "environment",
                "candidate",
                "staff",
                "technical",
                name="incidentcategory",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_incident_administration_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_incident_by_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_incident_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_administration_id"), ["administration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "item_mark",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("response", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite"), nullable=False),
        sa.Column("maximum", sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite"), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_item_mark_registration_id")),
        sa.ForeignKeyConstraint(["run_id"], ["scoring_run.id"], name=op.f("fk_item_mark_run_id")),
        sa.PrimaryKeyConstraint("run_id", "registration_id", "item", name=op.f("pk_item_mark")),
    )
    op.create_table(
        "part_score",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("raw", sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite"), nullable=False),
        sa.Column("maximum", sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite"), nullable=False),
        sa.Column("percent", sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite"), nullable=False),
        sa.Column("cut_percent", sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite"), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("breakdown", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_part_score_registration_id")),
        sa.ForeignKeyConstraint(["run_id"], ["scoring_run.id"], name=op.f("fk_part_score_run_id")),
        sa.PrimaryKeyConstraint("run_id", "registration_id", "part", name=op.f("pk_part_score")),
    )
    op.create_table(
        "rating_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("essay_response_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reading BETWEEN 1 AND 3", name=op.f("ck_rating_task_reading_1_to_3")),
        sa.ForeignKeyConstraint(
            ["essay_response_id"], ["essay_response.id"], name=op.f("fk_rating_task_essay_response_id")
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["user.id"], name=op.f("fk_rating_task_rater_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_task")),
        sa.UniqueConstraint("code", name=op.f("uq_rating_task_code")),
        sa.UniqueConstraint("essay_response_id", "rater_id", name=op.f("uq_rating_task_essay_response_id_rater_id")),
        sa.UniqueConstraint("essay_response_id", "reading", name=op.f("uq_rating_task_essay_response_id_reading")),
    )
    with op.batch_alter_table("rating_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_task_essay_response_id"), ["essay_response_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_task_rater_id"), ["rater_id"], unique=False)

    op.create_table(
        "result_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_result_release_confirmed_by_someone")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_result_release_not_confirmed_and_withdrawn")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name=op.f("ck_result_release_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_result_release_administration_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_result_release_confirmed_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_result_release_proposed_by_id")),
        sa.ForeignKeyConstraint(["run_id"], ["scoring_run.id"], name=op.f("fk_result_release_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_release")),
    )
    with op.batch_alter_table("result_release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_release_administration_id"), ["administration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_release_run_id"), ["run_id"], unique=False)

    op.create_table(
        "written_examination_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "pass", "fail", "void", "no_show", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("parts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sat_on", sa.Date(), nullable=True),
        sa.Column("scoring_run_id", sa.Integer(), nullable=True),
        sa.Column("form_sha256", sa.String(length=64), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(outcome IN ('pass', 'fail')) = (scoring_run_id IS NOT NULL)",
            name=op.f("ck_written_examination_record_scored_has_run"),
        ),
        sa.CheckConstraint("released_by_id <> confirmed_by_id", name=op.f("ck_written_examination_record_two_people")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user.id"], name=op.f("fk_written_examination_record_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["endorsement_file.id"], name=op.f("fk_written_examination_record_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["form_sha256"], ["sealed_form.sha256"], name=op.f("fk_written_examination_record_form_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["rule_document.id"], name=op.f("fk_written_examination_record_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_written_examination_record_registration_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["user.id"], name=op.f("fk_written_examination_record_released_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["written_examination_record.id"], name=op.f("fk_written_examination_record_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["scoring_run_id"], ["scoring_run.id"], name=op.f("fk_written_examination_record_scoring_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_examination_record")),
        sa.UniqueConstraint("number", name=op.f("uq_written_examination_record_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_written_examination_record_replaces_id")),
    )
    with op.batch_alter_table("written_examination_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_written_examination_record_file_id"), ["file_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_written_examination_record_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "attempt_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepts_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closed_by",
            sa.Enum(
                "candidate", "deadline", "staff", name="closedby", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column("lease_holder", sa.String(length=40), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_attempt_part_closed_by_someone")),
        sa.CheckConstraint("accepts_until >= deadline_at", name=op.f("ck_attempt_part_grace_not_negative")),
        sa.CheckConstraint("deadline_at > started_at", name=op.f("ck_attempt_part_deadline_after_start")),
        sa.CheckConstraint("last_seq >= 0", name=op.f("ck_attempt_part_seq_not_negative")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_part_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_part")),
        sa.UniqueConstraint("attempt_id", "part", name=op.f("uq_attempt_part_attempt_id_part")),
    )
    with op.batch_alter_table("attempt_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_part_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_part_deadline_at"), ["deadline_at"], unique=False)

    op.create_table(
        "late_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("answer", "flag", "choose", name="eventkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("client_ms", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["attempt_part.id"], name=op.f("fk_late_event_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_event")),
        sa.UniqueConstraint("part_id", "seq", "lease_epoch", name=op.f("uq_late_event_part_id_seq_lease_epoch")),
    )
    with op.batch_alter_table("late_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_event_part_id"), ["part_id"], unique=False)

    op.create_table(
        "response_event",
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("answer", "flag", "choose", name="eventkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("client_ms", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["attempt_part.id"], name=op.f("fk_response_event_part_id")),
        sa.PrimaryKeyConstraint("part_id", "seq", name=op.f("pk_response_event")),
    )
    op.create_table(
        "time_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "allowance",
                "accommodation",
                "given_back",
                name="timekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_time_adjustment_by_id")),
        sa.ForeignKeyConstraint(["part_id"], ["attempt_part.id"], name=op.f("fk_time_adjustment_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_adjustment")),
    )
    with op.batch_alter_table("time_adjustment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_adjustment_part_id"), ["part_id"], unique=False)
    connection = op.get_bind()
    triggers.append_only(
        connection,
        "audit_event",
        "component_record",
        "decision",
        "essay_response",
        "essay_response_source",
        "form_key",
        "incident",
        "item_mark",
        "late_event",
        "part_score",
        "response_event",
        "review_action",
        "rule_document",
        "scoring_run",
        "sealed_form",
        "time_adjustment",
        "written_examination_record",
    )
    triggers.write_once(connection, "attempt_part", "started_at", "closed_at")
    triggers.frozen(
        connection,
        "item_version",
        when="submitted_at",
        columns=(
            "content",
            "area",
            "levels",
            "tracks",
            "responsibility_codes",
            "rationale",
            "reference",
            "title",
            "editor_id",
            "competency",
            "cognitive_level",
        ),
    )
    triggers.frozen(connection, "rating_task", when="locked_at", columns=("levels", "comment", "rater_id", "reading"))
    triggers.write_once(connection, "registration", "started_at")
    triggers.write_once(connection, "result_release", "proposed_at", "confirmed_at")
