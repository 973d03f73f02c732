"""Runs the migrations: on the connection that set-up or a test hands over, else on DATABASE_URL."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from examapp import tables
from examapp.config import load_config
from examapp.db import make_engine
from examapp.schema import migrating
from migrations import full_text
from question_bank.base import Mark, UTCDateTime


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they are in SQL, so that an old migration needs none of today's code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Mark):
        return 'sa.Numeric(10, 4).with_variant(sa.String(16), "sqlite")'
    if kind == "type" and isinstance(item, sa.JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def belongs_to_models(name: str | None, kind: str, _parents: Any) -> bool:
    """Leaves out what the search of items keeps: SQLite surrounds its table with others of that name."""
    words = (kind == "table" and (name or "").startswith(full_text.TABLE)) or name == full_text.INDEX
    return not words and not (kind == "column" and name == full_text.COLUMN)


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=tables.metadata,
        compare_type=True,
        render_as_batch=True,  # SQLite changes a table by building it anew
        render_item=render_item,
        include_name=belongs_to_models,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over: sa.Connection | None = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    with migrating(make_engine(load_config().database_url)) as own:
        run(own)
